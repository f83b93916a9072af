// SPDX-License-Identifier: MIT
// The panels of a peer that is none of TCP's: inspector, calls, options, faults, ways to end.
#include "windows.h"

#include <QCheckBox>
#include <QDockWidget>
#include <QMenu>
#include <QProgressBar>
#include <QTableView>

#include "session/kernelwords.h"
#include "session/optionmodel.h"
#include "ui/factlist.h"
#include "ui/faultspanel.h"
#include "ui/optionpanel.h"
#include "ui/plot.h"

using namespace tincan;
using namespace tincan::test;

class OtherSocketsTest : public QObject
{
    Q_OBJECT

private:
    static Transport transport()
    {
        QFETCH_GLOBAL(int, transport);
        return static_cast<Transport>(transport);
    }
    // Both windows, and one who talks to the other by it.
    struct Pair {
        QTemporaryDir folder{QStringLiteral("/tmp/tincan-XXXXXX")};
        Server server;
        Client client;

        static void choose(const QWidget &window)
        {
            auto *box = part<QComboBox>(window, "transport");
            box->setCurrentIndex(static_cast<int>(transport()));
        }
        bool open()
        {
            choose(*server.window);
            choose(*client.window);
            if (isUnix(transport())) {
                const QString path = folder.filePath(QStringLiteral("s"));
                part<QComboBox>(*server.window, "address")->setEditText(path);
                part<QComboBox>(*client.window, "host")->setEditText(path);
            }
            if (!server.start()) {
                return false;
            }
            if (isUnix(transport())) {
                click(*client.window, "connectButton");
            } else {
                client.connectTo(server.port());
            }
            if (!QTest::qWaitFor([this] { return client.session.peers()->openCount() == 1; })) {
                return false;
            }
            type(*client.window, QStringLiteral("hello"));
            if (!QTest::qWaitFor([this] { return server.session.peers()->openCount() == 1; })) {
                return false;
            }
            pick(*server.window, nth(server.session, 1));
            return QTest::qWaitFor([this] { return received(*server.window) == "hello\n"; });
        }
    };
    static QString number(const SessionWindow &window, const char *label)
    {
        return part<FactList>(window, "inspectorNumbers")->value(QString::fromUtf8(label));
    }
    static QStringList calls(const QWidget &window)
    {
        QStringList lines;
        const QAbstractItemModel *model = part<QAbstractItemView>(window, "socketCalls")->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            lines << model->index(row, 0).data().toString();
        }
        return lines;
    }
    static bool isOffered(const QWidget &window, const QString &beginning)
    {
        for (const QAction *action : part<QMenu>(window, "waysToEnd")->actions()) {
            if (action->text().remove(u'&').startsWith(beginning)) {
                return action->isEnabled();
            }
        }
        return false;
    }

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("transport");
        QTest::newRow("UDP") << static_cast<int>(Transport::Udp);
        QTest::newRow("Unix stream") << static_cast<int>(Transport::UnixStream);
        QTest::newRow("Unix datagram") << static_cast<int>(Transport::UnixDatagram);
        QTest::newRow("Unix seqpacket") << static_cast<int>(Transport::UnixSeqpacket);
    }

    void bothWays()
    {
        Pair pair;
        QVERIFY(pair.open());
        type(*pair.server.window, QStringLiteral("and you"));
        QTRY_COMPARE(received(*pair.client.window), QByteArray("and you\n"));
        QVERIFY(pair.server.answer(QStringLiteral("Echo")));
        type(*pair.client.window, QStringLiteral("again"));
        QTRY_COMPARE(received(*pair.client.window), QByteArray("and you\nagain\n"));
    }

    void theInspectorSaysWhatThereIs()
    {
        Pair pair;
        QVERIFY(pair.open());
        SessionWindow &window = *pair.server.window;
        QVERIFY(activate(window));
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(part<QDockWidget>(window, "inspectorDock")->isVisible());
        QCOMPARE(part<QLabel>(window, "inspectorState")->text(), noStatesText(transport()));
        QVERIFY(!part<QWidget>(window, "stateDiagram")->isVisible());
        QTRY_VERIFY(number(window, "Program").contains(QString::number(QCoreApplication::applicationPid())));
        QTRY_COMPARE(number(window, "Unread"), QStringLiteral("0 B"));
        QVERIFY(!part<QLabel>(window, "inspectorError")->isVisible());
        QTRY_VERIFY(!part<Plot>(window, "throughput")->reading().contains(u'–'));
        // What nobody reads stands in the queue.
        if (!isDatagram(transport())) {
            window.actions().stopReading->trigger();
            QTRY_VERIFY(pair.server.session.peers()->peer(1).readingStopped);
            type(*pair.client.window, QStringLiteral("unread"));
            QTRY_VERIFY(number(window, "Unread") != QStringLiteral("0 B"));
            window.actions().stopReading->trigger();
            QTRY_COMPARE(number(window, "Unread"), QStringLiteral("0 B"));
            QTRY_COMPARE(received(window), QByteArray("hello\nunread\n"));
        }
        // The listener's box.
        pick(window, kNoPeer);
        if (isDatagram(transport())) {
            QTRY_VERIFY(part<QProgressBar>(window, "acceptQueue")->isVisible()
                        || part<QWidget>(window, "listenerDrops")->isVisible());
        } else {
            QTRY_VERIFY2(part<QProgressBar>(window, "acceptQueue")->text().startsWith(QStringLiteral("0 waiting, backlog ")),
                         qPrintable(part<QProgressBar>(window, "acceptQueue")->text()));
        }
    }

    void theCallsAreThere()
    {
        Pair pair;
        QVERIFY(pair.open());
        const QWidget &window = *pair.server.window;
        const QString all = calls(window).join(u'\n');
        QVERIFY2(all.contains(isUnix(transport()) ? QStringLiteral("socket(AF_UNIX, ") : QStringLiteral("socket(AF_INET, ")),
                 qPrintable(all));
        QVERIFY(all.contains(QStringLiteral("bind(")));
        QCOMPARE(all.contains(QStringLiteral("listen(")), !isDatagram(transport()));
        QCOMPARE(all.contains(QStringLiteral("accept4(")), !isDatagram(transport()));
        if (isUnix(transport())) {
            QVERIFY(all.contains(QStringLiteral("sun_path=\"%1").arg(pair.folder.path())));
        }
    }

    void theOptionsAreThere()
    {
        Pair pair;
        QVERIFY(pair.open());
        const QWidget &window = *pair.client.window;
        pick(*pair.client.window, nth(pair.client.session, 1));
        click(window, "socketOptions");
        QTRY_VERIFY(window.findChild<OptionPanel *>(QStringLiteral("optionPanel")));
        const auto *panel = window.findChild<OptionPanel *>(QStringLiteral("optionPanel"));
        const auto *model = qobject_cast<OptionModel *>(part<QTableView>(*panel, "optionTable")->model());
        const auto kernelHas = [model](const QString &name) {
            for (int row = 0; row < model->rowCount(); ++row) {
                for (int column = 0; column < model->columnCount(); ++column) {
                    if (model->index(row, column).data().toString() == name) {
                        return true;
                    }
                }
            }
            return false;
        };
        QTRY_VERIFY(!model->isNext()); // what the kernel has was read
        QVERIFY(kernelHas(QStringLiteral("SO_RCVBUF")));
        QVERIFY(!kernelHas(QStringLiteral("TCP_NODELAY")));
        QCOMPARE(kernelHas(QStringLiteral("SO_BROADCAST")), transport() == Transport::Udp);
    }

    // Of datagrams there is nothing to finish, but they may be dropped; of streams the other way round.
    void whatMakesSenseIsOffered()
    {
        Pair pair;
        QVERIFY(pair.open());
        SessionWindow &window = *pair.server.window;
        QVERIFY(activate(window));
        QTRY_VERIFY(window.actions().disconnect->isEnabled());
        QCOMPARE(window.actions().finishSending->isEnabled(), !isDatagram(transport()));
        QCOMPARE(isOffered(window, QStringLiteral("Stop receiving")), !isDatagram(transport()));
        QCOMPARE(isOffered(window, QStringLiteral("Stop reading")), !isDatagram(transport()));
        QTest::keyClick(&window, Qt::Key_U, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(window.findChild<FaultsPanel *>(QStringLiteral("faultsPanel")));
        const auto *panel = window.findChild<FaultsPanel *>(QStringLiteral("faultsPanel"));
        QTRY_COMPARE(part<QWidget>(*panel, "faultDrop")->isEnabled(), isDatagram(transport()));
        window.actions().disconnect->trigger();
        QTRY_COMPARE(stateOf(pair.server.session, 1), PeerState::Closed);
    }
};

QTEST_MAIN(OtherSocketsTest)
#include "othersockets.moc"

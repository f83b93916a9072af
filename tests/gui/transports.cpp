// SPDX-License-Identifier: MIT
// What the fields of both windows are for each kind of socket, and what becomes of what is typed there.
#include "windows.h"

#include <QCheckBox>
#include <QFileInfo>

#include "session/listenermodel.h"
#include "ui/elidedlabel.h"
#include "ui/peerdelegate.h"

using namespace tincan;
using namespace tincan::test;

class TransportsTest : public QObject
{
    Q_OBJECT

private:
    static void choose(const QWidget &window, const QString &transport)
    {
        part<QComboBox>(window, "transport")->setCurrentText(transport);
    }
    static bool isShown(const QWidget &window, const char *name) { return part<QWidget>(window, name)->isVisible(); }

private slots:
    void theServersFieldsFollow()
    {
        Server server;
        QWidget &window = *server.window;
        click(window, "moreListenOptions");
        QVERIFY(isShown(window, "port") && isShown(window, "loops") && !isShown(window, "pathMode")
                && !isShown(window, "groups"));
        QVERIFY(part<QWidget>(window, "serve")->isEnabled());
        choose(window, QStringLiteral("UDP"));
        QVERIFY(isShown(window, "port") && !isShown(window, "loops") && isShown(window, "groups"));
        QVERIFY(!part<QWidget>(window, "serve")->isEnabled());
        QVERIFY(part<QWidget>(window, "serve")->toolTip().contains(QStringLiteral("no connections")));
        choose(window, QStringLiteral("Unix stream"));
        QVERIFY(!isShown(window, "port") && isShown(window, "pathMode") && !isShown(window, "groups"));
        QVERIFY(part<QWidget>(window, "serve")->isEnabled());
        auto *address = part<QComboBox>(window, "address");
        QCOMPARE(address->currentText(), QString());
        QVERIFY(address->lineEdit()->placeholderText().contains(QStringLiteral("@name")));
        address->setEditText(QStringLiteral("/x/y.sock"));
        choose(window, QStringLiteral("Unix datagram"));
        QCOMPARE(address->currentText(), QStringLiteral("/x/y.sock"));
        QVERIFY(!part<QWidget>(window, "serve")->isEnabled());
        choose(window, QStringLiteral("TCP")); // what stood there comes back
        QCOMPARE(address->currentText(), QStringLiteral("127.0.0.1 — this computer only"));
        choose(window, QStringLiteral("Unix seqpacket"));
        QCOMPARE(address->currentText(), QStringLiteral("/x/y.sock"));
    }

    void nothingTypedIsSaid()
    {
        Server server;
        choose(*server.window, QStringLiteral("Unix stream"));
        click(*server.window, "startStop");
        QVERIFY2(noticed(*server.window).contains(QStringLiteral("path is missing")), qPrintable(noticed(*server.window)));
        QCOMPARE(server.session.state(), ServerSession::State::Stopped);
        Client client;
        choose(*client.window, QStringLiteral("Unix stream"));
        click(*client.window, "connectButton");
        QVERIFY2(noticed(*client.window).contains(QStringLiteral("path is missing")), qPrintable(noticed(*client.window)));
    }

    void howToServeIsPassedOn()
    {
        Server server;
        part<QComboBox>(*server.window, "serve")->setCurrentText(QStringLiteral("One at a time"));
        QVERIFY(server.start());
        QCOMPARE(server.session.listeners()->view(0).asked.serving, Serving::OneAtATime);
        QVERIFY(!part<QWidget>(*server.window, "serve")->isEnabled()); // while it listens
        Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        client.connectTo(server.port());
        QTRY_COMPARE(client.session.peers()->openCount(), 2); // by the kernel
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        client.session.disconnectPeers({1});
        QTRY_COMPARE(stateOf(server.session, 1), PeerState::CloseWait);
        server.session.disconnectPeers({nth(server.session, 1)});
        QTRY_COMPARE(stateOf(server.session, 2), PeerState::Established);
    }

    // In a small window, and beside the inspector, no choice is cut in the middle of its words.
    void choicesAreWholeWhereThereIsLittleRoom()
    {
        Server server;
        QWidget &window = *server.window;
        const auto *serve = part<QComboBox>(window, "serve");
        const auto *peers = part<QListView>(window, "peers");
        const int height = part<QWidget>(window, "startStop")->height();
        window.resize(1400, 700);
        QTRY_COMPARE(window.width(), 1400);
        const auto topOf = [&](const char *name) { return part<QWidget>(window, name)->mapTo(&window, QPoint()).y(); };
        QTRY_VERIFY(topOf("serve") < topOf("startStop") + height); // one row
        window.resize(800, 560);
        QTRY_COMPARE(window.size(), QSize(800, 560));
        QTRY_VERIFY(topOf("serve") >= topOf("startStop") + height); // below
        for (int index = 0; index < serve->count(); ++index) {
            QVERIFY2(serve->fontMetrics().horizontalAdvance(serve->itemText(index)) < serve->width(),
                     qPrintable(serve->itemText(index)));
        }
        server.window->actions().showInspector->trigger();
        QTRY_VERIFY(part<QWidget>(window, "inspectorDock")->isVisible());
        QTRY_VERIFY(topOf("serve") >= topOf("startStop") + height);
        QVERIFY(serve->width() >= serve->sizeHint().width());
        QVERIFY(peers->viewport()->width() >= PeerDelegate::leastWidth(peers->font())); // addresses are whole
        QCOMPARE(window.width(), 800);
    }

    void aClientsBarFitsBesideTheInspector()
    {
        Client client;
        QWidget &window = *client.window;
        window.resize(800, 560);
        QTRY_COMPARE(window.width(), 800);
        click(window, "from");
        part<QComboBox>(window, "transport")->setCurrentText(QStringLiteral("Unix datagram")); // shows one control more
        client.window->actions().showInspector->trigger();
        QTRY_VERIFY(part<QWidget>(window, "inspectorDock")->isVisible());
        QTRY_VERIFY(part<QWidget>(window, "connectButton")->width()
                    >= part<QWidget>(window, "connectButton")->sizeHint().width());
        QCOMPARE(window.width(), 800);
        for (const char *name : {"showAs", "encoding", "lens"}) { // what is chosen is whole
            const auto *choice = part<QComboBox>(window, name);
            QTRY_VERIFY2(choice->width() >= choice->minimumSizeHint().width(), name);
        }
    }

    void theClientsFieldsFollow()
    {
        Client client;
        QWidget &window = *client.window;
        QVERIFY(isShown(window, "port") && !isShown(window, "connected") && !isShown(window, "localAddress"));
        click(window, "from");
        QVERIFY(isShown(window, "localAddress") && isShown(window, "localPort"));
        choose(window, QStringLiteral("UDP"));
        QVERIFY(isShown(window, "port") && isShown(window, "connected") && isShown(window, "localPort"));
        choose(window, QStringLiteral("Unix datagram"));
        QVERIFY(!isShown(window, "port") && isShown(window, "connected") && !isShown(window, "localPort"));
        choose(window, QStringLiteral("Unix stream"));
        QVERIFY(!isShown(window, "connected"));
        choose(window, QStringLiteral("TCP"));
        QCOMPARE(part<QComboBox>(window, "host")->currentText(), QStringLiteral("127.0.0.1"));
        click(window, "from");
        QVERIFY(!isShown(window, "localAddress"));
    }

    void fromWhereItConnects()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        click(*client.window, "from");
        part<QComboBox>(*client.window, "localAddress")->setEditText(QStringLiteral("127.0.0.9"));
        const PeerId peer = client.connectAndWait(server.port());
        QVERIFY(peer != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        QCOMPARE(server.session.peers()->peer(1).remote.addressText(), std::string("127.0.0.9"));
        // What the kernel chose as port is said.
        const Peer &made = *client.session.peers()->find(peer);
        QVERIFY(made.local.port() != 0);
        const QString title = part<ElidedLabel>(*client.window, "conversationTitle")->text();
        QVERIFY2(title.contains(QString::fromStdString(made.local.toString())), qPrintable(title));
        // This computer's own addresses are offered.
        auto *addresses = part<QComboBox>(*client.window, "localAddress");
        addresses->showPopup();
        const int offered = addresses->findText(QStringLiteral("127.0.0.1"), Qt::MatchStartsWith);
        QVERIFY(offered >= 0);
        addresses->view()->setCurrentIndex(addresses->model()->index(offered, 0));
        QTest::keyClick(addresses->view(), Qt::Key_Return);
        const PeerId second = client.connectAndWait(server.port());
        QVERIFY(second != kNoPeer);
        QCOMPARE(client.session.peers()->find(second)->local.addressText(), std::string("127.0.0.1"));
        // An address that is none, and one of somebody else.
        part<QComboBox>(*client.window, "localAddress")->setEditText(QStringLiteral("nowhere"));
        click(*client.window, "connectButton");
        QVERIFY2(noticed(*client.window).contains(QStringLiteral("nowhere")), qPrintable(noticed(*client.window)));
        part<QComboBox>(*client.window, "localAddress")->setEditText(QStringLiteral("192.0.2.1"));
        click(*client.window, "connectButton");
        QTRY_VERIFY2(noticed(*client.window).contains(QStringLiteral("EADDRNOTAVAIL")), qPrintable(noticed(*client.window)));
        // Hidden, the button says it.
        click(*client.window, "from");
        QVERIFY(part<QAbstractButton>(*client.window, "from")->text().contains(QStringLiteral("192.0.2.1")));
    }

    void datagramsBothWays()
    {
        Server server;
        choose(*server.window, QStringLiteral("UDP"));
        QVERIFY(server.start());
        Client client;
        choose(*client.window, QStringLiteral("UDP"));
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        type(*client.window, QStringLiteral("one"));
        QTRY_COMPARE(received(*server.window), QByteArray("one\n"));
        QVERIFY2(spoken(*server.window, 1).contains(QStringLiteral("datagrams")), qPrintable(spoken(*server.window, 1)));
        pick(*server.window, nth(server.session, 1));
        QVERIFY(!server.window->actions().finishSending->isEnabled());
        type(*server.window, QStringLiteral("two"));
        QTRY_COMPARE(received(*client.window), QByteArray("two\n"));
    }

    void unixSocketsBothWays_data()
    {
        QTest::addColumn<QString>("transport");
        QTest::newRow("stream") << QStringLiteral("Unix stream");
        QTest::newRow("seqpacket") << QStringLiteral("Unix seqpacket");
    }
    void unixSocketsBothWays()
    {
        QFETCH(QString, transport);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s.sock"));
        Server server;
        choose(*server.window, transport);
        part<QComboBox>(*server.window, "address")->setEditText(path);
        part<QComboBox>(*server.window, "pathMode")->setCurrentIndex(1);
        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther), QFile::Permissions());
        Client client;
        choose(*client.window, transport);
        part<QComboBox>(*client.window, "host")->setEditText(path);
        click(*client.window, "connectButton");
        QTRY_COMPARE(client.session.peers()->openCount(), 1);
        type(*client.window, QStringLiteral("one"));
        QTRY_COMPARE(received(*server.window), QByteArray("one\n"));
        QVERIFY2(spoken(*server.window, 1).contains(QString::number(QCoreApplication::applicationPid())),
                 qPrintable(spoken(*server.window, 1)));
        client.window->close();
        QCOMPARE(client.settings.paths(), QStringList{path});
        QCOMPARE(client.settings.transport(),
                 transport == QLatin1String("Unix stream") ? Transport::UnixStream : Transport::UnixSeqpacket);
    }

    void isRestored()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        const auto run = [&](auto &&what) {
            ServerSession session;
            QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
            ServerWindow window(session, settings);
            window.show();
            what(window);
            window.close();
        };
        run([](ServerWindow &window) {
            choose(window, QStringLiteral("Unix stream"));
            part<QComboBox>(window, "address")->setEditText(QStringLiteral("@restored"));
            part<QComboBox>(window, "serve")->setCurrentText(QStringLiteral("Thread per peer"));
            part<QComboBox>(window, "pathMode")->setCurrentIndex(2);
        });
        run([](ServerWindow &window) {
            QCOMPARE(part<QComboBox>(window, "transport")->currentText(), QStringLiteral("Unix stream"));
            QCOMPARE(part<QComboBox>(window, "address")->currentText(), QStringLiteral("@restored"));
            QCOMPARE(part<QComboBox>(window, "serve")->currentText(), QStringLiteral("Thread per peer"));
            QCOMPARE(part<QComboBox>(window, "pathMode")->currentData().toInt(), 0660);
            choose(window, QStringLiteral("TCP"));
            QCOMPARE(part<QSpinBox>(window, "port")->value(), 6666);
        });
    }
};

QTEST_MAIN(TransportsTest)
#include "transports.moc"

// SPDX-License-Identifier: MIT
// Peers are given names by keys: what shows them, that they are kept, and that other programs are told.
#include "windows.h"

#include <QAction>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>

#include "session/savejob.h"
#include "ui/elidedlabel.h"
#include "ui/rowtext.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"

using namespace tincan;
using namespace tincan::test;

namespace {

QLineEdit *editor(const QWidget &window)
{
    return window.findChild<QLineEdit *>(QStringLiteral("peerName"));
}

// F2, the name, Enter.
void giveName(SessionWindow &window, const QString &name)
{
    QTest::keyClick(&window, Qt::Key_F2);
    QTRY_VERIFY(editor(window) && editor(window)->hasFocus());
    editor(window)->selectAll();
    QTest::keyClick(editor(window), Qt::Key_Delete);
    const bool isAscii = std::all_of(name.begin(), name.end(), [](QChar letter) { return letter.unicode() < 0x80; });
    isAscii ? QTest::keyClicks(editor(window), name) : editor(window)->insert(name); // which keys would type it depends
    QTest::keyClick(editor(window), Qt::Key_Return);
    QTRY_VERIFY(!editor(window));
}

QString nameOf(const Session &session, PeerId peer)
{
    return session.peers()->find(peer)->name;
}

QString title(const SessionWindow &window)
{
    return part<ElidedLabel>(window, "conversationTitle")->text();
}

// A server that two clients are connected to, recorded in a file.
struct Talk {
    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("server.ini"))};
    ServerSession session;
    std::unique_ptr<ServerWindow> window;
    Client client;
    QString path = folder.filePath(QStringLiteral("talk.pcapng"));

    bool begin()
    {
        if (!session.begin({RecordingPlace::Kind::File, path}, QStringLiteral("tincan-test"))) {
            return false;
        }
        waitForNobody(settings);
        window = std::make_unique<ServerWindow>(session, settings, ServerWindowOptions());
        window->show();
        part<QSpinBox>(*window, "port")->setValue(0);
        click(*window, "startStop");
        if (!QTest::qWaitFor([this] { return session.state() == ServerSession::State::Listening; })) {
            return false;
        }
        const quint16 port = session.listeningOn().port();
        return client.connectAndWait(port) != kNoPeer && client.connectAndWait(port) != kNoPeer
            && QTest::qWaitFor([this] { return session.peers()->openCount() == 2; }) && activate(*window);
    }
    void end() const
    {
        if (window) {
            window->close();
        }
    }
    ~Talk() { end(); }
};

} // namespace

class NamingTest : public QObject
{
    Q_OBJECT

private slots:
    void aNameIsShownEverywhere()
    {
        Talk t;
        QVERIFY(t.begin());
        const PeerId peer = nth(t.session, 1);
        const QString address = PeerModel::addressText(*t.session.peers()->find(peer));
        const QString both = QStringLiteral("Door sensor  ") + address;
        pick(*t.window, peer);
        giveName(*t.window, QStringLiteral("Door sensor"));
        QTRY_COMPARE(nameOf(t.session, peer), QStringLiteral("Door sensor"));
        QTRY_VERIFY2(spoken(*t.window, 1).startsWith(both + QStringLiteral(", ESTABLISHED")), qPrintable(spoken(*t.window, 1)));
        QTRY_VERIFY2(title(*t.window).startsWith(both), qPrintable(title(*t.window)));
        QVERIFY(spokenRows(*t.window).last().endsWith(QStringLiteral("named “Door sensor”")));
        QVERIFY(part<QWidget>(*t.window, "peers")->hasFocus() || part<QWidget>(*t.window, "message")->hasFocus());

        pick(*t.client.window, nth(t.client.session, 1));
        QVERIFY(activate(*t.client.window));
        type(*t.client.window, QStringLiteral("open"));
        QVERIFY(activate(*t.window));
        QTest::keyClick(t.window.get(), Qt::Key_Home, Qt::AltModifier); // all peers
        QTRY_VERIFY(received(*t.window) == "open\n");
        QTRY_VERIFY2(spokenRows(*t.window).last().contains(QStringLiteral(" from %1: open").arg(both)),
                     qPrintable(spokenRows(*t.window).join(u'\n')));
        QVERIFY(whoText(*t.window->pane()->model(), t.window->pane()->model()->count() - 1).contains(both));

        QTest::keyClicks(part<QLineEdit>(*t.window, "peerFilter"), QStringLiteral("door s"));
        QCOMPARE(t.window->peerList()->view()->model()->rowCount(), 1 + 1);
        QCOMPARE(spoken(*t.window, 1).section(u',', 0, 0), both);
    }

    void escLeavesItAndNothingRemovesIt()
    {
        Talk t;
        QVERIFY(t.begin());
        const PeerId peer = nth(t.session, 2);
        pick(*t.window, peer);
        giveName(*t.window, QStringLiteral("x"));
        QTRY_COMPARE(nameOf(t.session, peer), QStringLiteral("x"));
        QTest::keyClick(t.window.get(), Qt::Key_F2);
        QTRY_VERIFY(editor(*t.window));
        QCOMPARE(editor(*t.window)->accessibleName(), QStringLiteral("Peer name"));
        QCOMPARE(editor(*t.window)->text(), QStringLiteral("x"));
        QTest::keyClicks(editor(*t.window), QStringLiteral("never"));
        // What comes meanwhile changes the row, not what is being typed.
        t.client.session.send({nth(t.client.session, 2)}, "news");
        QTRY_COMPARE(t.session.peers()->find(peer)->messagesIn, 1U);
        QSignalSpy told(t.session.peers(), &QAbstractItemModel::dataChanged);
        QTRY_VERIFY(!told.isEmpty());
        QCOMPARE(editor(*t.window)->text(), QStringLiteral("never"));
        QTest::keyClick(editor(*t.window), Qt::Key_Escape);
        QTRY_VERIFY(!editor(*t.window));
        QCOMPARE(nameOf(t.session, peer), QStringLiteral("x"));
        giveName(*t.window, {});
        QTRY_COMPARE(nameOf(t.session, peer), QString());
        QTRY_VERIFY(spoken(*t.window, 2).startsWith(PeerModel::addressText(*t.session.peers()->find(peer))));
    }

    void allOfThemHaveNone()
    {
        Talk t;
        QVERIFY(t.begin());
        pick(*t.window, kNoPeer);
        QTest::keyClick(t.window.get(), Qt::Key_F2);
        QVERIFY(!editor(*t.window));
    }

    void theClientLikewise()
    {
        Talk t;
        QVERIFY(t.begin());
        QVERIFY(activate(*t.client.window));
        const PeerId peer = nth(t.client.session, 1);
        pick(*t.client.window, peer);
        giveName(*t.client.window, QStringLiteral("Büro 🐈"));
        QTRY_COMPARE(nameOf(t.client.session, peer), QStringLiteral("Büro 🐈"));
        QTRY_VERIFY(title(*t.client.window).startsWith(QStringLiteral("Büro 🐈  127.0.0.1:")));
    }

    void aReopenedSessionHasThem()
    {
        Talk t;
        QVERIFY(t.begin());
        for (int n : {1, 2}) {
            pick(*t.window, nth(t.session, n));
            giveName(*t.window, QStringLiteral("old %1").arg(n));
            QTRY_COMPARE(nameOf(t.session, nth(t.session, n)), QStringLiteral("old %1").arg(n));
        }
        t.client.session.resetPeers({nth(t.client.session, 1), nth(t.client.session, 2)});
        QTRY_COMPARE(t.session.peers()->openCount(), 0);
        giveName(*t.window, QStringLiteral("new")); // it is over, and can be named still
        QTRY_COMPARE(nameOf(t.session, nth(t.session, 2)), QStringLiteral("new"));
        t.end();

        Settings settings(t.folder.filePath(QStringLiteral("opened.ini")));
        SavedSessions sessions(settings);
        SavedSessionWindow &window = *sessions.open(t.path);
        QTRY_COMPARE(window.session().state(), OpenedSession::State::Done);
        QCOMPARE(nameOf(window.session(), nth(window.session(), 1)), QStringLiteral("old 1"));
        QCOMPARE(nameOf(window.session(), nth(window.session(), 2)), QStringLiteral("new"));
        QVERIFY(activate(window));
        pick(window, nth(window.session(), 2));
        QVERIFY(title(window).startsWith(QStringLiteral("new  127.0.0.1:")));
        QVERIFY(spokenRows(window).last().endsWith(QStringLiteral("named “new”")));
        QTest::keyClick(&window, Qt::Key_F2); // it is only looked at
        QVERIFY(!editor(window));
    }

    // tshark shows the names that a saved file gives to the address.
    void aSavedFileTellsOthers()
    {
        QVERIFY2(!QStandardPaths::findExecutable(QStringLiteral("tshark")).isEmpty(), "script/bootstrap --test installs tshark");
        Talk t;
        QVERIFY(t.begin());
        for (int n : {1, 2}) {
            pick(*t.window, nth(t.session, n));
            giveName(*t.window, QStringLiteral("sensor-%1").arg(n));
            QTRY_COMPARE(nameOf(t.session, nth(t.session, n)), QStringLiteral("sensor-%1").arg(n));
        }
        SaveJob job(t.session, kNoPeer);
        job.request().format = SaveFormat::Pcapng;
        job.request().path = t.folder.filePath(QStringLiteral("saved.pcapng"));
        QSignalSpy ended(&job, &SaveJob::ended);
        job.start();
        QTRY_COMPARE(ended.count(), 1);
        QProcess tshark;
        tshark.start(
            QStringLiteral("tshark"),
            {QStringLiteral("-r"), job.request().path, QStringLiteral("-q"), QStringLiteral("-z"), QStringLiteral("hosts")});
        QVERIFY(tshark.waitForFinished(60'000));
        const QByteArray hosts = tshark.readAllStandardOutput();
        QVERIFY2(hosts.contains("127.0.0.1\tsensor-"), hosts.constData());
        QFile file(job.request().path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const char *name : {"sensor-1", "sensor-2"}) { // a record: type 1, length 4 + 9, the address, the name
            QVERIFY(bytes.contains(QByteArray("\x01\x00\x0d\x00\x7f\x00\x00\x01", 8) + name));
        }
    }

    void picture()
    {
        const QString folder = qEnvironmentVariable("TINCAN_PICTURES");
        if (folder.isEmpty()) {
            QSKIP("TINCAN_PICTURES names no folder");
        }
        Talk t;
        QVERIFY(t.begin());
        pick(*t.window, nth(t.session, 1));
        giveName(*t.window, QStringLiteral("Door sensor"));
        QTRY_COMPARE(nameOf(t.session, nth(t.session, 1)), QStringLiteral("Door sensor"));
        pick(*t.window, nth(t.session, 2));
        giveName(*t.window, QStringLiteral("The machine on the other side of the hall"));
        QTRY_VERIFY(!nameOf(t.session, nth(t.session, 2)).isEmpty());
        pick(*t.window, nth(t.session, 1));
        QTest::keyClick(t.window.get(), Qt::Key_F2);
        QTRY_VERIFY(editor(*t.window));
        QVERIFY(t.window->grab().save(folder + QStringLiteral("/naming.png")));
    }
};

QTEST_MAIN(NamingTest)
#include "naming.moc"

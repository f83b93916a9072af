// SPDX-License-Identifier: MIT
// What goes wrong is said in the window, with what to do about it.
#include "windows.h"

#include <cerrno>

#include <QAbstractItemView>

#include "ui/endpointedit.h"

using namespace tincan;
using namespace tincan::test;

class FailuresTest : public QObject
{
    Q_OBJECT

    // Somebody had it a moment ago.
    static quint16 portThatNobodyHas()
    {
        Server server;
        return server.start() ? server.port() : 0;
    }
    static ServerWindowOptions startedAt(quint16 port)
    {
        ServerWindowOptions options;
        options.address = Endpoint::ipv4(0x7f000001, port);
        options.start = true;
        return options;
    }

private slots:
    void refusedConnection()
    {
        const quint16 port = portThatNobodyHas();
        QVERIFY(port != 0);
        Client client;
        client.connectTo(port);
        QTRY_VERIFY2(noticed(*client.window).contains(QStringLiteral("ECONNREFUSED")), qPrintable(noticed(*client.window)));
        QVERIFY(noticed(*client.window).contains(QStringLiteral("127.0.0.1:%1").arg(port)));
        QCOMPARE(stateOf(client.session, 1), PeerState::Failed);
        QVERIFY(!part<QWidget>(*client.window, "cancelConnect")->isVisible());
        // Somebody listens now: trying again is one click, and the notice goes.
        Server server(startedAt(port));
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        click(*client.window, "noticeAction");
        QTRY_COMPARE(client.session.peers()->openCount(), 1);
        QVERIFY(noticed(*client.window).isEmpty());
    }

    void tryingAgainDialsWhatFailed()
    {
        const quint16 port = portThatNobodyHas();
        QVERIFY(port != 0);
        Client client;
        client.connectTo(port);
        QTRY_VERIFY(noticed(*client.window).contains(QStringLiteral("ECONNREFUSED")));
        part<QComboBox>(*client.window, "host")->setEditText(QStringLiteral("300.1.2.3"));
        part<QSpinBox>(*client.window, "port")->setValue(1);
        Server server(startedAt(port));
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        click(*client.window, "noticeAction");
        QTRY_COMPARE(client.session.peers()->openCount(), 1);
        QCOMPARE(client.session.peers()->rowCount(), 2); // "All connections", and the attempt that failed has given way
        QCOMPARE(client.session.peers()->peer(1).remote.port(), port);
    }

    void onlyHostsThatAnsweredAreRemembered()
    {
        Server server;
        QVERIFY(server.start());
        Client client;
        auto *host = part<QComboBox>(*client.window, "host");
        host->setEditText(QStringLiteral("300.1.2.3"));
        client.connectTo(server.port());
        QTRY_COMPARE(stateOf(client.session, 1), PeerState::Failed);
        QCOMPARE(host->findText(QStringLiteral("300.1.2.3")), -1);
        QVERIFY(!client.settings.hosts().contains(QStringLiteral("300.1.2.3")));
        host->setEditText(QStringLiteral("127.0.0.1"));
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QCOMPARE(host->itemText(0), QStringLiteral("127.0.0.1"));
        QCOMPARE(client.settings.hosts().value(0), QStringLiteral("127.0.0.1"));
    }

    void aLongHostCanBeReadInTheList()
    {
        Client client;
        auto *host = part<QComboBox>(*client.window, "host");
        const QString name = QStringLiteral("a-rather-long-name.in-some-department.example.com");
        auto *endpoint = client.window->findChild<EndpointEdit *>();
        endpoint->setHosts({name});
        host->showPopup();
        QTRY_VERIFY(host->view()->isVisible());
        QVERIFY(host->view()->viewport()->width() >= host->fontMetrics().horizontalAdvance(name));
        host->hidePopup();
    }

    void aRecordingThatFailsAndGoesOnIsSaid()
    {
        Server server;
        emit server.session.recordingFailed(ENOSPC);
        QVERIFY2(noticed(*server.window).contains(QStringLiteral("ENOSPC")), qPrintable(noticed(*server.window)));
        Notice notice;
        notice.detail = NoteInfo{NoteCode::RecordingResumed, 7, ENOSPC, {}};
        emit server.session.noticeRaised(notice);
        emit server.session.recordingRecovered();
        const QString said = noticed(*server.window);
        QVERIFY2(said.contains(QStringLiteral("Recording goes on; 7 messages were not kept")), qPrintable(said));
        QVERIFY(!said.contains(QStringLiteral("not recorded")));
    }

    void thatTheRecorderIsBehindIsSaidWhileItIs()
    {
        Server server;
        Notice notice;
        notice.detail = NoteInfo{NoteCode::ReadingPaused, 0, 0, {}};
        emit server.session.noticeRaised(notice);
        const QString said = noticed(*server.window);
        QVERIFY2(said.contains(QStringLiteral("The recorder is behind")), qPrintable(said));
        QVERIFY(said.contains(QStringLiteral("Nothing is lost"))); // what it means for the person
        notice.detail = NoteInfo{NoteCode::ReadingResumed, 0, 0, {}};
        emit server.session.noticeRaised(notice);
        QVERIFY(noticed(*server.window).isEmpty());
        notice.detail = NoteInfo{NoteCode::ReadingPaused, 0, 0, {}};
        emit server.session.noticeRaised(notice);
        QCOMPARE(noticed(*server.window), said);
        notice.detail = NoteInfo{NoteCode::DescriptorsExhausted, 1, EMFILE, {}};
        emit server.session.noticeRaised(notice);
        QVERIFY2(noticed(*server.window).contains(QStringLiteral("\naccept4: EMFILE")), qPrintable(noticed(*server.window)));
    }

    void takenPort()
    {
        Server first;
        QVERIFY(first.start());
        ServerWindowOptions options;
        options.address = Endpoint::ipv4(0x7f000001, first.port());
        options.start = true;
        Server second(options);
        QTRY_VERIFY2(noticed(*second.window).contains(QStringLiteral("EADDRINUSE")), qPrintable(noticed(*second.window)));
        QCOMPARE(noticed(*second.window).count(u'\n') >= 1, true); // the remedy
        QCOMPARE(second.session.state(), ServerSession::State::Stopped);
        QCOMPARE(part<QAbstractButton>(*second.window, "startStop")->text(), QStringLiteral("Start"));
        click(*second.window, "noticeAction"); // a free port
        QTRY_COMPARE(second.session.state(), ServerSession::State::Listening);
        QVERIFY(second.port() != first.port());
        QVERIFY(noticed(*second.window).isEmpty());
    }

    void addressThatIsNone()
    {
        Server server;
        auto *address = part<QComboBox>(*server.window, "address");
        address->lineEdit()->selectAll();
        QTest::keyClicks(address, QStringLiteral("300.1.2.3"));
        QTest::keyClick(address, Qt::Key_Return);
        QVERIFY2(noticed(*server.window).contains(QStringLiteral("300.1.2.3")), qPrintable(noticed(*server.window)));
        QCOMPARE(server.session.state(), ServerSession::State::Stopped);
    }

    void addressOfSomebodyElse()
    {
        ServerWindowOptions options;
        options.address = Endpoint::ipv4(0xc0000201, 0); // 192.0.2.1, for documentation only
        options.start = true;
        Server server(options);
        QTRY_VERIFY2(noticed(*server.window).contains(QStringLiteral("EADDRNOTAVAIL")), qPrintable(noticed(*server.window)));
    }

    void hostThatIsNone()
    {
        Client client;
        part<QComboBox>(*client.window, "host")->setEditText({});
        click(*client.window, "connectButton");
        QVERIFY(!noticed(*client.window).isEmpty());
        QCOMPARE(client.session.connecting().size(), 0U);
    }

    void cancelWhileConnecting()
    {
        Client client;
        // Nobody answers there, or the network says so at once: both end.
        part<QComboBox>(*client.window, "host")->setEditText(QStringLiteral("192.0.2.1"));
        client.connectTo(9);
        auto *cancel = part<QWidget>(*client.window, "cancelConnect");
        if (cancel->isVisible()) {
            QCOMPARE(cancel->accessibleName(), QStringLiteral("Cancel"));
            QTest::mouseClick(cancel, Qt::LeftButton);
        }
        QTRY_VERIFY(!cancel->isVisible());
        QCOMPARE(client.session.connecting().size(), 0U);
        QTRY_COMPARE(stateOf(client.session, 1), PeerState::Failed);
    }

    void noticesCanBeDismissed()
    {
        Client client;
        part<QComboBox>(*client.window, "host")->setEditText({});
        click(*client.window, "connectButton");
        click(*client.window, "noticeDismiss");
        QVERIFY(noticed(*client.window).isEmpty());
    }
};

QTEST_MAIN(FailuresTest)
#include "failures.moc"

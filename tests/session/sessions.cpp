// SPDX-License-Identifier: MIT
// A server session and client sessions talking to each other over loopback, as the windows use them.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "session/callmodel.h"
#include "session/clientsession.h"
#include "session/peermodel.h"
#include "session/serversession.h"
#include "session/transcriptmodel.h"

using namespace tincan;

namespace {

const RecordingPlace kForgotten{RecordingPlace::Kind::Forgotten, {}};

struct Pair {
    ServerSession server;
    ClientSession client;

    bool begin()
    {
        if (!server.begin(kForgotten, QStringLiteral("test")) || !client.begin(kForgotten, QStringLiteral("test"))) {
            return false;
        }
        // Nobody is there to close in answer to our FIN.
        SessionSettings settings;
        settings.afterFinMilliseconds = 50;
        client.setSettings(settings);
        settings.afterFinMilliseconds = 20'000;
        server.setSettings(settings);
        server.start(Endpoint::ipv4(0x7f000001, 0), SOMAXCONN);
        return QTest::qWaitFor([this] { return server.state() == ServerSession::State::Listening; });
    }
    bool connectOne()
    {
        const int before = client.peers()->openCount();
        client.connectTo(QStringLiteral("127.0.0.1"), server.listeningOn().port());
        return QTest::qWaitFor(
            [&] { return client.peers()->openCount() == before + 1 && server.peers()->openCount() == before + 1; });
    }
    // A second listener, at the address that the first one has; its number.
    ListenerId openTaken()
    {
        ListenRequest request;
        request.address = server.listeningOn();
        return server.open(request);
    }
    ~Pair()
    {
        client.end(); // which closes, so that the server need not wait
        server.end();
    }
    static QByteArray received(const Session &session, PeerId peer)
    {
        QByteArray all;
        for (RowNumber number = 0; number < session.index().size(); ++number) {
            const Row &row = session.index().row(number);
            if (row.kind == RecordKind::Received && row.peer == peer) {
                all += session.payloads().read(row, 0, UINT32_MAX, nullptr);
            }
        }
        return all;
    }
};

} // namespace

class SessionsTest : public QObject
{
    Q_OBJECT

private slots:
    void talkBothWays()
    {
        Pair pair;
        QVERIFY(pair.begin());
        QVERIFY(pair.server.listeningOn().port() != 0);
        QVERIFY(pair.connectOne());
        const auto transcript = pair.server.openConversation(1);
        pair.client.send({1}, "hello\n");
        QTRY_COMPARE(Pair::received(pair.server, 1), QByteArray("hello\n"));
        pair.server.send({1}, "and back");
        QTRY_COMPARE(Pair::received(pair.client, 1), QByteArray("and back"));
        QTRY_COMPARE(transcript->count(), 3);
        QCOMPARE(pair.server.totals().bytesIn, 6U);
        QCOMPARE(pair.server.totals().bytesOut, 8U);
        QVERIFY(pair.server.calls()->rowCount() >= 4);
    }

    void toAllAndToSome()
    {
        Pair pair;
        QVERIFY(pair.begin());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(pair.connectOne());
        }
        pair.server.send({kNoPeer}, "all");
        pair.server.send({1, 3}, "some");
        QTRY_COMPARE(pair.client.totals().bytesIn, 3U * 3U + 2U * 4U);
        int withSome = 0;
        for (PeerId peer = 1; peer <= 3; ++peer) {
            const QByteArray got = Pair::received(pair.client, peer);
            QVERIFY(got == "all" || got == "allsome");
            withSome += static_cast<int>(got == "allsome");
        }
        QCOMPARE(withSome, 2);
        QTRY_COMPARE(pair.server.totals().bytesOut, 3U * 3U + 2U * 4U);
        // In the pane of peer 2 there is no second message.
        const auto second = pair.server.openConversation(2);
        QTRY_COMPARE(second->count(), 2);
        const auto third = pair.server.openConversation(3);
        QTRY_COMPARE(third->count(), 3);
    }

    void stopEndsEverybodyAndStartsAgain()
    {
        Pair pair;
        QVERIFY(pair.begin());
        QVERIFY(pair.connectOne());
        const std::uint16_t port = pair.server.listeningOn().port();
        pair.server.stop();
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Stopping);
        // The client's person closes as well, in answer to the FIN.
        QTRY_COMPARE(pair.client.peers()->find(1)->state, PeerState::CloseWait);
        pair.client.disconnectPeers({1});
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Stopped);
        QCOMPARE(pair.server.peers()->openCount(), 0);
        pair.server.start(Endpoint::ipv4(0x7f000001, port), SOMAXCONN);
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Listening);
        QCOMPARE(pair.server.listeningOn().port(), port);
    }

    void aTakenPortIsSaid()
    {
        Pair pair;
        QVERIFY(pair.begin());
        ServerSession second;
        QVERIFY(second.begin(kForgotten, QStringLiteral("test")));
        QSignalSpy notices(&second, &LiveSession::noticeRaised);
        second.start(pair.server.listeningOn(), SOMAXCONN);
        QTRY_COMPARE(notices.count(), 1);
        const auto notice = notices.at(0).at(0).value<Notice>();
        QCOMPARE(notice.kind, RecordKind::ListenFailed);
        const auto *failure = std::get_if<FailureInfo>(&notice.detail);
        QVERIFY(failure);
        QCOMPARE(failure->error.code, EADDRINUSE);
        QCOMPARE(failure->owner.pid, static_cast<int>(QCoreApplication::applicationPid()));
        QCOMPARE(second.state(), ServerSession::State::Stopped);
    }

    void aRefusedConnectionIsSaid()
    {
        ClientSession client;
        QVERIFY(client.begin(kForgotten, QStringLiteral("test")));
        QSignalSpy notices(&client, &LiveSession::noticeRaised);
        client.connectTo(QStringLiteral("127.0.0.1"), 1);
        QCOMPARE(client.connecting().size(), 1U);
        QTRY_COMPARE(notices.count(), 1);
        QVERIFY(client.connecting().empty());
        QCOMPARE(client.peers()->find(1)->state, PeerState::Failed);
    }

    void theFileCanBeRead()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s.pcapng"));
        ServerSession server;
        QVERIFY(server.begin({RecordingPlace::Kind::File, path}, QStringLiteral("test")));
        QCOMPARE(server.recordingPath(), path);
        server.end();
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(4), QByteArray("\x0a\x0d\x0d\x0a"));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void aFileThatCannotBeWrittenIsAnError()
    {
        ServerSession server;
        const auto begun
            = server.begin({RecordingPlace::Kind::File, QStringLiteral("/nowhere/at/all.pcapng")}, QStringLiteral("test"));
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ENOENT);
        server.end();
    }

    void severalListenersStartAndStopByThemselves()
    {
        Pair pair;
        QVERIFY(pair.begin());
        ListenRequest request;
        request.address = Endpoint::ipv4(0x7f000001, 0);
        request.backlog = 7;
        const ListenerId second = pair.server.open(request);
        const ListenerId third = pair.server.open(request, false);
        const ListenerModel &listeners = *pair.server.listeners();
        QCOMPARE(listeners.rowCount(), 3);
        QTRY_COMPARE(listeners.find(second)->state, ListenerView::State::Listening);
        QCOMPARE(listeners.find(third)->state, ListenerView::State::Stopped);
        const std::uint16_t port = listeners.find(second)->local.port();
        QVERIFY(port != 0 && port != pair.server.listeningOn().port());

        QVERIFY(pair.connectOne());
        pair.client.connectTo(QStringLiteral("127.0.0.1"), port);
        QTRY_COMPARE(pair.server.peers()->openCount(), 2);
        QCOMPARE(pair.server.peers()->openCountOf(pair.server.first()), 1);
        QCOMPARE(pair.server.peers()->openCountOf(second), 1);
        QCOMPARE(pair.server.peers()->find(2)->listener, second);

        pair.server.pauseAccepting(second, true);
        QTRY_VERIFY(listeners.find(second)->acceptingPaused);
        pair.server.pauseAccepting(second, false);
        QTRY_VERIFY(!listeners.find(second)->acceptingPaused);

        pair.server.close(second);
        QTRY_COMPARE(pair.client.peers()->find(2)->state, PeerState::CloseWait);
        pair.client.disconnectPeers({2});
        QTRY_COMPARE(listeners.find(second)->state, ListenerView::State::Stopped);
        QCOMPARE(pair.server.state(), ServerSession::State::Listening);
        QCOMPARE(pair.server.peers()->openCount(), 1);
        QCOMPARE(pair.server.peers()->countOf(second), 1); // gone, and in the list

        pair.server.restart(second);
        QTRY_COMPARE(listeners.find(second)->state, ListenerView::State::Listening);
        pair.server.forget(third);
        QCOMPARE(listeners.rowCount(), 2);
        pair.server.forget(second); // which is running, and has a peer
        QTRY_VERIFY(listeners.find(second)->retired);
        QCOMPARE(listeners.wanted(), 1);
        QCOMPARE(pair.server.state(), ServerSession::State::Listening);
    }

    void oneThatFailsLeavesTheOthersAlone()
    {
        Pair pair;
        QVERIFY(pair.begin());
        QSignalSpy raised(&pair.server, &LiveSession::noticeRaised);
        const ListenerId taken = pair.openTaken();
        const ListenerModel &listeners = *pair.server.listeners();
        QTRY_COMPARE(listeners.find(taken)->state, ListenerView::State::Failed);
        QCOMPARE(listeners.find(taken)->failure->error.code, EADDRINUSE);
        QCOMPARE(raised.count(), 1);
        QCOMPARE(pair.server.state(), ServerSession::State::Listening);
        QVERIFY(pair.connectOne());
    }

    // Taken out of the list before it is known that its address cannot be had: it does not stay there as failed.
    void oneThatFailsAfterItWasTakenOutIsGone()
    {
        Pair pair;
        QVERIFY(pair.begin());
        QSignalSpy raised(&pair.server, &LiveSession::noticeRaised);
        const ListenerId taken = pair.openTaken();
        const ListenerModel &listeners = *pair.server.listeners();
        pair.server.forget(taken);
        QTRY_COMPARE(raised.count(), 1);
        QVERIFY(!listeners.find(taken));
        QCOMPARE(listeners.rowCount(), 1);
        QCOMPARE(pair.server.state(), ServerSession::State::Listening);
    }

    void anotherAddressTakesTheFirstOnesPlace()
    {
        Pair pair;
        QVERIFY(pair.begin());
        const ListenerId before = pair.server.first();
        pair.server.stop();
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Stopped);
        pair.server.start(Endpoint::ipv4(0x7f000001, 0), SOMAXCONN); // as it was
        QCOMPARE(pair.server.first(), before);
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Listening);
        pair.server.stop();
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Stopped);
        pair.server.start(Endpoint::ipv4(0x7f000002, 0), SOMAXCONN);
        QVERIFY(pair.server.first() != before);
        QTRY_COMPARE(pair.server.state(), ServerSession::State::Listening);
        QCOMPARE(pair.server.listeners()->wanted(), 1);
        QVERIFY(pair.server.listeners()->find(before)->retired);
    }

    void fromALocalPort()
    {
        Pair pair;
        QVERIFY(pair.begin());
        ServerSession holder; // for a port that is free
        QVERIFY(holder.begin(kForgotten, QStringLiteral("test")));
        holder.start(Endpoint::ipv4(0x7f000001, 0), SOMAXCONN);
        QTRY_COMPARE(holder.state(), ServerSession::State::Listening);
        const std::uint16_t port = holder.listeningOn().port();
        holder.stop();
        QTRY_COMPARE(holder.state(), ServerSession::State::Stopped);
        ConnectRequest request;
        request.host = QStringLiteral("127.0.0.1");
        request.port = pair.server.listeningOn().port();
        request.local = Endpoint::ipv6({}, port); // of any family: only the port is asked for
        pair.client.connectTo(request);
        QTRY_COMPARE(pair.server.peers()->openCount(), 1);
        QCOMPARE(pair.server.peers()->peer(1).remote.port(), port);
        QTRY_COMPARE(pair.client.peers()->openCount(), 1);
        QCOMPARE(pair.client.peers()->peer(1).local.port(), port);
    }
};

QTEST_GUILESS_MAIN(SessionsTest)
#include "sessions.moc"

// SPDX-License-Identifier: MIT
// Asking the kernel while somebody looks: of one peer everything, of rows their states, of listeners their queues.
#include "session/kernelwatch.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "net/sockdiag.h"
#include "session/clientsession.h"
#include "session/kernelfacts.h"
#include "session/kernelwords.h"
#include "session/peermodel.h"
#include "session/serversession.h"
#include "session/stateway.h"
#include "support/enginehost.h"
#include "support/tcpsockets.h"

using namespace tincan;
using tincan::test::connectFrom;
using tincan::test::nameOf;
using tincan::test::RawPeer;

namespace {

struct Room {
    ServerSession server;
    std::unique_ptr<KernelWatch> watch = std::make_unique<KernelWatch>(server);

    Room()
    {
        if (!server.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test"))) {
            qFatal("no session file");
        }
        SessionSettings quick;
        quick.afterFinMilliseconds = 50;
        server.setSettings(quick);
        server.start(Endpoint::ipv4(INADDR_LOOPBACK, 0), 7);
        if (!QTest::qWaitFor([this] { return server.state() == ServerSession::State::Listening; })) {
            qFatal("not listening");
        }
    }
    ~Room()
    {
        watch.reset();
        server.end();
    }
    std::uint16_t port() const { return server.listeningOn().port(); }
    bool has(int peers)
    {
        return QTest::qWaitFor([&] { return server.peers()->openCount() == peers; });
    }
    const Peer &peer(PeerId id = 1) const { return *server.peers()->find(id); }
    void showAll()
    {
        watch->showRows([this] {
            std::vector<PeerId> ids;
            for (int row = 1; row < server.peers()->rowCount(); ++row) {
                ids.push_back(server.peers()->peer(row).id);
            }
            return ids;
        });
    }
    QString fact(const char *label) const
    {
        for (const KernelFact &fact : kernelFacts(peer(), watch->view())) {
            if (fact.label == QLatin1String(label)) {
                return fact.value;
            }
        }
        return {};
    }
};

} // namespace

class KernelWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!SockDiag::open()) {
            QSKIP("the kernel does not let itself be asked");
        }
    }

    void nobodyLooks()
    {
        Room room;
        const RawPeer peer(room.port());
        QVERIFY(room.has(1));
        QSignalSpy told(room.watch.get(), &KernelWatch::told);
        QVERIFY(room.watch->isIdle());
        room.watch->look(1);
        QTRY_VERIFY(told.count() > 0);
        room.watch->look(std::nullopt);
        QVERIFY(room.watch->isIdle());
        QVERIFY(room.watch->view().presence == Presence::Unknown);
        for (const QTimer *timer : room.watch->findChildren<QTimer *>()) {
            QVERIFY(!timer->isActive());
        }
    }

    void everythingOfOne()
    {
        Room room;
        const RawPeer peer(room.port());
        QVERIFY(room.has(1));
        room.watch->look(1);
        QTRY_VERIFY(room.watch->view().state == TcpState::Established);
        QCOMPARE(room.watch->view().owner.pid, static_cast<int>(QCoreApplication::applicationPid()));
        QVERIFY(peer.send("hello"));
        QTRY_COMPARE(room.fact("Received"), QStringLiteral("5 B"));
        QVERIFY(room.fact("Round trip").contains(QStringLiteral("±")));
        QVERIFY(room.fact("Program").contains(QStringLiteral("pid")));
        QTRY_VERIFY(room.watch->history().samples.size() >= 3);
        QCOMPARE(room.watch->history().samples.back().bytesIn, 5U);
        QCOMPARE(room.watch->history().samples.back().rtt, room.watch->view().rtt);
        peer.finish();
        QTRY_VERIFY(room.watch->view().state == TcpState::CloseWait);
        const std::vector<TcpState> seen = room.watch->history().seen;
        QVERIFY(seen == (std::vector{TcpState::Established, TcpState::CloseWait}));
    }

    void statesOfRows()
    {
        Room room;
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            peers.emplace_back(room.port());
        }
        QVERIFY(room.has(3));
        QVERIFY(room.peer().kernelState == TcpState::Unknown);
        room.showAll();
        for (PeerId id = 1; id <= 3; ++id) {
            QTRY_VERIFY(room.peer(id).kernelState == TcpState::Established);
        }
        room.server.finishSending({1});
        QTRY_COMPARE(shownStateWord(room.peer(1)), QStringLiteral("FIN_WAIT2"));
        QCOMPARE(shownStateWord(room.peer(2)), QStringLiteral("ESTABLISHED"));
        room.watch->showRows({});
        QVERIFY(room.peer(2).kernelState == TcpState::Unknown);
        QCOMPARE(shownStateWord(room.peer(1)), QStringLiteral("FIN_WAIT")); // what we know ourselves
    }

    void whatIsOverFades()
    {
        Room room;
        const std::uint16_t port = room.port();
        RawPeer first(port);
        RawPeer second(port);
        QVERIFY(room.has(2));
        room.showAll();
        // Which of them came first is the kernel's choice; all of them are ended alike.
        room.server.disconnectPeers({1, 2});
        QTRY_VERIFY(room.peer(1).state == PeerState::Closed && room.peer(2).state == PeerState::Closed);
        QTRY_COMPARE(shownStateWord(room.peer(1)), QStringLiteral("FIN_WAIT2")); // no program of ours has it any more
        QVERIFY(room.peer(1).isFading());
        first.close();
        second.close();
        QTRY_COMPARE(shownStateWord(room.peer(1)), QStringLiteral("TIME_WAIT"));
        QTRY_COMPARE(shownStateWord(room.peer(2)), QStringLiteral("TIME_WAIT"));
        QVERIFY(!room.peer(1).kernelGone);
    }

    // Its addresses are a newer connection's: that is another row.
    void aNewerConnectionIsNotTakenForIt()
    {
        Room room;
        const Endpoint at = Endpoint::ipv4(INADDR_LOOPBACK, room.port());
        // An address that nobody else connects from or listens on: its port is not taken in between.
        UniqueFd first = connectFrom(Endpoint::ipv4(0x7f00004d, 0), at);
        QVERIFY(first);
        const Endpoint from = nameOf(first.get());
        QVERIFY(room.has(1));
        const linger zero{1, 0}; // a reset leaves no TIME_WAIT
        ::setsockopt(first.get(), SOL_SOCKET, SO_LINGER, &zero, sizeof zero);
        first.reset();
        QVERIFY(room.has(0));
        const UniqueFd second = connectFrom(from, at);
        QVERIFY(second);
        QVERIFY(room.has(1));
        QCOMPARE(room.peer(2).remote, room.peer(1).remote);
        room.showAll();
        QTRY_VERIFY(room.peer(2).kernelState == TcpState::Established);
        QTRY_VERIFY(room.peer(1).kernelGone);
        QVERIFY(room.peer(1).kernelState == TcpState::Unknown);
        QCOMPARE(shownStateWord(room.peer(1)), QStringLiteral("CLOSED"));
    }

    void whatIsGoneIsClosed()
    {
        Room room;
        RawPeer peer(room.port());
        QVERIFY(room.has(1));
        room.showAll();
        room.server.disconnectPeers({1});
        QTRY_COMPARE(shownStateWord(room.peer()), QStringLiteral("FIN_WAIT2"));
        peer.reset(); // what was left is left no more
        QTRY_VERIFY(room.peer().kernelGone);
        QVERIFY(!room.peer().isFading());
        QCOMPARE(shownStateWord(room.peer()), QStringLiteral("CLOSED"));
        room.watch->look(1);
        QCOMPARE(stateWay(room.peer(), room.watch->history().seen).back(), TcpState::Closed);
    }

    // Its accept queue is full, so the kernel drops our SYN; and tells so.
    void whoIsConnectingIsInSynSent()
    {
        const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof name;
        auto *address = reinterpret_cast<sockaddr *>(&name);
        QCOMPARE(::bind(listener.get(), address, size), 0);
        QCOMPARE(::listen(listener.get(), 0), 0);
        QCOMPARE(::getsockname(listener.get(), address, &size), 0);
        const UniqueFd first(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        QCOMPARE(::connect(first.get(), address, size), 0); // there is room for one

        ClientSession client;
        QVERIFY(client.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")));
        KernelWatch watch(client);
        const PeerId peer = client.connectTo(QStringLiteral("127.0.0.1"), ntohs(name.sin_port), 60'000);
        QTRY_VERIFY(client.peers()->find(peer));
        watch.look(peer);
        QTRY_VERIFY(watch.view().presence == Presence::Here);
        QVERIFY(watch.view().state == TcpState::SynSent);
        QVERIFY(watch.view().inode != 0);
        QVERIFY(watch.view().timer == KernelTimer::Retransmit);
        QVERIFY(client.peers()->find(peer)->kernelState == TcpState::SynSent);
        QCOMPARE(shownStateWord(*client.peers()->find(peer)), QStringLiteral("SYN_SENT"));
        QVERIFY(watch.history().seen == std::vector{TcpState::SynSent});
        // The same in the rows of the list.
        watch.look(std::nullopt);
        watch.showRows([peer] { return std::vector{peer}; });
        QTRY_VERIFY(client.peers()->find(peer)->kernelState == TcpState::SynSent);
        client.cancel(peer);
        QTRY_VERIFY(client.peers()->find(peer)->state == PeerState::Failed);
        QVERIFY(client.peers()->find(peer)->kernelState == TcpState::Unknown);
        watch.showRows({});
        client.end();
    }

    void theListener()
    {
        Room room;
        room.watch->look(kNoPeer);
        QTRY_COMPARE(room.watch->listeners().size(), 1U);
        const KernelListener &view = room.watch->listeners().front();
        QCOMPARE(view.backlog, 7);
        QCOMPARE(view.waiting, 0);
        QVERIFY(view.overflows >= 0);
        room.server.stop();
        QTRY_VERIFY(room.server.listenInfos().empty());
    }

    void goesWhileABatchIsUnderWay()
    {
        Room room;
        const RawPeer peer(room.port());
        QVERIFY(room.has(1));
        for (int i = 0; i < 20; ++i) {
            room.watch->look(1);
            room.watch = std::make_unique<KernelWatch>(room.server);
        }
        room.watch->look(7); // nobody
        QCoreApplication::processEvents();
        QVERIFY(room.watch->view().presence == Presence::Unknown);
    }
};

QTEST_GUILESS_MAIN(KernelWatchTest)
#include "kernelwatch.moc"

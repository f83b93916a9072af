// SPDX-License-Identifier: MIT
// What the kernel tells of sockets, beside what ss(8) says of the same ones.
#include "net/sockdiag.h"

#include <QTest>

#include <sys/un.h>

#include "net/listenstats.h"
#include "net/portowner.h"
#include "net/tcpinfo.h"
#include "support/enginehost.h"
#include "support/sstool.h"
#include "support/tcpsockets.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// One connection between an engine and a plain peer, looked at from both ends.
struct Pair {
    EngineHost<> host;
    std::uint16_t port = host.listen();
    RawPeer peer{port};
    Endpoint ours = Endpoint::ipv4(INADDR_LOOPBACK, port);
    Endpoint theirs = nameOf(peer.fd());
    SockDiag diag = *SockDiag::open();

    Pair() { host.waitFor(RecordKind::Joined, 1); }
    TcpState stateHere() { return stateOf(ours, theirs); }
    TcpState stateThere() { return stateOf(theirs, ours); }
    // Unknown where the kernel has no such socket.
    TcpState stateOf(const Endpoint &local, const Endpoint &remote)
    {
        const auto view = diag.ask(Transport::Tcp, local, remote);
        return view ? view->state : TcpState::Listen;
    }
    // Both ends are in these states, and ss says so too.
    bool agree(TcpState here, TcpState there)
    {
        return QTest::qWaitFor([&] { return stateHere() == here && stateThere() == there; }, 10'000)
            && askSs(ours, theirs).state == here && askSs(theirs, ours).state == there;
    }
    KernelView view() { return diag.ask(Transport::Tcp, ours, theirs).value_or(KernelView{}); }
};

} // namespace

class SockDiagTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!hasSs()) {
            QSKIP("ss(8) of iproute2 is not here");
        }
        if (const auto diag = SockDiag::open(); !diag) {
            QSKIP("the kernel does not let itself be asked");
        }
    }

    void connected()
    {
        Pair pair;
        QVERIFY(pair.agree(TcpState::Established, TcpState::Established));
        const KernelView view = pair.view();
        QVERIFY(view.presence == Presence::Here);
        QVERIFY(view.hasInfo);
        QVERIFY(view.rtt > 0 && view.congestionWindow > 0 && view.sendMss > 0);
        QVERIFY(view.segmentsIn > 0);
        QVERIFY(!view.congestion.empty());
        QCOMPARE(view.retransmitsTotal, 0);
        const auto other = pair.diag.ask(Transport::Tcp, pair.theirs, pair.ours);
        QCOMPARE(other->inode, socketInode(pair.peer.fd()));
        const PortOwner owner = findSocketOwner(other->inode);
        QCOMPARE(owner.pid, static_cast<int>(::getpid()));
        QVERIFY(!owner.program.empty());
    }

    void bytesThatNobodyReads()
    {
        Pair pair;
        pair.host.send(1, pattern(5000));
        QTRY_COMPARE(pair.view().bytesSent, 5000);
        QTRY_COMPARE(pair.view().bytesAcknowledged, 5000);
        const auto view = pair.diag.ask(Transport::Tcp, pair.theirs, pair.ours);
        QCOMPARE(view->receiveQueue, 5000);
        QCOMPARE(view->bytesReceived, 5000);
        QVERIFY(view->receiveMemory >= 5000);
        const SsLine said = askSs(pair.theirs, pair.ours);
        QCOMPARE(said.receiveQueue, view->receiveQueue);
        QCOMPARE(said.sendQueue, view->sendQueue);
        QCOMPARE(pair.peer.read(5000).size(), 5000);
        QCOMPARE(pair.diag.ask(Transport::Tcp, pair.theirs, pair.ours)->receiveQueue, 0);
    }

    void bytesThatWait()
    {
        Pair pair;
        pair.host.send(1, pattern(12'000'000)); // more than both kernels hold
        QTRY_VERIFY(pair.view().sendQueue > 0 && pair.view().notSent > 0);
        QTRY_VERIFY(pair.view().timer == KernelTimer::ZeroWindow);
        pair.peer.reset();
        QCOMPARE(pair.host.leftReason(1), LeftReason::ResetByPeer);
    }

    void thePeerFinishes()
    {
        Pair pair;
        pair.peer.finish();
        QVERIFY(pair.agree(TcpState::CloseWait, TcpState::FinWait2));
        pair.host.run([&] { pair.host.engine.finishSending(1); });
        QVERIFY(pair.agree(TcpState::Unknown, TcpState::TimeWait)); // LAST_ACK is over at once
        QCOMPARE(pair.host.leftReason(1), LeftReason::BothFinished);
    }

    void weFinishAndClose()
    {
        Pair pair;
        pair.host.run([&] { pair.host.engine.finishSending(1); });
        QVERIFY(pair.agree(TcpState::FinWait2, TcpState::CloseWait));
        pair.peer.close();
        QCOMPARE(pair.host.leftReason(1), LeftReason::BothFinished);
        QVERIFY(pair.agree(TcpState::TimeWait, TcpState::Unknown));
        const KernelView view = pair.view();
        QCOMPARE(view.inode, 0U); // no program's
        QVERIFY(!view.hasInfo);
        QVERIFY(view.timer == KernelTimer::TimeWait);
        QVERIFY(view.timerMilliseconds > 0);
        // … also once nobody listens there.
        pair.host.stop();
        QVERIFY(pair.agree(TcpState::TimeWait, TcpState::Unknown));
    }

    void weCloseAndThePeerDoesNot()
    {
        Pair pair;
        pair.host.run([&] { pair.host.engine.disconnect(1); });
        QCOMPARE(pair.host.leftReason(1), LeftReason::DisconnectedByUs);
        QVERIFY(pair.agree(TcpState::FinWait2, TcpState::CloseWait)); // without a program
        QCOMPARE(pair.view().inode, 0U);
    }

    void reset()
    {
        Pair pair;
        pair.host.run([&] { pair.host.engine.reset(1); });
        QVERIFY(pair.agree(TcpState::Unknown, TcpState::Unknown));
        // The one that listens for the same address is not taken for it.
        QVERIFY(pair.view().presence == Presence::Gone);
    }

    void versionSixAndFourMixed()
    {
        EngineHost<> host;
        const std::uint16_t port = host.listen(AnswerMode::Manual, "::");
        const RawPeer four(port);
        const RawPeer six(port, "::1");
        QVERIFY(four.isConnected() && six.isConnected());
        SockDiag diag = *SockDiag::open();
        for (const RawPeer *peer : {&four, &six}) {
            const Endpoint there = nameOf(peer->fd());
            const Endpoint here = nameOf(peer->fd(), true);
            QVERIFY(diag.ask(Transport::Tcp, here, there)->state == TcpState::Established);
            QCOMPARE(diag.ask(Transport::Tcp, there, here)->inode, socketInode(peer->fd()));
        }
        QVERIFY(diag.askListener(Transport::Tcp, *Endpoint::fromAddress("::", port))->presence == Presence::Here);
    }

    void theAcceptQueueFills()
    {
        const UniqueFd listener = listening(2);
        const Endpoint at = nameOf(listener.get());
        SockDiag diag = *SockDiag::open();
        auto view = diag.askListener(Transport::Tcp, at);
        QVERIFY(view->presence == Presence::Here);
        QCOMPARE(view->waiting, 0);
        QCOMPARE(view->backlog, 2);
        const std::int64_t before = view->overflows;
        QVERIFY(before >= 0 && view->dropsOfAll >= 0);
        std::vector<UniqueFd> dialled;
        for (int i = 0; i < 6; ++i) {
            dialled.push_back(dial(at));
        }
        QTRY_COMPARE(diag.askListener(Transport::Tcp, at)->waiting, 3); // listen(2): one more than the backlog
        view = diag.askListener(Transport::Tcp, at);
        const SsLine said = askSsListener(at.port());
        QVERIFY(said.state == TcpState::Listen);
        QCOMPARE(view->waiting, said.receiveQueue);
        QCOMPARE(view->backlog, said.sendQueue);
        QCOMPARE(view->inode, socketInode(listener.get()));
        QTRY_VERIFY(diag.askListener(Transport::Tcp, at)->overflows > before);
        QTRY_VERIFY(diag.askListener(Transport::Tcp, at)->drops > 0);
        const Endpoint last = nameOf(dialled.back().get());
        QVERIFY(diag.ask(Transport::Tcp, last, at)->state == TcpState::SynSent);
        QVERIFY(askSs(last, at).state == TcpState::SynSent);
    }

    void nobodyListens()
    {
        SockDiag diag = *SockDiag::open();
        UniqueFd listener = listening(1);
        const Endpoint at = nameOf(listener.get());
        listener.reset();
        QVERIFY(diag.askListener(Transport::Tcp, at)->presence == Presence::Gone);
        QVERIFY(diag.ask(Transport::Tcp, at, at)->presence == Presence::Gone);
        QVERIFY(!diag.ask(Transport::Tcp, {}, at));
    }

    // Our own, while it connects: its name is known before it is connected.
    void weConnect()
    {
        const UniqueFd listener = listening(0);
        const Endpoint at = nameOf(listener.get());
        const RawPeer first(at.port()); // it fills the accept queue
        QVERIFY(first.isConnected());
        EngineHost host;
        const PeerId peer = host.connectTo({.host = "127.0.0.1", .port = at.port(), .timeout = std::chrono::seconds(60)});
        const auto ours = [&] {
            for (const auto &event : host.sink.events()) {
                const auto *call = std::get_if<CallInfo>(&event.detail);
                if (event.peer == peer && call && call->call == CallName::GetSockName) {
                    return call->address;
                }
            }
            return Endpoint();
        };
        QTRY_VERIFY(!ours().isEmpty());
        SockDiag diag = *SockDiag::open();
        QVERIFY(diag.ask(Transport::Tcp, ours(), at)->state == TcpState::SynSent);
        QVERIFY(askSs(ours(), at).state == TcpState::SynSent);
        QCOMPARE(host.count(RecordKind::Joined, peer), 0);
        // As soon as there is room again, its SYN is heard when it is sent the next time.
        const UniqueFd accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        QCOMPARE(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail).local, ours());
        QVERIFY(askSs(ours(), at).state == TcpState::Established);
    }

    void datagrams()
    {
        SockDiag diag = *SockDiag::open();
        const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        sockaddr_storage storage{};
        const socklen_t size = Endpoint::ipv4(INADDR_LOOPBACK, 0).toSockaddr(storage);
        QCOMPARE(::bind(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size), 0);
        const int small = 4096;
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        const Endpoint at = nameOf(fd.get());
        QVERIFY(diag.askListener(Transport::Udp, at)->drops == 0);
        int room = 0;
        socklen_t roomSize = sizeof room;
        QCOMPARE(::getsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &room, &roomSize), 0);
        QCOMPARE(diag.askListener(Transport::Udp, at)->room, room);
        QCOMPARE(diag.askListener(Transport::Udp, at)->waiting, 0);
        const socklen_t length = at.toSockaddr(storage);
        const UniqueFd other(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        const QByteArray bytes = pattern(1000);
        for (int i = 0; i < 50; ++i) {
            ::sendto(other.get(), bytes.constData(), 1000, 0, reinterpret_cast<const sockaddr *>(&storage), length);
        }
        QTRY_VERIFY(diag.askListener(Transport::Udp, at)->drops > 0);
        const auto view = diag.ask(Transport::Udp, at, nameOf(other.get()));
        QVERIFY(view->presence == Presence::Here);
        QVERIFY(view->receiveQueue >= 1000);
        QCOMPARE(view->inode, socketInode(fd.get()));
        QVERIFY(diag.ask(Transport::Udp, Endpoint::ipv4(INADDR_LOOPBACK, 1), {})->presence == Presence::Gone);
    }

    void unixSockets()
    {
        SockDiag diag = *SockDiag::open();
        const std::string name = "tincan-sockdiag-" + std::to_string(::getpid());
        sockaddr_storage storage{};
        const socklen_t size = Endpoint::unixAbstract(name).toSockaddr(storage);
        const auto *address = reinterpret_cast<const sockaddr *>(&storage);
        const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        QCOMPARE(::bind(listener.get(), address, size), 0);
        QCOMPARE(::listen(listener.get(), 4), 0);
        const UniqueFd peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        QCOMPARE(::connect(peer.get(), address, size), 0);
        auto view = diag.askUnix(socketInode(listener.get()));
        QVERIFY(view->state == TcpState::Listen);
        QCOMPARE(view->receiveQueue, 1);
        QCOMPARE(view->sendQueue, 4);
        QCOMPARE(view->name, "@" + name);
        const UniqueFd accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        QCOMPARE(::send(peer.get(), "hello", 5, MSG_NOSIGNAL), 5);
        view = diag.askUnix(socketInode(accepted.get()));
        QVERIFY(view->state == TcpState::Established);
        QCOMPARE(view->receiveQueue, 5);
        QCOMPARE(view->peerInode, socketInode(peer.get()));
        QCOMPARE(findSocketOwner(view->peerInode).pid, static_cast<int>(::getpid()));
        QVERIFY(diag.askUnix(4'000'000'000)->presence == Presence::Gone);
        QVERIFY(diag.askUnix(0)->presence == Presence::Gone);
        QCOMPARE(socketInode(peer.get(), ::getpid()), socketInode(peer.get()));
        QCOMPARE(socketInode(-1), 0U);
    }

    void shortAndLongAnswers()
    {
        const QByteArray bytes = pattern(600);
        const auto part = [&](qsizetype size) {
            return std::span(reinterpret_cast<const std::byte *>(bytes.constData()), static_cast<std::size_t>(size));
        };
        for (qsizetype size = 0; size <= bytes.size(); ++size) {
            static_cast<void>(decodeInetDiag(part(size)));
            static_cast<void>(decodeUnixDiag(part(size)));
            KernelView view;
            decodeTcpInfo(part(size), view);
            QCOMPARE(view.hasInfo, size > 0);
            QCOMPARE(view.rtt >= 0, size >= 72); // tcpi_rtt: 68
            QCOMPARE(view.peerWindow >= 0, size >= 232);
            QCOMPARE(view.receiveWindow >= 0, size >= 236); // younger than our header
        }
        QVERIFY(decodeInetDiag(part(10)).presence == Presence::Unknown);
    }

    void lostConnectionsOfAll()
    {
        const ListenStats stats
            = listenStatsOf("TcpExt: SyncookiesSent ListenOverflows ListenDrops Last\nTcpExt: 0 7 9 1\nIpExt: A\nIpExt: 1\n");
        QCOMPARE(stats.overflows, 7);
        QCOMPARE(stats.drops, 9);
        for (const char *torn :
             {"", "TcpExt:", "TcpExt: ListenOverflows\n", "TcpExt: ListenOverflows\nTcpExt: x", "IpExt: 1\n"}) {
            QCOMPARE(listenStatsOf(torn).overflows, -1);
        }
    }
};

QTEST_GUILESS_MAIN(SockDiagTest)
#include "sockdiag.moc"

// SPDX-License-Identifier: MIT
// Two hosts with a cable between them: what loopback never shows. Needs root.
#include <QTest>

#include <net/if.h>

#include "net/sockdiag.h"
#include "session/words.h"
#include "support/datagrampeer.h"
#include "support/network.h"
#include "support/sstool.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A server on one host, a plain peer on the other.
struct Line {
    TwoHosts hosts;
    std::unique_ptr<EngineHost<>> server;
    std::unique_ptr<RawPeer> peer;
    std::optional<SockDiag> here;
    std::optional<SockDiag> there;
    Endpoint ours;
    Endpoint theirs;

    // Empty where it came about.
    QString connect()
    {
        if (!hosts.problem.isEmpty()) {
            return hosts.problem;
        }
        std::uint16_t port = 0;
        {
            const Inside inside(hosts.one);
            server = std::make_unique<EngineHost<>>();
            port = server->listen(AnswerMode::Manual, TwoHosts::kOne);
            here = *SockDiag::open();
        }
        const Inside inside(hosts.other);
        peer = std::make_unique<RawPeer>(port, TwoHosts::kOne);
        there = *SockDiag::open();
        const auto *joined = server->waitFor(RecordKind::Joined, 1);
        if (!peer->isConnected() || !joined) {
            return QStringLiteral("no connection between the namespaces");
        }
        ours = std::get<PeerInfo>(joined->detail).local;
        theirs = std::get<PeerInfo>(joined->detail).remote;
        return {};
    }
    KernelView view() { return here->ask(Transport::Tcp, ours, theirs).value_or(KernelView{}); }
    TcpState stateThere() { return there->ask(Transport::Tcp, theirs, ours).value_or(KernelView{}).state; }
    TcpState ssHere() const
    {
        const Inside inside(hosts.one);
        return askSs(ours, theirs).state;
    }
    // As ss has it: "retrans:now/in all".
    QString ssRetransmits() const
    {
        const Inside inside(hosts.one);
        const auto told = askSsNumbers(ours, theirs);
        return QStringLiteral("%1 in all, %2 lost")
            .arg(partOf(told.value("retrans"), 1))
            .arg(told.value("lost", "0").toLongLong());
    }
    TcpState ssThere() const
    {
        const Inside inside(hosts.other);
        return askSs(theirs, ours).state;
    }
};

} // namespace

class NamespacesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (const TwoHosts hosts; !hosts.problem.isEmpty()) {
            QSKIP(qPrintable(hosts.problem));
        }
    }

    void talk()
    {
        Line line;
        QCOMPARE(line.connect(), QString());
        QCOMPARE(QByteArray::fromStdString(line.theirs.addressText()), QByteArray(TwoHosts::kOther));
        line.server->send(1, "over the wire");
        QCOMPARE(line.peer->read(13), QByteArray("over the wire"));
        const KernelView view = line.view();
        QVERIFY(view.state == TcpState::Established);
        QCOMPARE(view.pathMtu, 1500); // Ethernet
        // The other host's sockets are not of this kernel's namespace.
        QVERIFY(line.here->ask(Transport::Tcp, line.theirs, line.ours)->presence == Presence::Gone);
    }

    void aLinkDownAndUp()
    {
        Line line;
        QCOMPARE(line.connect(), QString());
        QTRY_VERIFY(line.view().unacknowledged == 0);
        QCOMPARE(line.view().retransmitsTotal, 0);
        QVERIFY(line.hosts.setLink(false));
        line.server->send(1, "are you there?");
        QTRY_VERIFY(line.view().retransmitsNow > 0);
        const KernelView down = line.view();
        QVERIFY(down.timer == KernelTimer::Retransmit);
        QVERIFY(down.unacknowledged > 0);
        QCOMPARE(down.sendQueue, 14);
        QTRY_VERIFY_WITH_TIMEOUT(line.view().retransmitsTotal > down.retransmitsTotal, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(line.view().retransmitsNow > down.retransmitsNow, 20'000);
        QVERIFY(line.view().state == TcpState::Established);
        const auto retransmits = [&line] {
            const KernelView view = line.view();
            return QStringLiteral("%1 in all, %2 lost").arg(view.retransmitsTotal).arg(view.lost);
        };
        QTRY_COMPARE(retransmits(), line.ssRetransmits());
        QVERIFY(line.hosts.setLink(true));
        QCOMPARE(line.peer->read(14), QByteArray("are you there?"));
        QTRY_VERIFY_WITH_TIMEOUT(line.view().unacknowledged == 0, 20'000);
        QCOMPARE(line.view().retransmitsNow, 0);
        QVERIFY(line.view().retransmitsTotal > 0);
    }

    void statesThatLast()
    {
        Line line;
        QCOMPARE(line.connect(), QString());
        line.peer->finish();
        QTRY_VERIFY(line.view().state == TcpState::CloseWait);
        QTRY_VERIFY(line.stateThere() == TcpState::FinWait2);
        QVERIFY(line.hosts.setLink(false));
        line.server->run([&] { line.server->engine.finishSending(1); });
        QTRY_VERIFY(line.view().state == TcpState::LastAck);
        QVERIFY(line.ssHere() == TcpState::LastAck);
        QCOMPARE(line.server->leftReason(1), LeftReason::BothFinished);
        QVERIFY(line.view().state == TcpState::LastAck); // without a program
        QCOMPARE(line.view().inode, 0U);
        QVERIFY(line.hosts.setLink(true));
        QTRY_VERIFY_WITH_TIMEOUT(line.view().presence == Presence::Gone, 20'000);
        QTRY_VERIFY(line.stateThere() == TcpState::TimeWait);
        QVERIFY(line.ssThere() == TcpState::TimeWait);
    }

    void bothFinishAtOnce()
    {
        Line line;
        QCOMPARE(line.connect(), QString());
        QVERIFY(line.hosts.setLink(false));
        line.server->run([&] { line.server->engine.finishSending(1); });
        line.peer->finish();
        QTRY_VERIFY(line.view().state == TcpState::FinWait1 && line.stateThere() == TcpState::FinWait1);
        QVERIFY(line.ssHere() == TcpState::FinWait1);
        QVERIFY(line.hosts.setLink(true));
        // Through CLOSING or FIN_WAIT2, as it comes; both ways end there.
        QTRY_VERIFY_WITH_TIMEOUT(line.view().state == TcpState::TimeWait || line.stateThere() == TcpState::TimeWait, 20'000);
        QCOMPARE(line.server->leftReason(1), LeftReason::BothFinished);
    }

    void nobodyIsThere()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        const Inside inside(hosts.one);
        EngineHost<> client;
        const PeerId peer
            = client.connectTo({.host = TwoHosts::kNobody, .port = 6666, .timeout = std::chrono::milliseconds(60'000)});
        const FailureInfo info = failureOf(client, peer);
        QCOMPARE(info.error.code, EHOSTUNREACH);
        const ErrorWords said = words(info, RecordKind::ConnectFailed);
        QVERIFY2(said.headline.contains(QStringLiteral("EHOSTUNREACH")), qPrintable(said.headline));
        QVERIFY(!said.remedy.isEmpty());
    }

    // Nobody answers the ARP request for it, which our own kernel tells.
    void datagramsToNobody()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        const Inside inside(hosts.one);
        EngineHost<> client;
        const PeerId peer = client.connectTo(udpTo(*Endpoint::fromAddress(TwoHosts::kNobody, 6666)));
        QVERIFY(client.waitFor(RecordKind::Joined, peer));
        client.send(peer, "anybody?");
        const auto *event = client.waitForNote(NoteCode::NetworkError);
        QVERIFY(event);
        QCOMPARE(event->peer, peer);
        QCOMPARE(std::get<NoteInfo>(event->detail).b, EHOSTUNREACH);
        QCOMPARE(client.count(RecordKind::Left), 0); // it is no reason to leave
    }

    // Between hosts, and while the cable is out: what is lost is lost, and nobody waits for it.
    void datagramsBetweenHosts()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        std::unique_ptr<EngineHost<>> server;
        Endpoint there;
        {
            const Inside inside(hosts.one);
            server = std::make_unique<EngineHost<>>();
            there = listenTo(*server, udpOn(TwoHosts::kOne), AnswerMode::Echo);
        }
        const Inside inside(hosts.other);
        const DatagramPeer peer(Endpoint::ipv4(0x0acb0702, 0)); // TwoHosts::kOther
        QVERIFY(peer.isBound());
        QVERIFY(peer.send("over the wire", there));
        Endpoint from;
        QCOMPARE(peer.receive(&from), QByteArray("over the wire"));
        QVERIFY(from == there);
        QVERIFY(hosts.setLink(false));
        server->send(1, "lost");
        QVERIFY(server->waitFor(RecordKind::Sent, 1, 2)); // as far as anybody can tell
        QVERIFY(hosts.setLink(true));
        // Longer than the wire takes: in pieces, which the kernels cut and join.
        const QByteArray longer = pattern(20'000);
        QByteArray heard;
        for (int i = 0; i < 20 && heard != longer; ++i) { // until the neighbour is known again
            static_cast<void>(peer.send(longer, there));
            while (heard != longer && QTest::qWaitFor([&] { return !peer.isSilent(); }, 500)) {
                heard = peer.receive();
            }
        }
        QVERIFY(heard == longer);
    }

    void aGroupOnTheWire()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        std::unique_ptr<EngineHost<>> server;
        Endpoint there;
        {
            const Inside inside(hosts.one);
            server = std::make_unique<EngineHost<>>();
            ListenOptions options = udpOn("0.0.0.0");
            options.groups.push_back({*Endpoint::fromAddress("239.1.2.3", 0), ::if_nametoindex("tin0")});
            there = listenTo(*server, options);
            QCOMPARE(noteOf(*server, NoteCode::GroupJoined).text, std::string("239.1.2.3%tin0"));
        }
        const Inside inside(hosts.other);
        EngineHost<> client;
        ConnectOptions options = udpTo(*Endpoint::fromAddress("239.1.2.3", there.port()), false);
        options.multicastInterface = ::if_nametoindex("tin1");
        const PeerId peer = client.connectTo(options);
        QVERIFY(client.waitFor(RecordKind::Joined, peer));
        client.send(peer, "to the group");
        QVERIFY(server->waitFor(RecordKind::Received));
        QCOMPARE(server->payloads(RecordKind::Received, 1), QByteArray("to the group"));
        QCOMPARE(std::get<PeerInfo>(server->waitFor(RecordKind::Joined, 1)->detail).remote.addressText(),
                 std::string(TwoHosts::kOther));
    }

    // Everybody on the cable hears it, and each answer is from a peer of its own.
    void aBroadcastOnTheWire()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        std::unique_ptr<EngineHost<>> server;
        Endpoint there;
        {
            const Inside inside(hosts.one);
            server = std::make_unique<EngineHost<>>();
            there = listenTo(*server, udpOn("0.0.0.0"), AnswerMode::Echo);
        }
        const Inside inside(hosts.other);
        EngineHost<> client;
        const PeerId peer = client.connectTo(udpTo(*Endpoint::fromAddress("10.203.7.255", there.port()), false));
        QVERIFY(client.waitFor(RecordKind::Joined, peer));
        client.send(peer, "everybody");
        QVERIFY(client.waitFor(RecordKind::Received, peer + 1));
        QCOMPARE(client.payloads(RecordKind::Received, peer + 1), QByteArray("everybody"));
        QCOMPARE(joined(client, peer + 1).remote.addressText(), std::string(TwoHosts::kOne));
        QCOMPARE(joined(*server, 1).remote.addressText(), std::string(TwoHosts::kOther));
    }

    void noWayThere()
    {
        const TwoHosts hosts;
        QCOMPARE(hosts.problem, QString());
        const Inside inside(hosts.one);
        EngineHost<> client;
        const PeerId peer = client.connectTo({.host = "192.0.2.1", .port = 6666}); // no route leads out of the cable's network
        QCOMPARE(failureOf(client, peer).error.code, ENETUNREACH);
    }
};

QTEST_GUILESS_MAIN(NamespacesTest)
#include "namespaces.moc"

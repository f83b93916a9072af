// SPDX-License-Identifier: MIT
// A client's datagram socket: connected or not, with an address of its own, and what a broadcast needs.
#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

class DatagramClientTest : public QObject
{
    Q_OBJECT

private slots:
    void itIsThereAtOnce_data()
    {
        QTest::addColumn<bool>("connected");
        QTest::newRow("connected") << true;
        QTest::newRow("not connected") << false;
    }
    void itIsThereAtOnce()
    {
        QFETCH(bool, connected);
        EngineHost host;
        const DatagramPeer server;
        const PeerId peer = host.connectTo(udpTo(server.name(), connected));
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QVERIFY(joined);
        const auto info = std::get<PeerInfo>(joined->detail);
        QCOMPARE(info.direction, Direction::Outgoing);
        QCOMPARE(info.transport, Transport::Udp);
        QCOMPARE(info.remote, server.name());
        QVERIFY(info.fd >= 0);
        QCOMPARE(host.count(RecordKind::Connecting, peer), 1);
        host.send(peer, "hello");
        host.send(peer, "");
        Endpoint from;
        QCOMPARE(server.receive(&from), QByteArray("hello"));
        QCOMPARE(server.receive(), QByteArray(""));
        QVERIFY(server.send("and back", from));
        QVERIFY(host.waitFor(RecordKind::Received, peer));
        QCOMPARE(host.payloads(RecordKind::Received, peer), QByteArray("and back"));
        host.run([&] { host.engine.disconnect(peer); });
        QCOMPARE(host.leftReason(peer), LeftReason::DisconnectedByUs);
        QCOMPARE(host.sink.events().back().kind, RecordKind::Left); // the call log tells of close(2) before
    }

    void whatIsOursIsTold()
    {
        EngineHost host;
        const DatagramPeer server;
        ConnectOptions options = udpTo(server.name());
        options.local = *Endpoint::fromAddress("127.0.0.5", 0);
        const PeerId peer = host.connectTo(options);
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail);
        QCOMPARE(info.local.addressText(), std::string("127.0.0.5"));
        QVERIFY(info.local.port() != 0);
        host.send(peer, "hello");
        Endpoint from;
        QCOMPARE(server.receive(&from), QByteArray("hello"));
        QCOMPARE(from, info.local);
    }

    void aNameIsLookedUp()
    {
        EngineHost host;
        const DatagramPeer server(*Endpoint::fromAddress("::1", 0));
        ConnectOptions options = udpTo(server.name());
        options.host = "localhost";
        QVERIFY(host.waitFor(RecordKind::Joined, host.connectTo(options)));
        options.host = "no.such.name.invalid";
        const auto *failed = host.waitFor(RecordKind::ConnectFailed, host.connectTo(options));
        QVERIFY(failed);
        QCOMPARE(std::get<FailureInfo>(failed->detail).cause, FailureCause::Resolve);
        QCOMPARE(std::get<FailureInfo>(failed->detail).transport, Transport::Udp);
    }

    void whoElseAnswersIsAPeerOfItsOwn()
    {
        EngineHost host;
        const DatagramPeer asked;
        const DatagramPeer other;
        const PeerId peer = host.connectTo(udpTo(asked.name(), false));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "who is there?");
        Endpoint from;
        QCOMPARE(asked.receive(&from), QByteArray("who is there?"));
        QVERIFY(other.send("me", from));
        const auto *joined = host.waitFor(RecordKind::Joined, peer + 1);
        QVERIFY(joined);
        const auto info = std::get<PeerInfo>(joined->detail);
        QCOMPARE(info.remote, other.name());
        QCOMPARE(info.direction, Direction::Incoming);
        QCOMPARE(info.listener, kNoListener);
        QVERIFY(host.waitFor(RecordKind::Received, peer + 1));
        host.send(peer + 1, "welcome");
        QCOMPARE(other.receive(), QByteArray("welcome"));
        QVERIFY(asked.send("me too", from));
        QVERIFY(host.waitFor(RecordKind::Received, peer));
        host.run([&] { host.engine.disconnect(peer); }); // with its socket, everybody's way is gone
        QCOMPARE(host.leftReason(peer), LeftReason::DisconnectedByUs);
        QCOMPARE(host.leftReason(peer + 1), LeftReason::Forgotten);
    }

    // The scope of an address that needs none does not come back with the answer.
    void aScopeThatIsNotNeeded()
    {
        EngineHost host;
        const DatagramPeer server(*Endpoint::fromAddress("::1", 0));
        if (!server.isBound()) {
            QSKIP("this machine has no IPv6");
        }
        ConnectOptions options = udpTo(server.name(), false);
        options.host = "::1%lo";
        const PeerId peer = host.connectTo(options);
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "hello");
        Endpoint from;
        QCOMPARE(server.receive(&from), QByteArray("hello"));
        QVERIFY(server.send("and back", from));
        QVERIFY(host.waitFor(RecordKind::Received));
        QCOMPARE(host.payloads(RecordKind::Received, peer), QByteArray("and back"));
        QCOMPARE(host.count(RecordKind::Joined), 1);
    }

    void fromAnAddressOfTheOtherFamily_data()
    {
        QTest::addColumn<QString>("local");
        QTest::addColumn<QString>("remote");
        QTest::addColumn<bool>("connected");
        QTest::addColumn<bool>("works");
        for (const bool connected : {true, false}) {
            const char *how = connected ? "connected" : "not connected";
            QTest::addRow("IPv4 to IPv6, %s", how) << "127.0.0.1"
                                                   << "::1" << connected << false;
            QTest::addRow("IPv6 to IPv4, %s", how) << "::1"
                                                   << "127.0.0.1" << connected << false;
            QTest::addRow("a port to IPv6, %s", how) << "0.0.0.0"
                                                     << "::1" << connected << true;
            QTest::addRow("a port to IPv4, %s", how) << "::"
                                                     << "127.0.0.1" << connected << true;
            QTest::addRow("IPv4 to a name, %s", how) << "127.0.0.1"
                                                     << "localhost" << connected << true;
        }
    }
    void fromAnAddressOfTheOtherFamily()
    {
        QFETCH(QString, local);
        QFETCH(QString, remote);
        QFETCH(bool, connected);
        QFETCH(bool, works);
        EngineHost host;
        const DatagramPeer server(*Endpoint::fromAddress(remote == u"::1" ? "::1" : "127.0.0.1", 0));
        if (!server.isBound()) {
            QSKIP("this machine has no IPv6");
        }
        ConnectOptions options = udpTo(server.name(), connected);
        options.host = remote.toStdString();
        options.local = *Endpoint::fromAddress(local.toStdString(), 0);
        const PeerId peer = host.connectTo(options);
        if (!works) {
            const auto *failed = host.waitFor(RecordKind::ConnectFailed, peer);
            QVERIFY(failed);
            QCOMPARE(std::get<FailureInfo>(failed->detail).error.code, EAFNOSUPPORT);
            QCOMPARE(std::get<FailureInfo>(failed->detail).error.call, CallName::Bind);
            return;
        }
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "hello");
        QCOMPARE(server.receive(), QByteArray("hello"));
    }

    void whenConnectedNobodyElseIsHeard()
    {
        EngineHost host;
        const DatagramPeer asked;
        const DatagramPeer other;
        const PeerId peer = host.connectTo(udpTo(asked.name()));
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail);
        QVERIFY(other.send("me", info.local));
        QVERIFY(asked.send("hello", info.local));
        QVERIFY(host.waitFor(RecordKind::Received, peer));
        QCOMPARE(host.payloads(RecordKind::Received, peer), QByteArray("hello"));
        QCOMPARE(host.count(RecordKind::Joined), 1);
    }

    // A broadcast is allowed at once where the address says it is one.
    void aBroadcastIsAllowed()
    {
        EngineHost host;
        const PeerId peer = host.connectTo(udpTo(Endpoint::ipv4(INADDR_BROADCAST, 9), false));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        bool isSet = false;
        for (const auto &event : host.sink.events()) {
            const auto *call = std::get_if<CallInfo>(&event.detail);
            isSet = isSet || (call && call->call == CallName::SetSockOpt && call->b == SO_BROADCAST && call->c == 1);
        }
        QVERIFY(isSet);
    }

    // 127.255.255.255 is one too, by the routes; but no interface names it, so it has to be allowed.
    void aBroadcastThatIsNotAllowedIsRefused_data()
    {
        QTest::addColumn<bool>("allowed");
        QTest::newRow("not allowed") << false;
        QTest::newRow("allowed") << true;
    }
    void aBroadcastThatIsNotAllowedIsRefused()
    {
        QFETCH(bool, allowed);
        EngineHost host;
        const DatagramPeer hears(Endpoint::ipv4(INADDR_ANY, 0));
        ConnectOptions options = udpTo(Endpoint::ipv4(0x7fffffff, hears.name().port()), false);
        if (allowed) {
            options.options.push_back({SocketOption::Broadcast, 1, {}});
        }
        const PeerId peer = host.connectTo(options);
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "to everybody");
        if (allowed) {
            QCOMPARE(hears.receive(), QByteArray("to everybody"));
            return;
        }
        const auto *refused = host.waitFor(RecordKind::Refused, peer);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::Failed);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).error, EACCES);
        QCOMPARE(noteOf(host, NoteCode::NetworkError).b, EACCES);
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void whatCannotBeBoundFails()
    {
        const qsizetype before = openDescriptors();
        {
            EngineHost host;
            const DatagramPeer server;
            ConnectOptions options = udpTo(server.name());
            options.local = server.name(); // has it already
            const auto *failed = host.waitFor(RecordKind::ConnectFailed, host.connectTo(options));
            QVERIFY(failed);
            const auto info = std::get<FailureInfo>(failed->detail);
            QCOMPARE(info.error.code, EADDRINUSE);
            QCOMPARE(info.error.call, CallName::Bind);
            QCOMPARE(info.attempts.size(), std::size_t{1});
            for (int i = 0; i < 5; ++i) { // those that are open when all ends
                host.connectTo(udpTo(server.name(), i % 2 == 0));
            }
            QVERIFY(host.waitFor(RecordKind::Joined, kNoPeer, 5));
        }
        QCOMPARE(openDescriptors(), before);
    }
};
QTEST_GUILESS_MAIN(DatagramClientTest)
#include "datagramclient.moc"

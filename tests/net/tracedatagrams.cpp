// SPDX-License-Identifier: MIT
// On demand, the calls by which one peer's datagrams came and went are among the others, as they were made; and what the call log
// says of addresses and times is what the kernel said.
#include <cerrno>

#include "support/datagrampeer.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

QList<CallInfo> calls(const EngineHost<> &host, PeerId peer, std::initializer_list<CallName> which)
{
    QList<CallInfo> found;
    for (const auto &event : host.sink.events()) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        if (call && event.peer == peer && std::find(which.begin(), which.end(), call->call) != which.end()) {
            found << *call;
        }
    }
    return found;
}

QList<CallInfo> dataCalls(const EngineHost<> &host, PeerId peer)
{
    return calls(host, peer, {CallName::RecvMmsg, CallName::SendMmsg});
}

void trace(EngineHost<> &host, PeerId peer)
{
    host.run([&] { host.engine.traceData(peer); });
}

} // namespace

class TraceDatagramsTest : public QObject
{
    Q_OBJECT

private slots:
    void ofOnePeerOfMany()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        const DatagramPeer first;
        const DatagramPeer second;
        QVERIFY(first.send("before", there) && first.receive() == "before");
        QVERIFY(second.send("other", there) && second.receive() == "other");
        QVERIFY(host.waitFor(RecordKind::Sent, 2));
        trace(host, 1);
        const QByteArray longer = "a longer one\n" + QByteArray(100, 'x');
        QVERIFY(first.send(longer, there) && first.receive() == longer);
        QVERIFY(second.send("other", there) && second.receive() == "other");
        QTRY_COMPARE(dataCalls(host, 1).size(), 2);
        const CallInfo received = dataCalls(host, 1)[0];
        QCOMPARE(received.call, CallName::RecvMmsg);
        QCOMPARE(received.result, 1L); // datagrams
        QCOMPARE(received.a, static_cast<int>(longer.size()));
        QCOMPARE(received.b, static_cast<int>(MSG_DONTWAIT | MSG_TRUNC));
        QVERIFY(received.c > 1); // as many as it would have taken
        QCOMPARE(received.address, first.name());
        QVERIFY(!received.isMapped);
        QCOMPARE(QByteArray::fromStdString(received.text), longer.first(32));
        QVERIFY(received.nanoseconds > 0 && received.fd >= 0);
        const CallInfo sent = dataCalls(host, 1)[1];
        QCOMPARE(sent.call, CallName::SendMmsg);
        QCOMPARE(sent.result, 1L);
        QCOMPARE(sent.a, static_cast<int>(longer.size()));
        QCOMPARE(sent.b, static_cast<int>(MSG_DONTWAIT | MSG_NOSIGNAL));
        QCOMPARE(sent.address, first.name());
        QCOMPARE(QByteArray::fromStdString(sent.text), longer.first(32));
        QVERIFY(dataCalls(host, 2).isEmpty());
        trace(host, kNoPeer);
        QVERIFY(first.send("after", there) && first.receive() == "after");
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 3));
        QCOMPARE(dataCalls(host, 1).size(), 2);
    }

    void whatComesByOneCallIsOneCall()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer peer;
        QVERIFY(peer.send("first", there));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        trace(host, 1);
        host.sink.setCongested(true); // nothing is received until all are there
        host.run([] {});
        host.run([] {});
        for (const char *message : {"one", "two", "three"}) {
            QVERIFY(peer.send(message, there));
        }
        host.sink.setCongested(false);
        QVERIFY(host.waitFor(RecordKind::Received, 1, 4));
        QCOMPARE(dataCalls(host, 1).size(), 1);
        QCOMPARE(dataCalls(host, 1)[0].result, 3L);
        QCOMPARE(dataCalls(host, 1)[0].text, std::string("one"));
    }

    void ofAConnectedSocketOfItsOwn()
    {
        EngineHost host;
        const DatagramPeer server;
        const PeerId peer = host.engine.reservePeer();
        trace(host, peer);
        host.run([&] { host.engine.connectTo(peer, udpTo(server.name())); });
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "ping");
        Endpoint client;
        QCOMPARE(server.receive(&client), QByteArray("ping"));
        QTRY_COMPARE(dataCalls(host, peer).size(), 1);
        QVERIFY(dataCalls(host, peer)[0].address.isEmpty()); // nobody is named: it is connected
        QVERIFY(server.send("pong", client));
        QTRY_COMPARE(dataCalls(host, peer).size(), 2);
        QCOMPARE(dataCalls(host, peer)[1].text, std::string("pong"));
    }

    void whatFails()
    {
        EngineHost host;
        const UnixFolder folder;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixDatagram));
        UniqueFd peer = bindUnix(folder.path("peer"), SOCK_DGRAM);
        sockaddr_storage storage{};
        const socklen_t size = unixName(folder.path()).toSockaddr(storage);
        QCOMPARE(::sendto(peer.get(), "hello", 5, 0, reinterpret_cast<const sockaddr *>(&storage), size), ssize_t(5));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        trace(host, 1);
        peer.reset(); // its path stays, but nobody is behind it
        host.send(1, "anybody there?");
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        const QList<CallInfo> made = dataCalls(host, 1);
        QVERIFY(!made.isEmpty());
        QCOMPARE(made[0].result, -1L);
        QCOMPARE(made[0].error, ECONNREFUSED);
        QCOMPARE(made[0].address, unixName(folder.path("peer")));
        QCOMPARE(made[0].text, std::string("anybody there?"));
    }

    // A dual-stack socket knows IPv4 addresses only in their IPv6 form.
    void ipv4OnADualStackSocket()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("::"), AnswerMode::Echo);
        const DatagramPeer four;
        const Endpoint to = Endpoint::ipv4(INADDR_LOOPBACK, there.port());
        QVERIFY(four.send("hello", to) && four.receive() == "hello");
        trace(host, 1);
        QVERIFY(four.send("again", to) && four.receive() == "again");
        QTRY_COMPARE(dataCalls(host, 1).size(), 2);
        for (const CallInfo &call : dataCalls(host, 1)) {
            QCOMPARE(call.address, four.name());
            QVERIFY(call.isMapped);
        }
        host.run([&] { host.engine.listen({.address = *Endpoint::fromAddress("::", 0)}); });
        const auto *listening = host.waitFor(RecordKind::Listening, kNoPeer, 2);
        QVERIFY(listening);
        const std::uint16_t port = std::get<ListenInfo>(listening->detail).local.port();
        const RawPeer overFour(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const RawPeer overSix(port, "::1");
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        const auto named = [&](PeerId peer) { return calls(host, peer, {CallName::Accept, CallName::GetSockName}); };
        QVERIFY(!named(2).isEmpty() && !named(3).isEmpty());
        for (const CallInfo &call : named(2)) {
            QVERIFY(call.isMapped);
            QCOMPARE(call.address.family(), Endpoint::Family::IPv4);
        }
        for (const CallInfo &call : named(3)) {
            QVERIFY(!call.isMapped);
        }
        QCOMPARE(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 2)->detail).remote.family(), Endpoint::Family::IPv4);
    }

    void howLongTheNameTook_data()
    {
        QTest::addColumn<int>("transport");
        QTest::newRow("TCP") << static_cast<int>(Transport::Tcp);
        QTest::newRow("UDP") << static_cast<int>(Transport::Udp);
    }
    void howLongTheNameTook()
    {
        QFETCH(int, transport);
        EngineHost host;
        const std::uint16_t port = host.listen();
        const PeerId peer = host.connectTo({.host = "localhost", .port = port, .transport = static_cast<Transport>(transport)});
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        const QList<CallInfo> lookUps = calls(host, peer, {CallName::GetAddrInfo});
        QCOMPARE(lookUps.size(), 1);
        QVERIFY(lookUps[0].nanoseconds > 0);
        QCOMPARE(lookUps[0].text, std::string("localhost"));
    }
};
QTEST_GUILESS_MAIN(TraceDatagramsTest)
#include "tracedatagrams.moc"

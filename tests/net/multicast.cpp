// SPDX-License-Identifier: MIT
// Groups: joined by a listener, sent to by a client, with no hop to anywhere: nothing leaves this computer.
#include <net/if.h>

#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

class MulticastTest : public QObject
{
    Q_OBJECT

    // An interface by which the group can be sent to, the loopback one where it has a route; 0: none has.
    static unsigned interfaceFor(const Endpoint &group)
    {
        sockaddr_storage storage{};
        Endpoint there = group;
        there.setPort(9); // which throws away what it gets
        const socklen_t size = there.toSockaddr(storage);
        unsigned found = 0;
        struct if_nameindex *all = ::if_nameindex();
        for (const struct if_nameindex *entry = all; entry && entry->if_index != 0 && found == 0; ++entry) {
            const DatagramPeer peer(Endpoint(), group.addressFamily());
            const int index = static_cast<int>(entry->if_index);
            const ip_mreqn request{.imr_multiaddr = {}, .imr_address = {}, .imr_ifindex = index};
            const int none = 0;
            if (group.addressFamily() == AF_INET) {
                ::setsockopt(peer.fd(), IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request);
                ::setsockopt(peer.fd(), IPPROTO_IP, IP_MULTICAST_TTL, &none, sizeof none);
            } else {
                ::setsockopt(peer.fd(), IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
                ::setsockopt(peer.fd(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &none, sizeof none);
            }
            const bool isSent = ::sendto(peer.fd(), "", 0, 0, reinterpret_cast<const sockaddr *>(&storage), size) == 0;
            found = isSent ? entry->if_index : 0;
        }
        ::if_freenameindex(all);
        return found;
    }
    static MulticastGroup groupOn(const char *address)
    {
        const Endpoint group = *Endpoint::fromAddress(address, 0);
        return {.group = group, .interface = interfaceFor(group)};
    }
    template<typename Host>
    static PeerId sendTo(Host &host, const QString &group, std::uint16_t port, const QByteArray &text)
    {
        ConnectOptions options;
        options.host = group.toStdString();
        options.port = port;
        options.transport = Transport::Udp;
        options.connected = false;
        options.multicastInterface = groupOn(qPrintable(group)).interface;
        options.options
            = {{SocketOption::MulticastHops, 0, {}}, {SocketOption::MulticastLoop, 1, {}}}; // it stays on this computer
        const PeerId peer = host.connectTo(options);
        if (host.waitFor(RecordKind::Joined, peer)) {
            host.send(peer, text);
        }
        return peer;
    }

private slots:
    void whatIsSentToAGroupIsHeard_data()
    {
        QTest::addColumn<QString>("bound");
        QTest::addColumn<QString>("group");
        QTest::newRow("IPv4") << "0.0.0.0"
                              << "239.1.2.3";
        QTest::newRow("IPv6") << "::"
                              << "ff12::1234";
        QTest::newRow("IPv4, dual stack") << "::"
                                          << "239.1.2.3";
    }
    void whatIsSentToAGroupIsHeard()
    {
        QFETCH(QString, bound);
        QFETCH(QString, group);
        const MulticastGroup joins = groupOn(qPrintable(group));
        if (joins.interface == 0) {
            QSKIP("no interface has a route for this group");
        }
        std::array<char, IF_NAMESIZE> interface {
        };
        ::if_indextoname(joins.interface, interface.data());
        EngineHost server;
        ListenOptions options = udpOn(qPrintable(bound));
        options.groups.push_back(joins);
        const Endpoint there = listenTo(server, options, AnswerMode::Echo);
        const NoteInfo joined = noteOf(server, NoteCode::GroupJoined);
        QCOMPARE(joined.a, 1);
        QCOMPARE(joined.text, group.toStdString() + "%" + interface.data());

        EngineHost client;
        const PeerId peer = sendTo(client, group, there.port(), "to the group");
        QVERIFY(server.waitFor(RecordKind::Received, 1));
        QCOMPARE(server.payloads(RecordKind::Received, 1), QByteArray("to the group"));
        // Who answers is not the group, but somebody in it.
        QVERIFY(client.waitFor(RecordKind::Received, peer + 1));
        QCOMPARE(client.payloads(RecordKind::Received, peer + 1), QByteArray("to the group"));
        QCOMPARE(std::get<PeerInfo>(client.waitFor(RecordKind::Joined, peer + 1)->detail).remote.port(), there.port());
    }

    void aGroupIsJoinedAndLeftLater()
    {
        EngineHost server;
        const Endpoint there = listenTo(server, udpOn("0.0.0.0"));
        const MulticastGroup group = groupOn("239.1.2.4");
        server.run([&] { server.engine.joinGroup(1, group); });
        QVERIFY(server.waitForNote(NoteCode::GroupJoined));
        EngineHost client;
        sendTo(client, QStringLiteral("239.1.2.4"), there.port(), "one");
        QVERIFY(server.waitFor(RecordKind::Received, 1));
        server.run([&] { server.engine.leaveGroup(1, group); });
        QVERIFY(server.waitForNote(NoteCode::GroupLeft));
        sendTo(client, QStringLiteral("239.1.2.4"), there.port(), "two");
        const DatagramPeer last;
        QVERIFY(last.send("three", Endpoint::ipv4(INADDR_LOOPBACK, there.port()))); // behind the one that is not heard
        QVERIFY(server.waitFor(RecordKind::Received, 2));
        QCOMPARE(server.payloads(RecordKind::Received, 2), QByteArray("three"));
        QCOMPARE(server.count(RecordKind::Received), 2);
    }

    void whatIsNoGroupCannotBeJoined()
    {
        EngineHost host;
        listenTo(host, udpOn("127.0.0.1"));
        host.run([&] { host.engine.joinGroup(1, {*Endpoint::fromAddress("10.1.2.3", 0), 0}); });
        const NoteInfo note = noteOf(host, NoteCode::NetworkError);
        QCOMPARE(note.a, 1); // the listener: it is no ICMP error
        QCOMPARE(note.b, EINVAL);
        QCOMPARE(note.text, std::string("10.1.2.3"));
        host.run([&] { host.engine.leaveGroup(1, groupOn("239.9.9.9")); }); // never joined
        QTRY_COMPARE(host.count(RecordKind::Note), 2);
        const auto events = host.sink.events();
        QCOMPARE(std::get<NoteInfo>(events.back().detail).b, EADDRNOTAVAIL);
    }

    void aListenerThatCannotJoinFails()
    {
        EngineHost host;
        ListenOptions options = udpOn("0.0.0.0");
        options.groups.push_back({*Endpoint::fromAddress("239.1.2.3", 0), 99'999}); // no such interface
        host.run([&] { host.engine.listen(options); });
        const auto *failed = host.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        const auto info = std::get<FailureInfo>(failed->detail);
        QCOMPARE(info.error.code, ENODEV);
        QCOMPARE(info.error.call, CallName::SetSockOpt);
        QCOMPARE(info.error.detail, std::string("239.1.2.3%99999"));
    }

    // Two may listen for the same group on the same port.
    void twoListenersForOneGroup()
    {
        EngineHost host;
        ListenOptions options = udpOn("0.0.0.0");
        options.groups.push_back(groupOn("239.1.2.5"));
        const Endpoint there = listenTo(host, options);
        options.address.setPort(there.port());
        QCOMPARE(listenTo(host, options).port(), there.port());
        EngineHost client;
        sendTo(client, QStringLiteral("239.1.2.5"), there.port(), "hello");
        QVERIFY(host.waitFor(RecordKind::Received, kNoPeer, 2));
    }
};
QTEST_GUILESS_MAIN(MulticastTest)
#include "multicast.moc"

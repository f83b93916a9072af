// SPDX-License-Identifier: MIT
// What options put into the header of each datagram, as the kernel tells who receives it (ip(7), ipv6(7)): that getsockopt(2)
// gives back what was asked for proves nothing of it.
#include <net/if.h>

#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Hop limit and traffic class of one datagram; -1: not told.
struct Header {
    int hops = -1;
    int trafficClass = -1;
};

void askForHeaders(const DatagramPeer &peer, int family)
{
    const int on = 1;
    if (family == AF_INET) {
        ::setsockopt(peer.fd(), IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
        ::setsockopt(peer.fd(), IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
    } else {
        ::setsockopt(peer.fd(), IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
        ::setsockopt(peer.fd(), IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof on);
    }
}

Header receiveHeader(const DatagramPeer &peer)
{
    std::array<char, 100> bytes{};
    iovec vector{bytes.data(), bytes.size()};
    alignas(cmsghdr) std::array<char, 256> control{};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Header header;
    if (::recvmsg(peer.fd(), &message, 0) < 0) {
        return header;
    }
    for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        const bool isFour = part->cmsg_level == IPPROTO_IP;
        if (part->cmsg_type == (isFour ? IP_TTL : IPV6_HOPLIMIT)) {
            std::memcpy(&header.hops, CMSG_DATA(part), sizeof header.hops);
        } else if (part->cmsg_type == (isFour ? IP_TOS : IPV6_TCLASS)) {
            header.trafficClass = static_cast<unsigned char>(*CMSG_DATA(part));
        }
    }
    return header;
}

constexpr int kExpedited = 46; // RFC 3246
const OptionValues kAsked{{SocketOption::HopLimit, 9, {}}, {SocketOption::Dscp, kExpedited, {}}};

} // namespace

class OnTheWireTest : public QObject
{
    Q_OBJECT

private slots:
    void whatAClientSends_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("connected");
        QTest::newRow("IPv4, connected") << "127.0.0.1" << true;
        QTest::newRow("IPv4") << "127.0.0.1" << false;
        QTest::newRow("IPv6, connected") << "::1" << true;
        QTest::newRow("IPv6") << "::1" << false;
    }
    void whatAClientSends()
    {
        QFETCH(QString, address);
        QFETCH(bool, connected);
        const Endpoint own = *Endpoint::fromAddress(address.toStdString(), 0);
        const DatagramPeer receiver(own);
        askForHeaders(receiver, own.addressFamily());
        EngineHost host;
        ConnectOptions options = udpTo(receiver.name(), connected);
        options.options = kAsked;
        const PeerId peer = host.connectTo(options);
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "hello");
        const Header header = receiveHeader(receiver);
        QCOMPARE(header.hops, 9);
        QCOMPARE(header.trafficClass, kExpedited * 4); // below it are the two bits of ECN
        // Another value while it is there.
        host.run([&] { host.engine.setOption(peer, {SocketOption::HopLimit, 33, {}}); });
        host.send(peer, "hello");
        QCOMPARE(receiveHeader(receiver).hops, 33);
    }

    void whatAListenerAnswers_data()
    {
        QTest::addColumn<QString>("bound");
        QTest::addColumn<QString>("address");
        QTest::newRow("IPv4") << "127.0.0.1"
                              << "127.0.0.1";
        QTest::newRow("IPv6") << "::1"
                              << "::1";
        QTest::newRow("dual stack, IPv4") << "::"
                                          << "127.0.0.1";
        QTest::newRow("dual stack, IPv6") << "::"
                                          << "::1";
    }
    void whatAListenerAnswers()
    {
        QFETCH(QString, bound);
        QFETCH(QString, address);
        EngineHost host;
        ListenOptions options = udpOn(qPrintable(bound));
        options.options = kAsked;
        const std::uint16_t port = listenTo(host, options, AnswerMode::Echo).port();
        const Endpoint own = *Endpoint::fromAddress(address.toStdString(), 0);
        const DatagramPeer peer(own);
        askForHeaders(peer, own.addressFamily());
        QVERIFY(peer.send("hello", *Endpoint::fromAddress(address.toStdString(), port)));
        const Header header = receiveHeader(peer);
        QCOMPARE(header.hops, 9);
        QCOMPARE(header.trafficClass, kExpedited * 4);
    }

    // Of a group another number counts. Loopback takes it nowhere, however large it is.
    void howFarAGroupIsSentTo()
    {
        const DatagramPeer member(Endpoint::ipv4(INADDR_ANY, 0));
        const unsigned loopback = ::if_nametoindex("lo");
        ip_mreqn request{};
        request.imr_multiaddr.s_addr = htonl(0xef010206); // 239.1.2.6
        request.imr_ifindex = static_cast<int>(loopback);
        if (::setsockopt(member.fd(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) != 0) {
            QSKIP("the loopback interface joins no groups here");
        }
        askForHeaders(member, AF_INET);
        EngineHost host;
        ConnectOptions options = udpTo(*Endpoint::fromAddress("239.1.2.6", member.name().port()), false);
        options.multicastInterface = loopback;
        options.options = {{SocketOption::HopLimit, 77, {}}, {SocketOption::MulticastHops, 3, {}}};
        const PeerId peer = host.connectTo(options);
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "to the group");
        QCOMPARE(receiveHeader(member).hops, 3);
    }
};
QTEST_GUILESS_MAIN(OnTheWireTest)
#include "onthewire.moc"

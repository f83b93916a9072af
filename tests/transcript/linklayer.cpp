// SPDX-License-Identifier: MIT
// What packets are wrapped in, link by link and header by header.
#include <QTemporaryDir>
#include <QTest>

#include "support/captures.h"

using namespace tincan;
using namespace tincan::test;

class LinkLayerTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    Opened open(const QByteArray &packet, quint32 linkType) const
    {
        const QString path = m_folder.filePath(QStringLiteral("capture"));
        writeFile(path, pcap({packet}, {.linkType = linkType}));
        return Opened(path);
    }

private slots:
    void links_data()
    {
        QTest::addColumn<quint32>("type");
        QTest::addColumn<QByteArray>("header");
        const QByteArray addresses(12, '\x02');
        const QByteArray vlan = be16(0x8100) + be16(5);
        const QByteArray pppoe = QByteArray::fromHex("11000001") + be16(100);
        QTest::newRow("Ethernet") << 1U << addresses + be16(0x0800);
        QTest::newRow("VLAN") << 1U << addresses + vlan + be16(0x0800);
        QTest::newRow("QinQ") << 1U << addresses + be16(0x88a8) + be16(7) + vlan + be16(0x0800);
        QTest::newRow("PPPoE") << 1U << addresses + be16(0x8864) + pppoe + be16(0x0021);
        QTest::newRow("MPLS") << 1U << addresses + be16(0x8847) + be32(0x00001040) + be32(0x00002140);
        QTest::newRow("SNAP") << 1U << addresses + be16(60) + QByteArray::fromHex("aaaa03000000") + be16(0x0800);
        QTest::newRow("Null, little-endian") << 0U << QByteArray::fromHex("02000000");
        QTest::newRow("Null, big-endian") << 0U << be32(2);
        QTest::newRow("Loop") << 108U << be32(2);
        QTest::newRow("raw") << 101U << QByteArray();
        QTest::newRow("raw, BSD") << 12U << QByteArray();
        QTest::newRow("raw, OpenBSD") << 14U << QByteArray();
        QTest::newRow("IPv4") << 228U << QByteArray();
        QTest::newRow("Linux cooked") << 113U << QByteArray(14, '\0') + be16(0x0800);
        QTest::newRow("Linux cooked 2") << 276U << be16(0x0800) + QByteArray(18, '\0');
        QTest::newRow("PPP") << 9U << be16(0x0021);
        QTest::newRow("PPP, compressed") << 9U << QByteArray(1, '\x21');
        QTest::newRow("PPP, framed") << 50U << be16(0xff03) + be16(0x0021);
        QTest::newRow("with the length of a frame check sequence") << 0x24000001U << addresses + be16(0x0800);
    }
    void links()
    {
        QFETCH(quint32, type);
        QFETCH(QByteArray, header);
        const QByteArray packet = tcp4({.sequence = 1, .payload = "hello"});
        const Opened got = open(header + packet + "trailer", type); // short frames are filled up
        QCOMPARE(got.story(), QByteArray("Joined R:hello"));
        QCOMPARE(got.story(kNoPeer), QByteArray());
        const PeerInfo *info = got.index.peerInfo(1);
        QCOMPARE(info->local.toString(), std::string("10.0.0.1:6666"));
        QCOMPARE(info->remote.toString(), std::string("10.0.0.2:50000"));
        QVERIFY(info->midway && info->transport == Transport::Tcp);
        // Cut anywhere, it is damaged at most.
        for (qsizetype size = 0; size < header.size() + packet.size() - 5; ++size) {
            QCOMPARE(open((header + packet).left(size), type).bytes(RecordKind::Received), QByteArray());
        }
    }

    void ipv4Options()
    {
        const QByteArray options = QByteArray::fromHex("0101010000000000");
        const QByteArray tcp = tcpOf({.sequence = 1, .payload = "hello"}, QByteArray::fromHex("0101080a0000000000000000"));
        QCOMPARE(open(ipv4(6, false, tcp, options), 101).story(), QByteArray("Joined R:hello"));
    }

    void ipv6ExtensionHeaders()
    {
        const QByteArray tcp = tcpOf({.fromServer = true, .sequence = 1, .payload = "hello"});
        const auto header
            = [](int next, const char *rest) { return QByteArray(1, static_cast<char>(next)) + QByteArray::fromHex(rest); };
        const QByteArray hop = header(60, "00010400000000");
        const QByteArray destination = header(51, "01000000000000") + QByteArray(8, '\0');
        const QByteArray authentication = header(44, "01000000000000") + QByteArray(4, '\0');
        const QByteArray wholeFragment = header(6, "00000000000001");
        const Opened got = open(ipv6(0, true, hop + destination + authentication + wholeFragment + tcp), 229);
        QCOMPARE(got.story(), QByteArray("Joined S:hello"));
        QCOMPARE(got.index.peerInfo(1)->local.toString(), std::string("[2001:db8::1]:6666"));
        QCOMPARE(open(ipv6(44, true, header(6, "00000100000001") + tcp), 229).story(kNoPeer), QByteArray("PassedOver(1,3)"));
        // More headers than any packet has
        QCOMPARE(open(ipv6(0, true, header(0, "00010400000000").repeated(20) + tcp), 229).story(kNoPeer),
                 QByteArray("PassedOver(1,2)"));
    }

    void datagrams()
    {
        const Opened got = open(ipv4(17, false, udpOf(false, "hello") + "trailer"), 101);
        QCOMPARE(got.story(), QByteArray("Joined R:hello"));
        QVERIFY(got.index.peerInfo(1)->transport == Transport::Udp);
        QCOMPARE(open(ipv4(17, true, udpOf(true, {})), 101).story(), QByteArray("Joined R:")); // it went to 50000
    }

    void passedOver_data()
    {
        QTest::addColumn<quint32>("type");
        QTest::addColumn<QByteArray>("packet");
        QTest::addColumn<QByteArray>("said");
        const QByteArray addresses(12, '\x02');
        const QByteArray good = tcp4({.payload = "hello"});
        QTest::newRow("another link") << 105U << good << QByteArray("PassedOver(1,0)105");
        QTest::newRow("ARP") << 1U << addresses + be16(0x0806) + QByteArray(28, '\0') << QByteArray("PassedOver(1,1)");
        QTest::newRow("not IP") << 101U << QByteArray(40, '\x10') << QByteArray("PassedOver(1,1)");
        QTest::newRow("a fragment") << 101U << ipv4(17, false, udpOf(false, "x"), {}, 0x2000) << QByteArray("PassedOver(1,3)");
        QTest::newRow("a later fragment") << 101U << ipv4(17, false, "xxxxxxxxxx", {}, 10) << QByteArray("PassedOver(1,3)");
        QTest::newRow("ICMP") << 101U << ipv4(1, false, QByteArray(8, '\0')) << QByteArray("PassedOver(1,4)");
        QTest::newRow("empty") << 101U << QByteArray() << QByteArray("PassedOver(1,2)");
        QTest::newRow("a header too short") << 101U << QByteArray(good).replace(0, 1, "\x44") << QByteArray("PassedOver(1,2)");
        QTest::newRow("a length too short") << 101U << QByteArray(good).replace(2, 2, be16(19)) << QByteArray("PassedOver(1,2)");
        QTest::newRow("TCP too short") << 101U << QByteArray(good).replace(32, 1, "\x40") << QByteArray("PassedOver(1,2)");
        QTest::newRow("TCP too long") << 101U << QByteArray(good).replace(32, 1, "\xf0") << QByteArray("PassedOver(1,2)");
        QTest::newRow("UDP too long") << 101U << ipv4(17, false, udpOf(false, "x").replace(4, 2, be16(100)))
                                      << QByteArray("PassedOver(1,2)");
    }
    void passedOver()
    {
        QFETCH(quint32, type);
        QFETCH(QByteArray, packet);
        QFETCH(QByteArray, said);
        const Opened got = open(packet, type);
        QCOMPARE(got.peers(), 0U);
        QCOMPARE(got.story(kNoPeer), said);
        QCOMPARE(got.source->report().passedOver, 1U);
    }
};

QTEST_GUILESS_MAIN(LinkLayerTest)
#include "linklayer.moc"

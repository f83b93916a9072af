// SPDX-License-Identifier: MIT
// What stands in a session file of sockets without TCP, block by block.
#include <QTest>

#include "support/records.h"
#include "support/writtenblocks.h"
#include "transcript/detailcodec.h"
#include "transcript/packet.h"
#include "transcript/pcapng.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::bytesOf;
using tincan::test::kMostDatagram4;
using tincan::test::kMostDatagram6;
using tincan::test::peerInfo;
using tincan::test::Written;
using tincan::test::written;

namespace {

// RFC 1071, a byte at a time: over everything that a right checksum covers, itself included, it is 0xffff.
std::uint32_t onesSum(QByteArrayView bytes)
{
    std::uint32_t sum = 0;
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) << (at % 2 == 0 ? 8U : 0U);
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return sum;
}

// Both addresses, length and next header (RFC 8200 §8.1), and the datagram.
QByteArray coveredByChecksum(const QByteArray &packet)
{
    const QByteArray datagram = packet.mid(40);
    const auto size = static_cast<quint32>(datagram.size());
    QByteArray covered = packet.mid(8, 32);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        covered += static_cast<char>(size >> shift);
    }
    return covered + QByteArray("\0\0\0\x11", 4) + datagram;
}

} // namespace

class TransportBlocksTest : public QObject
{
    Q_OBJECT

private slots:
    void datagramsArePackets_data()
    {
        QTest::addColumn<bool>("v6");
        QTest::addColumn<QByteArray>("payload");
        for (const bool v6 : {false, true}) {
            const auto row = [v6](const char *name, const QByteArray &payload) {
                QTest::addRow("%s IPv%d", name, v6 ? 6 : 4) << v6 << payload;
            };
            row("some", "hello!!");
            row("odd", "a");
            row("none", {});
            row("all ones", QByteArray(100, '\xff'));
            row("the most", QByteArray(v6 ? kMostDatagram6 : kMostDatagram4, 'x'));
        }
    }
    void datagramsArePackets()
    {
        QFETCH(bool, v6);
        QFETCH(QByteArray, payload);
        BatchMaker maker;
        maker.joined(1, Transport::Udp, v6).add(RecordKind::Received, 1, payload).add(RecordKind::Sent, 1, payload);
        maker.left(1, LeftReason::Forgotten);
        const Written all = written(maker.batch);
        QCOMPARE(all.packets.size(), 2); // no handshake, no end
        for (int number = 0; number < 2; ++number) {
            const QByteArray &packet = all.packets.at(number);
            const auto parsed
                = parsePacket(std::as_bytes(std::span(packet.constData(), static_cast<std::size_t>(packet.size()))));
            QVERIFY(parsed);
            QVERIFY(parsed->isDatagram);
            const PeerInfo info = peerInfo(1, Transport::Udp, v6);
            QCOMPARE(parsed->source, number == 0 ? info.remote : info.local);
            QCOMPARE(parsed->destination, number == 0 ? info.local : info.remote);
            QCOMPARE(bytesOf(parsed->payload), payload);
            if (v6) {
                QCOMPARE(onesSum(coveredByChecksum(packet)), 0xffffU);
                QVERIFY(packet.mid(46, 2) != QByteArray(2, '\0')); // which would be none
            } else {
                QCOMPARE(onesSum(packet.left(20)), 0xffffU);
                QCOMPARE(packet.mid(26, 2), QByteArray(2, '\0'));
            }
        }
    }

    void whatNoPacketHoldsIsKeptAllTheSame()
    {
        BatchMaker maker;
        maker.joined(1, Transport::Udp).add(RecordKind::Received, 1, QByteArray(kMostDatagram4 + 1, 'x'));
        const Written all = written(maker.batch);
        QVERIFY(all.packets.isEmpty());
        QCOMPARE(all.records.size(), 2U);
        QCOMPARE(all.records.back().record.size, static_cast<std::uint32_t>(kMostDatagram4 + 1));
    }

    void aWildcardStandsAsItIs()
    {
        PeerInfo info = peerInfo(1, Transport::Udp);
        info.local = Endpoint::ipv4(0, 6666);
        BatchMaker maker;
        maker.add(RecordKind::Joined, 1, {}, info).add(RecordKind::Sent, 1, "x");
        const Written all = written(maker.batch);
        QCOMPARE(all.packets.size(), 1);
        QCOMPARE(all.packets.at(0).mid(12, 8), QByteArray("\0\0\0\0\xc0\0\x02\x07", 8));
    }

    void unixSocketsHaveNoPackets_data()
    {
        QTest::addColumn<int>("transport");
        for (const Transport transport : {Transport::UnixStream, Transport::UnixDatagram, Transport::UnixSeqpacket}) {
            QTest::newRow(std::string(transportWord(transport)).c_str()) << static_cast<int>(transport);
        }
    }
    void unixSocketsHaveNoPackets()
    {
        QFETCH(int, transport);
        BatchMaker maker;
        maker.joined(1, static_cast<Transport>(transport)).add(RecordKind::Received, 1, "hello");
        maker.add(RecordKind::Acknowledged, 1, {}, AcknowledgedInfo{3}).add(RecordKind::Sent, 1, "hi");
        maker.add(RecordKind::PeerFinished, 1).add(RecordKind::Finished, 1).left(1, LeftReason::ResetByPeer);
        const Written all = written(maker.batch);
        QVERIFY(all.packets.isEmpty());
        QCOMPARE(all.records.size(), 6U);
        QCOMPARE(all.records[1].record.kind, RecordKind::Received);
        QCOMPARE(bytesOf({all.records[1].record.data, all.records[1].record.size}), QByteArray("hello"));
        QCOMPARE(all.records[2].record.kind, RecordKind::Sent);
    }

    void unusualNamesComeBack_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("isAbstract");
        QTest::newRow("relative") << QByteArray("sock") << false;
        QTest::newRow("like an address") << QByteArray("127.0.0.1:80") << false;
        QTest::newRow("at") << QByteArray("@sock") << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << true;
        QTest::newRow("NULs") << QByteArray(107, '\0') << true;
        QTest::newRow("as long as can be") << QByteArray(107, 'x') << true;
        QTest::newRow("autobind") << QByteArray("0001f") << true;
    }
    void unusualNamesComeBack()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, isAbstract);
        PeerInfo info = peerInfo(1, Transport::UnixDatagram);
        info.remote = isAbstract ? Endpoint::unixAbstract(name.toStdString()) : Endpoint::unixPath(name.toStdString());
        ByteBuffer bytes;
        encodeDetail(info, bytes);
        const auto back = decodeDetail(bytes.bytes());
        QVERIFY(back);
        QCOMPARE(std::get<PeerInfo>(*back).remote, info.remote);
    }
};

QTEST_GUILESS_MAIN(TransportBlocksTest)
#include "transportblocks.moc"

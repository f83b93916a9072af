// SPDX-License-Identifier: MIT
// TCP as captures have it: out of order, again, overlapping, with gaps, without its beginning or its end.
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "support/captures.h"
#include "transcript/conversationtable.h"
#include "transcript/tcpstream.h"

using namespace tincan;
using namespace tincan::test;

namespace {

constexpr quint8 kSynAck = TcpSyn | TcpAck;
constexpr quint8 kFinAck = TcpFin | TcpAck;

const Segment kSyn{.sequence = 99, .flags = TcpSyn};
const Segment kAnswer{.fromServer = true, .sequence = 499, .flags = kSynAck, .acknowledgement = 100};

Segment data(quint32 sequence, const QByteArray &payload)
{
    return {.sequence = sequence, .payload = payload, .acknowledgement = 500};
}
Segment acknowledged(quint32 number)
{
    return {.fromServer = true, .sequence = 500, .acknowledgement = number};
}

} // namespace

class ReassemblingTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    Opened open(const QList<QByteArray> &packets, const PcapOptions &with = {}) const
    {
        const QString path = m_folder.filePath(QStringLiteral("capture"));
        writeFile(path, pcap(packets, with));
        return Opened(path);
    }
    Opened open(const QList<Segment> &segments, const PcapOptions &with = {}) const
    {
        QList<QByteArray> packets;
        for (const Segment &segment : segments) {
            packets += tcp4(segment);
        }
        return open(packets, with);
    }

private slots:
    void aWholeConversation()
    {
        const Opened got = open({kSyn,
                                 kAnswer,
                                 data(100, {}),
                                 data(100, "hello"),
                                 acknowledged(105),
                                 {.fromServer = true, .sequence = 500, .payload = "yes?"},
                                 {.sequence = 105, .flags = kFinAck, .payload = "bye", .acknowledgement = 504},
                                 {.fromServer = true, .sequence = 504, .payload = "bye", .acknowledgement = 109},
                                 {.fromServer = true, .sequence = 507, .flags = kFinAck, .acknowledgement = 109},
                                 {.sequence = 109, .acknowledgement = 508}});
        QCOMPARE(got.story(), QByteArray("Joined R:hello S:yes? R:bye PeerFinished S:bye Finished Left(0)"));
        QCOMPARE(got.story(kNoPeer), QByteArray());
        const PeerInfo *info = got.index.peerInfo(1);
        QCOMPARE(info->local.port(), kServer);
        QCOMPARE(info->remote.port(), kClient);
        QVERIFY(info->direction == Direction::Incoming && !info->midway);
        QCOMPARE(got.index.row(1).time, (std::int64_t{kSeconds} * 1000 + 3) * 1'000'000);
    }

    void outOfOrder()
    {
        const Opened got = open({kSyn, data(105, " wor"), data(109, "ld"), data(100, "hello"), data(111, "!")});
        QCOMPARE(got.story(), QByteArray("Joined R:hello R: wor R:ld R:!"));
        QCOMPARE(got.index.row(2).time, got.index.row(1).time); // it could be delivered only now
        QCOMPARE(got.source->report().retransmitted, 0U);
    }

    void anyOrderAndAnyOverlapGivesTheSameBytes()
    {
        QRandomGenerator random(7);
        QByteArray all(20'000, Qt::Uninitialized);
        for (char &byte : all) {
            byte = static_cast<char>(random.bounded(256));
        }
        for (int round = 0; round < 20; ++round) {
            const quint32 first = round % 2 == 0 ? 100 : 0xffffffffU - random.bounded(20'000);
            QList<Segment> segments;
            for (qsizetype at = 0; at < all.size();) {
                const qsizetype size = 1 + random.bounded(200);
                segments += data(first + static_cast<quint32>(at), all.mid(at, size));
                at += 1 + random.bounded(static_cast<int>(size));
            }
            for (qsizetype at = 0; at + 10 < segments.size(); ++at) {
                segments.swapItemsAt(at, at + random.bounded(10));
            }
            segments.prepend({.sequence = first - 1, .flags = TcpSyn});
            const Opened got = open(segments);
            QVERIFY(got.bytes(RecordKind::Received) == all);
            QCOMPARE(got.source->report().missing, 0U);
            QVERIFY(got.source->report().retransmitted > 0);
            const QByteArray last = got.story(kNoPeer);
            QVERIFY2(last.startsWith("Again(") && last.endsWith(",0)"), last.constData());
        }
    }

    void retransmissions()
    {
        const Opened got = open({kSyn, kSyn, data(100, "hello"), data(100, "hello"), data(100, "hello wor"), data(109, "ld"),
                                 data(104, "XX"), data(110, "d"), data(111, "!"), kSyn});
        QCOMPARE(got.story(), QByteArray("Joined R:hello R: wor R:ld R:!"));
        // 5 + 5 + 2, of which "XX" differs from "o "; the single byte before the next is a keep-alive
        QCOMPARE(got.story(kNoPeer), QByteArray("Again(12,2)"));
        QCOMPARE(got.source->report().retransmitted, 12U);
    }

    void keepAlivesAreNoData()
    {
        const Opened got = open({kSyn, data(100, "hello"), data(104, {}), data(104, QByteArray(1, '\0')), data(105, "!")});
        QCOMPARE(got.story(), QByteArray("Joined R:hello R:!"));
        QCOMPARE(got.story(kNoPeer), QByteArray());
    }

    void ofOverlapsTheFirstIsKept()
    {
        // While waiting: what came first stays, what is new is put between.
        const Opened got = open({kSyn, data(102, "cd"), data(106, "gh"), data(101, "bCDefGHi"), data(100, "a")});
        QCOMPARE(got.bytes(RecordKind::Received), QByteArray("abcdefghi"));
        QCOMPARE(got.story(kNoPeer), QByteArray("Again(4,4)"));
    }

    void sequenceNumbersWrap()
    {
        const quint32 first = 0xfffffffe;
        const Opened got = open({{.sequence = first - 1, .flags = TcpSyn},
                                 data(2, "ef"),
                                 data(first, "abcd"),
                                 data(first, "abcd"),
                                 {.sequence = 4, .flags = kFinAck}});
        QCOMPARE(got.story(), QByteArray("Joined R:abcd R:ef PeerFinished"));
    }

    void gapsAreSaid_data()
    {
        QTest::addColumn<QList<Segment>>("then");
        QTest::addColumn<QByteArray>("story");
        const Segment again = acknowledged(115);
        QTest::newRow("acknowledged") << QList<Segment>{again, again, again, again, again, data(115, "!")}
                                      << QByteArray("Joined R:hello Missing(5) R:world R:!");
        QTest::newRow("acknowledged before it came")
            << QList<Segment>{again, again, data(105, " big "), again} << QByteArray("Joined R:hello R: big  R:world");
        QTest::newRow("at the end") << QList<Segment>{} << QByteArray("Joined R:hello Missing(5) R:world");
        QTest::newRow("at a reset") << QList<Segment>{{.sequence = 115, .flags = TcpRst}}
                                    << QByteArray("Joined R:hello Missing(5) R:world Left(3)");
        QTest::newRow("at our reset") << QList<Segment>{{.fromServer = true, .sequence = 500, .flags = TcpRst}}
                                      << QByteArray("Joined R:hello Missing(5) R:world Left(2)");
        QTest::newRow("with the last ones") << QList<Segment>{acknowledged(120), {.sequence = 120, .flags = TcpRst}}
                                            << QByteArray("Joined R:hello Missing(5) R:world Missing(5) Left(3)");
        QTest::newRow("before a FIN") << QList<Segment>{{.sequence = 120, .flags = kFinAck}}
                                      << QByteArray("Joined R:hello Missing(5) R:world Missing(5) PeerFinished");
    }
    void gapsAreSaid()
    {
        QFETCH(QList<Segment>, then);
        QFETCH(QByteArray, story);
        const Opened got = open(QList<Segment>{kSyn, kAnswer, data(100, "hello"), data(110, "world")} + then);
        QCOMPARE(got.story(), story);
        QCOMPARE(got.source->report().missing, static_cast<std::uint64_t>(5 * story.count("Missing")));
    }

    void aGapIsNotWaitedForWithoutBounds()
    {
        QList<Segment> segments{kSyn};
        const int count = 5000; // one byte each, with a hole before each
        for (int i = 1; i <= count; ++i) {
            segments += data(100 + static_cast<quint32>(2 * i), "x");
        }
        const Opened many = open(segments);
        QCOMPARE(many.bytes(RecordKind::Received), QByteArray(count, 'x'));
        // The first holes were given up when the limit was reached, not at the end.
        const auto time = many.index.row(1).time;
        QCOMPARE(time, (std::int64_t{kSeconds} * 1000 + TcpStream::kMostHeld + 1) * 1'000'000);

        segments = {kSyn};
        const QByteArray large(60'000, 'x');
        for (int i = 0; i < 100; ++i) {
            segments += data(101 + static_cast<quint32>(i * large.size()), large);
        }
        segments += data(100, "a"); // too late
        const Opened bytes = open(segments);
        QVERIFY(bytes.story().startsWith("Joined Missing(1) R:xxx"));
        QCOMPARE(bytes.bytes(RecordKind::Received).size(), 100 * large.size());
        QCOMPARE(bytes.story(kNoPeer), QByteArray("Again(1,0)"));
    }

    void withoutItsBeginning()
    {
        // The lower port is the server's; each direction begins with its first packet.
        const Opened got = open({{.fromServer = true, .sequence = 7000, .payload = "hel", .acknowledgement = 90},
                                 data(100, "yes"),
                                 {.fromServer = true, .sequence = 7003, .payload = "lo"}});
        QCOMPARE(got.story(), QByteArray("Joined S:hel R:yes S:lo"));
        QVERIFY(got.index.peerInfo(1)->midway);
        QCOMPARE(got.index.peerInfo(1)->local.port(), kServer);
        QCOMPARE(got.source->report().missing, 0U);
        // With the answer to the SYN it is known who listens, whatever the ports.
        QByteArray answer = tcp4({.sequence = 1, .flags = kSynAck}); // from 50000
        const Opened high = open(QList<QByteArray>{answer, tcp4(data(2, "hi"))});
        QCOMPARE(high.index.peerInfo(1)->local.port(), kClient);
        QCOMPARE(high.story(), QByteArray("Joined S:hi"));
    }

    void portsAreUsedAgain()
    {
        const Segment second{.sequence = 9000, .flags = TcpSyn};
        const Opened ended
            = open({kSyn, data(100, "one"), {.sequence = 103, .flags = TcpRst}, data(103, "late"), second, data(9001, "two")});
        QCOMPARE(ended.peers(), 2U);
        QCOMPARE(ended.story(1), QByteArray("Joined R:one Left(3)"));
        QCOMPARE(ended.story(2), QByteArray("Joined R:two"));
        QCOMPARE(ended.story(kNoPeer), QByteArray("PassedOver(1,6)"));
        const Opened unseen = open({kSyn, data(100, "one"), second, data(9001, "two")});
        QCOMPARE(unseen.story(1), "Joined R:one Left(" + QByteArray::number(static_cast<int>(LeftReason::Unseen)) + ')');
        QCOMPARE(unseen.story(2), QByteArray("Joined R:two"));
    }

    void resetsThatEndNothing()
    {
        const Segment far{.sequence = 100 + 0x40000000, .flags = TcpRst};
        QCOMPARE(open({kSyn, far, data(100, "still here")}).story(), QByteArray("Joined R:still here"));
        const Opened alone = open({{.sequence = 5, .flags = TcpRst}});
        QCOMPARE(alone.peers(), 0U);
        QCOMPARE(alone.story(kNoPeer), QByteArray("PassedOver(1,6)"));
        // A SYN that is refused
        const Opened refused = open({kSyn, {.fromServer = true, .flags = TcpRst | TcpAck, .acknowledgement = 100}, kSyn});
        QCOMPARE(refused.peers(), 1U);
        QCOMPARE(refused.story(), QByteArray("Joined Left(2)"));
    }

    void packetsThatAreCutShort()
    {
        const QList<Segment> segments{kSyn,
                                      data(100, "hello world"),
                                      data(111, "!"),
                                      data(112, QByteArray(20, 'x')),
                                      {.fromServer = true, .sequence = 1, .payload = "answered"}};
        const Opened got = open(segments, {.snap = 45});
        QCOMPARE(got.story(), QByteArray("Joined R:hello Cut(6) R:! R:xxxxx Cut(15) S:answe Cut(3)"));
        QCOMPARE(got.source->report().missing, 24U);
        const Opened headers = open(segments, {.snap = 40});
        QCOMPARE(headers.story(), QByteArray("Joined Cut(11) Cut(1) Cut(20) Cut(8)"));
        QCOMPARE(open(segments, {.snap = 39}).story(kNoPeer), QByteArray("PassedOver(5,2)"));
    }

    void cutDatagrams()
    {
        const Opened got = open({ipv4(17, false, udpOf(false, "question?")), ipv4(17, true, udpOf(true, "no")),
                                 ipv4(17, false, udpOf(false, "", 50'001))},
                                {.snap = 36});
        QCOMPARE(got.story(1), QByteArray("Joined R:question Cut(1) S:no"));
        QCOMPARE(got.story(2), QByteArray("Joined R:"));
        QVERIFY(got.index.peerInfo(1)->transport == Transport::Udp);
    }

    void manyConversations()
    {
        QList<QByteArray> packets;
        const quint16 count = 5000;
        for (const quint32 sequence : {1U, 5U}) {
            for (quint16 i = 1; i <= count; ++i) {
                const auto port = static_cast<quint16>(i + 10'000);
                packets += tcp4({.sequence = sequence, .payload = be32(i), .client = port});
            }
        }
        const Opened got = open(packets);
        QCOMPARE(got.peers(), PeerId{count});
        for (PeerId peer = 1; peer <= count; peer += 499) {
            QCOMPARE(got.index.peerInfo(peer)->remote.port(), static_cast<quint16>(peer + 10'000));
            QCOMPARE(got.bytes(RecordKind::Received, peer), be32(peer).repeated(2));
        }
    }

    // A file whose segments are all nonsense must cost no more than its size.
    void anySegments()
    {
        QRandomGenerator random(11);
        for (int round = 0; round < 20; ++round) {
            QList<Segment> segments;
            for (int i = 0; i < 2000; ++i) {
                const quint32 around = round % 2 == 0 ? random.generate() : random.bounded(5000U);
                segments += Segment{.fromServer = random.bounded(2) == 0,
                                    .sequence = around,
                                    .flags = static_cast<quint8>(random.bounded(32) & (i % 50 == 0 ? 0x1f : 0x19)),
                                    .payload = QByteArray(random.bounded(50), 'x'),
                                    .acknowledgement = round % 4 < 2 ? random.generate() : random.bounded(5000U)};
            }
            const Opened got = open(segments);
            QVERIFY(got.source);
            QVERIFY(got.index.size() < 20'000);
        }
    }
};

QTEST_GUILESS_MAIN(ReassemblingTest)
#include "reassembling.moc"

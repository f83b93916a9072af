// SPDX-License-Identifier: MIT
#include "transcript/pcapng.h"

#include <QTest>

#include "support/records.h"
#include "transcript/detailcodec.h"
#include "transcript/packet.h"
#include "transcript/recordwriter.h"

using namespace tincan;
using tincan::test::BatchMaker;

class PcapngTest : public QObject
{
    Q_OBJECT

private:
    static ByteBuffer written(const Batch &batch)
    {
        ByteBuffer buffer;
        pcapng::appendFileHeader(buffer, "test");
        RecordWriter writer;
        for (const Record &record : batch.records) {
            writer.append(buffer, 0, batch, record);
        }
        return buffer;
    }
    static std::vector<ParsedPacket> packets(std::span<const std::byte> bytes)
    {
        std::vector<ParsedPacket> all;
        while (const auto block = pcapng::firstBlock(bytes)) {
            if (const auto packet = pcapng::packetOf(*block)) {
                all.push_back(*parsePacket(packet->bytes));
            }
            bytes = bytes.subspan(block->whole.size());
        }
        return all;
    }

private slots:
    void anAcknowledgementIsAPacketOfNothingElse()
    {
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Sent, 1, "hello").add(RecordKind::Received, 1, "ab");
        maker.add(RecordKind::Acknowledged, 1, {}, AcknowledgedInfo{3}).add(RecordKind::Acknowledged, 2, {}, AcknowledgedInfo{3});
        const ByteBuffer buffer = written(maker.batch);
        const std::vector<ParsedPacket> all = packets(buffer.bytes());
        QCOMPARE(all.size(), 5U); // two of the handshake; of a peer that has not joined, none
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(!isPureAcknowledgement(all[i]));
        }
        QVERIFY(isPureAcknowledgement(all[4]));
        QCOMPARE(all[4].source, all[3].source); // from the peer
        QCOMPARE(all[4].sequence, 3U);
        QCOMPARE(acknowledgedBytes(all[4].acknowledgement, 0), 3U);
    }

    void everyDetailComesBack_data()
    {
        QTest::addColumn<int>("which");
        for (int which = 0; which < static_cast<int>(std::variant_size_v<Detail>); ++which) {
            QTest::newRow(qPrintable(QString::number(which))) << which;
        }
    }
    void everyDetailComesBack()
    {
        QFETCH(int, which);
        FailureInfo failure;
        failure.cause = FailureCause::TimedOut;
        failure.error = {ETIMEDOUT, CallName::Connect, "x"};
        failure.endpoint = Endpoint::ipv4(1, 2);
        failure.host = "host";
        failure.port = 7;
        failure.attempts = {{Endpoint::ipv4(3, 4), {ECONNREFUSED, CallName::Connect, ""}}};
        failure.owner = {42, "nc"};
        failure.afterMilliseconds = 5;
        failure.listener = 6;
        failure.transport = Transport::UnixStream;
        const std::vector<Detail> details
            = {std::monostate(),
               ConnectInfo{"localhost", 6666},
               PeerInfo{Endpoint::ipv4(1, 2),
                        *Endpoint::fromAddress("::1", 3),
                        4,
                        Direction::Outgoing,
                        Transport::UnixSeqpacket,
                        true,
                        9,
                        {42, 1000, 1001, "socat", "ann"},
                        43},
               ListenInfo{Endpoint::ipv4(1, 2), 3, 4, true, 5, Transport::Udp, Serving::OneAtATime, true},
               FanOutInfo{true, {1, 2, 3}},
               RefusedInfo{RefusedReason::NotConnected, 77, EMSGSIZE},
               LeftInfo{LeftReason::BrokenPipe, {EPIPE, CallName::Send, "y"}, 8, 9},
               failure,
               NoteInfo{NoteCode::Other, 1, -2, "text"},
               CallInfo{.call = CallName::Bind, .fd = 1, .result = -1, .error = 98},
               AcknowledgedInfo{0x1'0000'0005, 48'000},
               StoppedInfo{6}};
        const Detail &detail = details.at(static_cast<std::size_t>(which));
        ByteBuffer bytes;
        encodeDetail(detail, bytes);
        const auto back = decodeDetail(bytes.bytes());
        QVERIFY(back);
        QCOMPARE(back->index(), detail.index());
        ByteBuffer again;
        encodeDetail(*back, again);
        QVERIFY(std::equal(again.bytes().begin(), again.bytes().end(), bytes.bytes().begin(), bytes.bytes().end()));
        int whole = 0;
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) { // torn bytes are none, and harm nobody
            whole += static_cast<int>(decodeDetail(bytes.bytes().first(cut)).has_value());
        }
        QVERIFY(whole <= 1); // what an earlier version wrote, which had not all the members
    }

    void aConversationAsPackets_data()
    {
        QTest::addColumn<bool>("v6");
        QTest::newRow("IPv4") << false;
        QTest::newRow("IPv6") << true;
    }
    void aConversationAsPackets()
    {
        QFETCH(bool, v6);
        BatchMaker maker;
        maker.joined(1, v6)
            .add(RecordKind::Received, 1, "hello")
            .add(RecordKind::Sent, 1, "hi")
            .add(RecordKind::Received, 1, "x");
        maker.add(RecordKind::PeerFinished, 1).add(RecordKind::Sent, 1, "yz").add(RecordKind::Finished, 1);
        maker.left(1, LeftReason::BothFinished);
        const ByteBuffer file = written(maker.batch);
        const auto all = packets(file.bytes());
        struct Expected {
            bool outbound;
            int flags;
            std::uint32_t sequence;
            std::uint32_t acknowledgement;
            std::string_view payload;
        };
        const std::vector<Expected> expected = {
            {false, TcpSyn, 0, 0, ""},           {true, TcpSyn | TcpAck, 0, 1, ""},   {false, TcpPsh | TcpAck, 1, 1, "hello"},
            {true, TcpPsh | TcpAck, 1, 6, "hi"}, {false, TcpPsh | TcpAck, 6, 3, "x"}, {false, TcpFin | TcpAck, 7, 3, ""},
            {true, TcpPsh | TcpAck, 3, 8, "yz"}, {true, TcpFin | TcpAck, 5, 8, ""},
        };
        QCOMPARE(all.size(), expected.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const ParsedPacket &packet = all[i];
            QCOMPARE(packet.source.port() == 6666, expected[i].outbound);
            QCOMPARE(packet.destination.port() == 6666, !expected[i].outbound);
            QCOMPARE(int(packet.flags), expected[i].flags);
            QCOMPARE(packet.sequence, expected[i].sequence);
            QCOMPARE(packet.acknowledgement, expected[i].acknowledgement);
            QCOMPARE(std::string_view(reinterpret_cast<const char *>(packet.payload.data()), packet.payload.size()),
                     expected[i].payload);
        }
        QCOMPARE(all[0].source.addressText(), std::string(v6 ? "2001:db8::7" : "192.0.2.7"));
    }

    void whatNoPacketSaysComesBackToo()
    {
        BatchMaker maker;
        maker.joined(1);
        maker.add(RecordKind::FanOut, 1, "payload", FanOutInfo{false, {5}});
        maker.add(RecordKind::Refused, 1, "no", RefusedInfo{RefusedReason::QueueFull, 3});
        const ByteBuffer file = written(maker.batch);
        std::span<const std::byte> rest = file.bytes();
        std::vector<pcapng::OwnRecord> records;
        while (const auto block = pcapng::firstBlock(rest)) {
            if (const auto own = pcapng::recordOf(*block)) {
                records.push_back(*own);
            }
            rest = rest.subspan(block->whole.size());
        }
        QVERIFY(rest.empty());
        QCOMPARE(records.size(), 3U);
        QCOMPARE(records[1].record.kind, RecordKind::FanOut);
        QCOMPARE(records[1].record.time, maker.batch.records[1].time);
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(records[1].record.data), records[1].record.size),
                 QByteArray("payload"));
        QCOMPARE(std::get<FanOutInfo>(records[1].detail).peers, std::vector<PeerId>{5});
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(records[2].record.data), records[2].record.size), QByteArray("no"));
    }

    void aTornLastBlockIsNone()
    {
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Received, 1, "hello");
        const ByteBuffer file = written(maker.batch);
        const std::size_t whole = packets(file.bytes()).size();
        const std::size_t lastBlock
            = 28 + 40 + 8 + 8 + 4 + 4; // fixed part, headers, padded payload, flags, end of options, length
        for (std::size_t cut = 1; cut < lastBlock; ++cut) {
            QCOMPARE(packets(file.bytes().first(file.size() - cut)).size(), whole - 1);
        }
    }
};

QTEST_GUILESS_MAIN(PcapngTest)
#include "pcapng.moc"

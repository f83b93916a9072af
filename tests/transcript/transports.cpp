// SPDX-License-Identifier: MIT
// Sessions with every kind of socket: what stands in the files, and that it comes back row by row.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "support/recordedfile.h"
#include "support/records.h"
#include "support/writtenblocks.h"
#include "transcript/exporter.h"
#include "transcript/packet.h"
#include "transcript/pcapng.h"
#include "transcript/recorder.h"
#include "transcript/sessionreader.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::bytesOf;
using tincan::test::Kept;
using tincan::test::kMostDatagram4;
using tincan::test::kMostDatagram6;
using tincan::test::peerInfo;
using tincan::test::readBack;
using tincan::test::Written;
using tincan::test::written;

class TransportsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;

    // The rows as they were live.
    static Kept record(const RecordingPlace &place, std::vector<Batch> batches, QString *path)
    {
        Recorder recorder;
        if (!recorder.open(place, QStringLiteral("tincan-test"))) {
            return {};
        }
        recorder.start();
        for (Batch &batch : batches) {
            recorder.publish(batch);
        }
        recorder.finish();
        RowBatch rows;
        recorder.takeRows(rows);
        *path = recorder.path();
        Kept kept;
        kept.add(rows, recorder);
        return kept;
    }
    // Every kind, each with an empty message and the longest, if it has such.
    static BatchMaker conversations()
    {
        BatchMaker maker;
        PeerId peer = 0;
        for (const Transport transport : kTransports) {
            for (const bool v6 : {false, true}) {
                maker.joined(++peer, transport, v6, v6 ? Direction::Outgoing : Direction::Incoming);
                maker.add(RecordKind::Received, peer, "hello " + QByteArray::number(peer)).echo();
                if (keepsBorders(transport)) {
                    maker.add(RecordKind::Received, peer).echo().add(RecordKind::Sent, peer);
                    const bool isShorter = transport == Transport::Udp && !v6;
                    maker.add(RecordKind::Received, peer, QByteArray(isShorter ? kMostDatagram4 : kMostDatagram6, 'm')).echo();
                }
                maker.add(RecordKind::Sent, peer, "own");
            }
        }
        maker.add(RecordKind::FanOut, kNoPeer, "to all").add(RecordKind::FanOut, 3);
        maker.add(RecordKind::FanOut, kNoPeer, QByteArray(kMostDatagram6, 'f'), FanOutInfo{true, {4, 6, 8, 10}});
        for (PeerId id = 1; id <= peer; ++id) {
            if (!isDatagram(kTransports.at((id - 1) / 2))) {
                maker.add(RecordKind::PeerFinished, id).add(RecordKind::Sent, id, "late").add(RecordKind::Finished, id);
            }
            maker.left(id, isDatagram(kTransports.at((id - 1) / 2)) ? LeftReason::Forgotten : LeftReason::BothFinished);
        }
        return maker;
    }
    // … recorded as the row of the test says.
    static Kept recordConversations(QString *path)
    {
        QFETCH(quint64, segmentBytes);
        QFETCH(bool, load);
        BatchMaker maker = conversations();
        maker.batch.bytes = load ? std::size_t{512} * 1024 : 1;
        RecordingPlace place;
        place.limits.totalBytes = 0;
        place.limits.segmentBytes = segmentBytes;
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        return record(place, std::move(batches), path);
    }

private slots:
    void init()
    {
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_home.path()));
        QDir(m_home.filePath(QStringLiteral("tincan"))).removeRecursively();
    }

    void everyKindComesBack_data()
    {
        QTest::addColumn<quint64>("segmentBytes");
        QTest::addColumn<bool>("load");
        for (const bool load : {false, true}) {
            QTest::addRow("one file%s", load ? " under load" : "") << (quint64{1} << 30U) << load;
            QTest::addRow("small segments%s", load ? " under load" : "") << quint64{4096} << load;
        }
    }
    void everyKindComesBack()
    {
        QString path;
        const Kept live = recordConversations(&path);
        QVERIFY(live.rows.size() > 100);
        const auto empty = [](const Kept::One &row) { return isMessage(row.kind) && row.size == 0; };
        QCOMPARE(std::count_if(live.rows.begin(), live.rows.end(), empty), 6 * 3 + 1);
        QCOMPARE(readBack(path, 5).difference(live), QString());
    }

    // An export of that is the same conversations: what went to many is a message to each.
    void everyKindIsExported_data() { everyKindComesBack_data(); }
    void everyKindIsExported()
    {
        QString path;
        const Kept live = recordConversations(&path);
        const QString full = m_home.filePath(QStringLiteral("full.pcapng"));
        QVERIFY(exportFull(path, full));
        const Kept exported = readBack(full, 5);
        Kept expected;
        for (const Kept::One &row : live.rows) {
            if (row.kind != RecordKind::FanOut) {
                expected.rows << row;
                continue;
            }
            const bool isOnly = row.size == kMaxMessage;
            for (PeerId to = 1; to <= 10; ++to) {
                if (isOnly ? to == 4 || to == 6 || to == 8 || to == 10 : to != row.peer) {
                    expected.rows << Kept::One{RecordKind::Sent, to, row.time, row.size, row.payload, {}};
                }
            }
        }
        QCOMPARE(exported.difference(expected), QString());
    }

    void aLongMessageToManyIsCutForTcp()
    {
        BatchMaker maker;
        maker.joined(1).joined(2, Transport::UnixSeqpacket).joined(3, Transport::Udp);
        maker.add(RecordKind::FanOut, kNoPeer, QByteArray(kMostDatagram6, 'f')).add(RecordKind::Sent, 1, "then");
        RecordingPlace place;
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        QString path;
        record(place, std::move(batches), &path);
        const QString full = m_home.filePath(QStringLiteral("full.pcapng"));
        QVERIFY(exportFull(path, full));
        const Kept exported = readBack(full, 5);
        QList<std::pair<PeerId, std::uint32_t>> sent;
        for (const Kept::One &row : exported.only(RecordKind::Sent).rows) {
            sent << std::pair{row.peer, row.size};
        }
        const QList<std::pair<PeerId, std::uint32_t>> expected{
            {1, kMaxPayload}, {1, kMaxMessage - kMaxPayload}, {2, kMaxMessage}, {3, kMaxMessage}, {1, 4}};
        QCOMPARE(sent, expected);
    }

    void theSameAddressesOfTcpAndUdpAreTwo()
    {
        BatchMaker maker;
        PeerInfo datagrams = peerInfo(1, Transport::Udp);
        maker.joined(1).add(RecordKind::Joined, 2, {}, datagrams);
        maker.add(RecordKind::Received, 1, "stream").add(RecordKind::Received, 2, "datagram").add(RecordKind::Sent, 1, "s");
        maker.add(RecordKind::Sent, 2, "d").left(2, LeftReason::Forgotten).add(RecordKind::Received, 1, "still there");
        QCOMPARE(written(maker.batch).packets.size(), 2 + 5); // none had to stand apart
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        QString path;
        const Kept live = record({}, std::move(batches), &path);
        QCOMPARE(readBack(path, 5).difference(live), QString());
    }

    // Two listeners may share an address (SO_REUSEPORT), and both hear of one who sends.
    void twoDatagramPeersOfTheSameAddressesAreKeptApart()
    {
        BatchMaker maker;
        const PeerInfo info = peerInfo(1, Transport::Udp);
        maker.add(RecordKind::Joined, 1, {}, info).add(RecordKind::Received, 1, "one");
        maker.add(RecordKind::Joined, 2, {}, info).add(RecordKind::Received, 2, "two").add(RecordKind::Received, 1, "one again");
        maker.add(RecordKind::Received, 1).left(2, LeftReason::Forgotten).add(RecordKind::Sent, 1, "only one is left");
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        QString path;
        const Kept live = record({}, std::move(batches), &path);
        QCOMPARE(readBack(path, 5).difference(live), QString());
    }

    void peersWithoutNamesAreKeptApart()
    {
        BatchMaker maker;
        for (PeerId peer = 1; peer <= 4; ++peer) {
            maker.add(RecordKind::Joined, peer, {},
                      PeerInfo{.transport = peer <= 2 ? Transport::UnixStream : Transport::UnixDatagram});
        }
        for (PeerId peer = 1; peer <= 4; ++peer) {
            maker.add(RecordKind::Received, peer, "from " + QByteArray::number(peer)).echo();
        }
        maker.left(2, LeftReason::BothFinished).add(RecordKind::Received, 1, "still there").add(RecordKind::Received, 3);
        maker.batch.bytes = std::size_t{512} * 1024;
        RecordingPlace place;
        place.limits.segmentBytes = 4096;
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        QString path;
        const Kept live = record(place, std::move(batches), &path);
        QCOMPARE(readBack(path, 5).difference(live), QString());
    }

    // An empty message is no echo of another one, wherever its bytes are not.
    void emptyMessagesUnderLoad()
    {
        BatchMaker maker;
        maker.joined(1, Transport::UnixSeqpacket).add(RecordKind::Sent, 1).add(RecordKind::Received, 1, "abc");
        maker.add(RecordKind::Sent, 1).add(RecordKind::Received, 1).echo().add(RecordKind::Sent, 1, "d");
        maker.batch.bytes = std::size_t{512} * 1024;
        std::vector<Batch> batches;
        batches.push_back(std::move(maker.batch));
        QString path;
        const Kept live = record({}, std::move(batches), &path);
        QCOMPARE(live.rows.size(), 7);
        QCOMPARE(readBack(path, 5).difference(live), QString());
    }

    // What was saved of a capture's datagrams was once written with TCP headers.
    void datagramsThatWereSavedAsTcpAreStillRead()
    {
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Received, 1, "question?").add(RecordKind::Sent, 1, "no");
        ByteBuffer file;
        pcapng::appendFileHeader(file, "tincan-test");
        Record joined = maker.batch.records.front();
        pcapng::appendRecord(file, joined, peerInfo(1, Transport::Udp));
        const Written all = written(maker.batch); // as TCP
        std::span<const std::byte> rest = all.bytes.bytes();
        while (const auto block = pcapng::firstBlock(rest)) {
            if (block->type == pcapng::kEnhancedPacket) {
                file.append(block->whole.data(), block->whole.size());
            }
            rest = rest.subspan(block->whole.size());
        }
        const QString path = m_home.filePath(QStringLiteral("old.pcapng"));
        QFile out(path);
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(bytesOf(file.bytes())), static_cast<qint64>(file.size()));
        out.close();
        const Kept kept = readBack(path, 5);
        QCOMPARE(kept.rows.size(), 3);
        QCOMPARE(kept.rows.at(1).payload, QByteArray("question?"));
        QCOMPARE(kept.rows.at(2).kind, RecordKind::Sent);
    }
};

QTEST_GUILESS_MAIN(TransportsTest)
#include "transports.moc"

// SPDX-License-Identifier: MIT
// What was recorded is opened again: the rows are those that were live, record by record.
#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "support/recordings.h"
#include "support/records.h"
#include "transcript/delivery.h"
#include "transcript/detailcodec.h"
#include "transcript/exporter.h"
#include "transcript/pcapng.h"
#include "transcript/recorder.h"
#include "transcript/sessionfiles.h"
#include "transcript/sessionreader.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::Kept;
using tincan::test::RandomTraffic;

class ReopeningTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;

    static RecordingLimits segmentsOf(std::uint64_t bytes)
    {
        RecordingLimits limits;
        limits.segmentBytes = bytes;
        limits.totalBytes = 0; // none is discarded
        return limits;
    }

    // Records what `traffic` makes, in the state folder; the rows as they were live.
    static Kept record(RandomTraffic &traffic, int batches, const RecordingLimits &limits, QString *path)
    {
        Recorder recorder;
        RecordingPlace place;
        place.limits = limits;
        if (!recorder.open(place, QStringLiteral("tincan-test"))) {
            return {};
        }
        recorder.start();
        std::size_t records = 0;
        Kept kept;
        RowBatch rows;
        for (int i = 0; i < batches; ++i) {
            Batch batch = traffic.next();
            records += batch.records.size();
            recorder.publish(batch);
            // One at a time, so that a batch is a batch.
            static_cast<void>(QTest::qWaitFor([&] {
                recorder.takeRows(rows);
                return rows.rows.size() + rows.calls.size() >= records;
            }));
        }
        recorder.finish();
        recorder.takeRows(rows);
        *path = recorder.path();
        kept.add(rows, recorder);
        return kept;
    }
    static Kept reopened(const QString &path, RowSource::Report *report = nullptr, std::size_t most = 7)
    {
        Kept kept;
        const auto source = openOwnSession(path);
        if (!source) {
            return kept;
        }
        RowBatch all;
        for (;;) {
            RowBatch rows;
            const Result<bool> more = (*source)->readRows(rows, most);
            kept.add(rows, **source);
            if (!more || !*more) {
                break;
            }
        }
        if (report) {
            *report = (*source)->report();
        }
        return kept;
    }
    static QStringList filesOf(const QString &path)
    {
        const QFileInfo info(path);
        QStringList files;
        for (const QFileInfo &file : info.dir().entryInfoList({info.completeBaseName() + u'*'}, QDir::Files, QDir::Name)) {
            files << file.filePath();
        }
        // session.pcapng is the first, though its name comes last
        std::sort(files.begin(), files.end(), [](const QString &one, const QString &other) {
            return one.size() != other.size() ? one.size() < other.size() : one < other;
        });
        return files;
    }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
    }
    // Where the blocks of a file begin, and its end.
    static QList<qsizetype> blocks(const QByteArray &bytes)
    {
        QList<qsizetype> begins{0};
        std::span<const std::byte> rest(reinterpret_cast<const std::byte *>(bytes.constData()),
                                        static_cast<std::size_t>(bytes.size()));
        while (const auto block = pcapng::firstBlock(rest)) {
            begins << begins.last() + static_cast<qsizetype>(block->whole.size());
            rest = rest.subspan(block->whole.size());
        }
        return begins;
    }

private slots:
    void init()
    {
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_home.path()));
        QDir(m_home.filePath(QStringLiteral("tincan"))).removeRecursively();
    }

    void randomSessionsComeBack_data()
    {
        QTest::addColumn<quint64>("segmentBytes");
        for (const quint64 bytes : {quint64{1} << 30U, quint64{64} * 1024, quint64{150} * 1024}) {
            for (int seed = 1; seed <= 3; ++seed) {
                QTest::addRow("%llu %d", static_cast<unsigned long long>(bytes), seed) << bytes;
            }
        }
    }
    void randomSessionsComeBack()
    {
        QFETCH(quint64, segmentBytes);
        RandomTraffic traffic(static_cast<quint32>(qHash(QByteArray(QTest::currentDataTag()))));
        const RecordingLimits limits = segmentsOf(segmentBytes);
        QString path;
        const Kept live = record(traffic, 60, limits, &path);
        QVERIFY(live.rows.size() > 500);
        const QStringList files = filesOf(path);
        QCOMPARE(files.size() > 1, segmentBytes < 1024 * 1024);
        RowSource::Report report;
        Kept again = reopened(path, &report);
        QCOMPARE(again.difference(live), QString());
        QVERIFY(report.finished);
        QVERIFY(report.own);
        QCOMPARE(report.cutBytes, 0U);
        QCOMPARE(report.passedOver, 0U);
        QCOMPARE(report.bytesRead, report.bytes);
        QCOMPARE(report.application, std::string("tincan-test"));
        again = reopened(files.last(), nullptr, 100'000); // any of them will do
        QCOMPARE(again.difference(live), QString());
    }

    void aFileCutAnywhereInItsLastBlockLosesThatOnly()
    {
        RandomTraffic traffic(77);
        const RecordingLimits limits = segmentsOf(64 * 1024);
        QString path;
        const Kept live = record(traffic, 30, limits, &path);
        const QString last = filesOf(path).last();
        const QByteArray whole = contents(last);
        const QList<qsizetype> begins = blocks(whole);
        QCOMPARE(begins.last(), whole.size());
        // The end mark, then what was recorded last.
        for (qsizetype number = begins.size() - 2; number >= std::max<qsizetype>(3, begins.size() - 12); --number) {
            QVERIFY(put(last, whole.left(begins.at(number))));
            RowSource::Report report;
            const Kept upTo = reopened(path, &report);
            QCOMPARE(report.cutBytes, 0U);
            QVERIFY(!report.finished);
            QVERIFY(upTo.isBeginningOf(live));
            const qsizetype end = begins.at(number + 1);
            for (qsizetype size = end - 1; size > begins.at(number); size -= end - begins.at(number) > 2000 ? 61 : 1) {
                QVERIFY(put(last, whole.left(size)));
                const Kept cut = reopened(path, &report, 1000);
                QCOMPARE(cut.difference(upTo), QString());
                QCOMPARE(report.cutBytes, static_cast<std::uint64_t>(size - begins.at(number)));
            }
        }
    }

    void withoutItsFirstSegmentsTheRestIsThere()
    {
        RandomTraffic traffic(5);
        const RecordingLimits limits = segmentsOf(64 * 1024);
        QString path;
        const Kept live = record(traffic, 40, limits, &path);
        const QStringList files = filesOf(path);
        QVERIFY(files.size() > 3);
        QVERIFY(QFile::remove(files.at(0)));
        QVERIFY(QFile::remove(files.at(1)));
        QVERIFY(test::isOwn(path));
        Kept rest = reopened(path); // by the name of one that is gone
        QVERIFY(!rest.rows.isEmpty());
        // First those who are there already, as they joined (and finished); then all as it was.
        QVERIFY(rest.rows.first().kind == RecordKind::Joined);
        while (!rest.isEndOf(live)) {
            const RecordKind kind = rest.rows.first().kind;
            QVERIFY(kind == RecordKind::Joined || kind == RecordKind::Finished || kind == RecordKind::PeerFinished);
            QVERIFY(live.has(rest.rows.first()));
            rest.rows.removeFirst();
            QVERIFY(!rest.rows.isEmpty());
        }
    }

    // What is acknowledged is counted from a connection's beginning, which may have been discarded.
    void acknowledgementsAreOfWhatIsThere_data()
    {
        QTest::addColumn<QList<int>>("removed");
        QTest::addColumn<QList<int>>("marks"); // of the messages that are left: acknowledged or not
        QTest::newRow("whole") << QList<int>{} << QList<int>{1, 1, 1, 0};
        QTest::newRow("without the first") << QList<int>{0} << QList<int>{1, 1, 0};
        QTest::newRow("without the first two") << QList<int>{0, 1} << QList<int>{1, 0};
        QTest::newRow("without the second") << QList<int>{1} << QList<int>{1, 1, 0};
    }
    void acknowledgementsAreOfWhatIsThere()
    {
        QFETCH(QList<int>, removed);
        QFETCH(QList<int>, marks);
        Recorder recorder;
        RecordingPlace place;
        place.limits.segmentBytes = 4096;
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1).joined(2);
        for (int message = 0; message < 4; ++message) {
            maker.add(message == 1 ? RecordKind::FanOut : RecordKind::Sent, message == 1 ? kNoPeer : PeerId{1},
                      QByteArray(2500, 'a'));
            if (message < 3) {
                maker.add(RecordKind::Acknowledged, 1, {}, AcknowledgedInfo{static_cast<std::uint64_t>(message + 1) * 2500, -1});
            }
        }
        maker.add(RecordKind::Note, kNoPeer, {}, NoteInfo{});
        recorder.publish(maker.batch);
        recorder.finish();
        const QStringList files = filesOf(recorder.path());
        QCOMPARE(files.size(), 4);
        for (const int file : removed) {
            QVERIFY(QFile::remove(files.at(file)));
        }
        const auto source = openOwnSession(recorder.path());
        QVERIFY(source);
        Index index;
        Delivery delivery(index);
        RowBatch rows;
        for (bool more = true; more;) {
            rows.clear();
            more = (*source)->readRows(rows, 3).value_or(false);
            delivery.rowsCame(index.append(rows));
            delivery.apply(rows.acks);
        }
        QList<int> seen;
        for (RowNumber row = 0; row < index.size(); ++row) {
            if (isMessage(index.row(row).kind)) {
                seen << static_cast<int>(delivery.state(row, 1).kind == DeliveryState::Kind::Acknowledged);
            }
        }
        QCOMPARE(seen, marks);
    }

    void damageInTheMiddleEndsOneSegmentOnly()
    {
        RandomTraffic traffic(6);
        const RecordingLimits limits = segmentsOf(64 * 1024);
        QString path;
        const Kept live = record(traffic, 40, limits, &path);
        const QString second = filesOf(path).at(1);
        QByteArray bytes = contents(second);
        const QList<qsizetype> begins = blocks(bytes);
        bytes[begins.at(begins.size() / 2) + 4] = 13; // no length of any block
        QVERIFY(put(second, bytes));
        RowSource::Report report;
        const Kept rest = reopened(path, &report);
        QCOMPARE(report.cutBytes, 0U);
        QCOMPARE(rest.notes(NoteCode::RecordingDamaged), 1);
        QVERIFY(std::any_of(live.rows.begin(), live.rows.end(), [&](const Kept::One &row) { return !rest.has(row); }));
        QVERIFY(rest.rows.size() > live.rows.size() / 2);
        QVERIFY(rest.rows.last() == live.rows.last());
        QVERIFY(report.finished);
    }

    void everyPeerIsKnownAfterDamage()
    {
        Recorder recorder;
        RecordingPlace place;
        place.limits.segmentBytes = 4096;
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1).joined(2).add(RecordKind::Received, 1, QByteArray(2500, 'a'));
        maker.add(RecordKind::Received, 2, QByteArray(2500, 'b')).left(2, LeftReason::BothFinished).joined(3);
        maker.add(RecordKind::Received, 3, QByteArray(2500, 'c'));
        recorder.publish(maker.batch);
        recorder.finish();
        const QStringList files = filesOf(recorder.path());
        QCOMPARE(files.size(), 3);
        QVERIFY(QFile::remove(files.at(1))); // in which one leaves and one joins
        const Kept kept = reopened(recorder.path());
        QList<std::pair<RecordKind, PeerId>> seen;
        for (const Kept::One &row : kept.rows) {
            seen << std::pair{row.kind, row.peer};
        }
        const QList<std::pair<RecordKind, PeerId>> expected{{RecordKind::Joined, 1},   {RecordKind::Joined, 2},
                                                            {RecordKind::Received, 1}, {RecordKind::Joined, 3},
                                                            {RecordKind::Left, 2},     {RecordKind::Received, 3}};
        QCOMPARE(seen, expected);
    }

    // Those of a peer count all that was sent to it; where the beginning is gone, the rows that are there do not.
    void acknowledgementsCountWhatTheFilesHold()
    {
        Recorder recorder;
        RecordingPlace place;
        place.limits.segmentBytes = 4096;
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Sent, 1, QByteArray(2500, 'a')).add(RecordKind::Sent, 1, QByteArray(2500, 'b'));
        maker.add(RecordKind::Acknowledged, 1, {}, AcknowledgedInfo{2600, -1});
        recorder.publish(maker.batch);
        recorder.finish();
        const QStringList files = filesOf(recorder.path());
        QCOMPARE(files.size(), 2);
        const auto acknowledged = [](const QString &path) {
            const auto source = openOwnSession(path);
            RowBatch rows;
            return source && (*source)->readRows(rows, 1000) && rows.acks.size() == 1 ? rows.acks.front().info.bytes : 0;
        };
        QCOMPARE(acknowledged(files.at(0)), 2600U);
        QVERIFY(QFile::remove(files.at(0)));
        QCOMPARE(acknowledged(files.at(1)), 100U);
    }

    void twoPeersOfTheSameAddressesAreKeptApart()
    {
        Recorder recorder;
        QVERIFY(recorder.open({}, QStringLiteral("tincan-test")));
        recorder.start();
        BatchMaker maker;
        PeerInfo info;
        info.local = Endpoint::ipv4(0x7f000001, 6666);
        info.remote = Endpoint::ipv4(0x7f000001, 50'000);
        maker.add(RecordKind::Joined, 1, {}, info).add(RecordKind::Received, 1, "one");
        maker.add(RecordKind::Joined, 2, {}, info).add(RecordKind::Received, 2, "two").add(RecordKind::Received, 1, "one again");
        maker.left(1, LeftReason::ResetByPeer).add(RecordKind::Sent, 2, "two again");
        recorder.publish(maker.batch);
        recorder.finish();
        RowBatch rows;
        recorder.takeRows(rows);
        Kept live;
        live.add(rows, recorder);
        QCOMPARE(live.rows.size(), 7);
        QCOMPARE(reopened(recorder.path()).difference(live), QString());
    }

    void whatIsRunningIsNotUnfinished()
    {
        Recorder recorder;
        QVERIFY(recorder.open({}, QStringLiteral("tincan-test")));
        const auto during = sessionState(recorder.path());
        QVERIFY(during);
        QVERIFY(during->own);
        QVERIFY(during->running);
        QVERIFY(!during->finished);
        recorder.start();
        recorder.finish();
        QVERIFY(sessionState(recorder.path())->finished);
    }

    void anythingMayStandInAFile()
    {
        RandomTraffic traffic(9);
        const RecordingLimits limits = segmentsOf(32 * 1024);
        QString path;
        record(traffic, 10, limits, &path);
        const QStringList files = filesOf(path);
        QRandomGenerator random(1);
        for (int round = 0; round < 150; ++round) {
            const QString file = files.at(random.bounded(static_cast<int>(files.size())));
            const QByteArray good = contents(file);
            QByteArray bad = good;
            for (int i = random.bounded(1, 40); i > 0; --i) {
                bad[random.bounded(static_cast<int>(bad.size()))] = static_cast<char>(random.bounded(256));
            }
            QVERIFY(put(file, bad));
            reopened(path, nullptr, 100'000); // must only come to an end
            QVERIFY(put(file, good));
        }
    }

    void whatIsNoneIsSaid()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("x.pcapng"));
        QCOMPARE(openOwnSession(path).error().code, ENOENT);
        QCOMPARE(openOwnSession(folder.path()).error().code, EISDIR);
        QVERIFY(put(path, "no session at all, but some bytes"));
        QCOMPARE(openOwnSession(path).error().call, CallName::Parse);
        QVERIFY(!test::isOwn(path));
        ByteBuffer other;
        pcapng::appendFileHeader(other, "dumpcap 4.0");
        QVERIFY(put(path, QByteArray(reinterpret_cast<const char *>(other.data()), static_cast<qsizetype>(other.size()))));
        QVERIFY(!test::isOwn(path));
        QCOMPARE(openOwnSession(path).error().call, CallName::Parse);
    }

    void anExportOfSeveralSegmentsIsOneSession()
    {
        RandomTraffic traffic(12);
        const RecordingLimits limits = segmentsOf(64 * 1024);
        QString path;
        const Kept live = record(traffic, 20, limits, &path);
        const QString out = m_home.filePath(QStringLiteral("full.pcapng"));
        QVERIFY(exportFull(path, out));
        QVERIFY(!exportFull(path, filesOf(path).at(1)));
        // The same conversations, with a packet for each that a message went to.
        const Kept full = reopened(out);
        for (const RecordKind kind : {RecordKind::Joined, RecordKind::Received, RecordKind::Left, RecordKind::Note}) {
            QCOMPARE(full.only(kind).difference(live.only(kind)), QString());
        }
        QCOMPARE(full.only(RecordKind::FanOut).rows.size(), 0);
    }

    void numbersThatAreLeftOutAreBounded()
    {
        // Each number costs memory in whatever shows the session.
        BatchMaker maker;
        for (PeerId peer = 900'000; peer < 9'000'000; peer += 900'000) {
            maker.add(RecordKind::PeerFinished, peer);
        }
        const QString path = m_home.filePath(QStringLiteral("numbers.pcapng"));
        Recorder recorder;
        QVERIFY(recorder.open({.kind = RecordingPlace::Kind::File, .path = path}, QStringLiteral("tincan-test")));
        recorder.start();
        recorder.publish(maker.batch);
        recorder.finish();
        const Kept kept = reopened(path);
        QCOMPARE(kept.rows.size(), 1);
        QCOMPARE(kept.rows.first().peer, PeerId{900'000});
    }

    void anExportOfAFileWithoutANameIsMade()
    {
        RandomTraffic traffic(3);
        QString path;
        const Kept live = record(traffic, 3, {}, &path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly) && QFile::remove(path));
        const QString out = m_home.filePath(QStringLiteral("unnamed.pcapng"));
        QVERIFY(exportFull(QStringLiteral("/proc/self/fd/%1").arg(file.handle()), out));
        QCOMPARE(reopened(out).only(RecordKind::Received).difference(live.only(RecordKind::Received)), QString());
    }
};

QTEST_GUILESS_MAIN(ReopeningTest)
#include "reopening.moc"

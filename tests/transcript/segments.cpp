// SPDX-License-Identifier: MIT
// A session's room on the disk: its segments, its limits, and a disk that is full for a while.
#include <array>
#include <atomic>
#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "support/recordings.h"
#include "transcript/recorder.h"
#include "transcript/segmentstore.h"
#include "transcript/sessionreader.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::Kept;

namespace {

// How often a recorder has said so, in its own thread.
struct Told {
    explicit Told(const Recorder &recorder)
    {
        const auto here = Qt::DirectConnection;
        QObject::connect(
            &recorder, &Recorder::failed, &context,
            [this](int code) {
                error = code;
                ++failed;
            },
            here);
        QObject::connect(
            &recorder, &Recorder::recovered, &context, [this] { ++recovered; }, here);
    }
    QObject context;
    std::atomic<int> failed = 0;
    std::atomic<int> recovered = 0;
    std::atomic<int> error = 0;
};

} // namespace

class SegmentsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    QTemporaryDir m_folder;
    rlimit m_fileSize{};

    // Files are no longer than this for now, as on a disk that is full.
    void fillDisk() const
    {
        const rlimit none{0, m_fileSize.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    void emptyDisk() const { ::setrlimit(RLIMIT_FSIZE, &m_fileSize); }

    static RecordingPlace small(RecordingPlace::Kind kind = RecordingPlace::Kind::StateFolder)
    {
        RecordingPlace place;
        place.kind = kind;
        place.limits.segmentBytes = std::uint64_t{32} * 1024;
        place.limits.totalBytes = std::uint64_t{128} * 1024;
        place.limits.retryMilliseconds = 10;
        return place;
    }
    QStringList files() const { return QDir(m_home.filePath(QStringLiteral("tincan"))).entryList(QDir::Files, QDir::Name); }
    qint64 size() const
    {
        qint64 sum = 0;
        for (const QFileInfo &file : QDir(m_home.filePath(QStringLiteral("tincan"))).entryInfoList(QDir::Files)) {
            sum += file.size();
        }
        return sum;
    }
    static void publish(Recorder &recorder, BatchMaker maker) { recorder.publish(maker.batch); }
    static void publishMany(Recorder &recorder, int count, int first = 0)
    {
        for (int i = 0; i < count; ++i) {
            BatchMaker maker;
            maker.add(RecordKind::Received, 1, QByteArray::number(first + i).leftJustified(1000, '.'));
            recorder.publish(maker.batch);
        }
    }
    static bool takeUntil(Recorder &recorder, RowBatch &rows, const std::function<bool()> &enough)
    {
        return QTest::qWaitFor(
            [&] {
                recorder.takeRows(rows);
                return enough();
            },
            20'000);
    }
    static const NoteInfo *noteOf(const RowBatch &rows, NoteCode code)
    {
        for (const Row &row : rows.rows) {
            const auto *note = row.detail == kNoDetail ? nullptr : std::get_if<NoteInfo>(&rows.details.at(row.detail));
            if (note && note->code == code) {
                return note;
            }
        }
        return nullptr;
    }
    static Kept reopened(const QString &path, RowSource::Report *report)
    {
        Kept kept;
        if (const auto source = openOwnSession(path)) {
            RowBatch rows;
            static_cast<void>((*source)->readRows(rows, SIZE_MAX / 2));
            kept.add(rows, **source);
            *report = (*source)->report();
        }
        return kept;
    }
    static QByteArray payloads(const Kept &kept)
    {
        QByteArray all;
        for (const Kept::One &row : kept.rows) {
            all += row.payload.left(row.payload.indexOf('.')) + ' ';
        }
        return all.simplified();
    }

private slots:
    void initTestCase()
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_fileSize);
    }
    void init()
    {
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_home.path()));
        QDir(m_home.filePath(QStringLiteral("tincan"))).removeRecursively();
    }
    void cleanup() { emptyDisk(); }

    void theOldestGoAndItIsSaid_data()
    {
        QTest::addColumn<bool>("named");
        QTest::newRow("in the state folder") << true;
        QTest::newRow("without a name") << false;
    }
    void theOldestGoAndItIsSaid()
    {
        QFETCH(bool, named);
        Recorder recorder;
        const auto kind = named ? RecordingPlace::Kind::StateFolder : RecordingPlace::Kind::Forgotten;
        QVERIFY(recorder.open(small(kind), QStringLiteral("tincan-test")));
        recorder.start();
        publish(recorder, BatchMaker().joined(1));
        publishMany(recorder, 400);
        RowBatch rows;
        std::uint64_t received = 0;
        const auto count = [&] {
            received = static_cast<std::uint64_t>(std::count_if(rows.rows.begin(), rows.rows.end(),
                                                                [](const Row &row) { return row.kind == RecordKind::Received; }));
            return received == 400;
        };
        QVERIFY(takeUntil(recorder, rows, count));
        recorder.finish();
        recorder.takeRows(rows);
        std::uint64_t discarded = 0;
        for (const Detail &detail : rows.details) {
            if (const auto *note = std::get_if<NoteInfo>(&detail)) {
                QCOMPARE(note->code, NoteCode::MessagesDiscarded);
                QCOMPARE(note->b, 128 * 1024);
                discarded += static_cast<std::uint64_t>(note->a);
            }
        }
        QVERIFY(discarded > 200 && discarded < 400);
        // Exactly those can no longer be read.
        std::uint64_t number = 0;
        for (const Row &row : rows.rows) {
            if (row.kind != RecordKind::Received) {
                continue;
            }
            int error = 0;
            const QByteArray bytes = recorder.read(row, 0, UINT32_MAX, &error);
            QCOMPARE(bytes.isEmpty(), number < discarded);
            QCOMPARE(error, number < discarded ? ENODATA : 0);
            if (number >= discarded) {
                QVERIFY(bytes.startsWith(QByteArray::number(static_cast<int>(number)) + '.'));
            }
            ++number;
        }
        QCOMPARE(files().isEmpty(), !named);
        if (named) {
            QVERIFY(size() <= 128 * 1024);
            QVERIFY(!QFile::exists(recorder.path()));
            RowSource::Report report;
            const Kept kept = reopened(recorder.path(), &report);
            QVERIFY(report.finished);
            QCOMPARE(static_cast<std::uint64_t>(kept.only(RecordKind::Received).rows.size()), 400 - discarded);
            QCOMPARE(kept.rows.first().kind, RecordKind::Joined);
        }
    }

    void aRecordedFileStaysOne()
    {
        Recorder recorder;
        RecordingPlace place = small(RecordingPlace::Kind::File);
        place.path = m_folder.filePath(QStringLiteral("one.pcapng"));
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        recorder.start();
        publish(recorder, BatchMaker().joined(1));
        publishMany(recorder, 300);
        recorder.finish();
        QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("one*")}, QDir::Files).size(), 1);
        RowSource::Report report;
        QCOMPARE(reopened(place.path, &report).rows.size(), 301);
    }

    void roomIsLeftToOthers_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("in the state folder") << static_cast<int>(RecordingPlace::Kind::StateFolder);
        QTest::newRow("in a file") << static_cast<int>(RecordingPlace::Kind::File);
    }
    void roomIsLeftToOthers()
    {
        QFETCH(int, kind);
        Recorder recorder;
        RecordingPlace place = small(static_cast<RecordingPlace::Kind>(kind));
        place.path = m_folder.filePath(QStringLiteral("full.pcapng"));
        place.limits.freeBytes = UINT64_MAX / 2;
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        const Told told(recorder);
        recorder.start();
        publish(recorder, BatchMaker().joined(1).add(RecordKind::Received, 1, "not kept"));
        RowBatch rows;
        QVERIFY(takeUntil(recorder, rows, [&] { return rows.rows.size() == 2; }));
        QCOMPARE(rows.rows.at(1).offset, kNotRecorded);
        QTRY_COMPARE(told.failed.load(), 1);
        QCOMPARE(told.error.load(), ENOSPC);
        recorder.finish();
        QCOMPARE(told.failed.load(), 1);
        QCOMPARE(told.recovered.load(), 0);
    }

    void recordingGoesOnWhenTheDiskDoes_data() { roomIsLeftToOthers_data(); }
    void recordingGoesOnWhenTheDiskDoes()
    {
        QFETCH(int, kind);
        Recorder recorder;
        RecordingPlace place = small(static_cast<RecordingPlace::Kind>(kind));
        place.path = m_folder.filePath(QStringLiteral("resumed.pcapng"));
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        const Told told(recorder);
        recorder.start();
        RowBatch rows;
        publish(recorder, BatchMaker().joined(1).joined(2).add(RecordKind::Received, 1, "before."));
        QVERIFY(takeUntil(recorder, rows, [&] { return rows.rows.size() == 3; }));
        fillDisk();
        publish(recorder, BatchMaker().add(RecordKind::Received, 1, "lost.").left(2, LeftReason::BothFinished).joined(3));
        publish(recorder, BatchMaker().add(RecordKind::FanOut, kNoPeer, "lost, too."));
        QVERIFY(takeUntil(recorder, rows, [&] { return rows.rows.size() == 7; }));
        QTRY_COMPARE(told.failed.load(), 1);
        QCOMPARE(told.error.load(), EFBIG);
        QCOMPARE(rows.rows.at(3).offset, kNotRecorded);
        QCOMPARE(rows.rows.at(6).offset, kNotRecorded);
        emptyDisk();
        QTRY_COMPARE(told.recovered.load(), 1); // also with nothing to record
        publish(recorder, BatchMaker().add(RecordKind::Received, 1, "after.").add(RecordKind::Sent, 3, "third."));
        QVERIFY(takeUntil(recorder, rows, [&] { return rows.rows.size() == 10; }));
        const NoteInfo *note = noteOf(rows, NoteCode::RecordingResumed);
        QVERIFY(note);
        QCOMPARE(note->a, 2);
        QCOMPARE(note->b, EFBIG);
        QCOMPARE(recorder.read(rows.rows.at(8)), QByteArray("after."));
        QCOMPARE(recorder.read(rows.rows.at(2)), QByteArray("before."));
        recorder.finish();
        QCOMPARE(told.failed.load(), 1);
        RowSource::Report report;
        const Kept kept = reopened(recorder.path(), &report);
        QVERIFY(report.finished);
        QCOMPARE(report.cutBytes, 0U);
        QCOMPARE(payloads(kept), QByteArray("before after third"));
        QCOMPARE(kept.only(RecordKind::Joined).rows.size(), 3);
        QCOMPARE(kept.only(RecordKind::Left).rows.size(), 1);
        QCOMPARE(kept.notes(NoteCode::RecordingResumed), 1);
        QCOMPARE(kept.notes(NoteCode::RecordingDamaged), 0);
    }

    // Descriptors run out, for example: then a segment may become longer, and nothing is lost.
    void whereNoSegmentCanBeginTheOldOneGoesOn()
    {
        Recorder recorder;
        QVERIFY(recorder.open(small(), QStringLiteral("tincan-test")));
        recorder.start();
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        const rlimit none{0, before.rlim_max};
        publish(recorder, BatchMaker().joined(1));
        RowBatch rows;
        QVERIFY(takeUntil(recorder, rows, [&] { return rows.rows.size() == 1; }));
        ::setrlimit(RLIMIT_NOFILE, &none);
        publishMany(recorder, 50);
        recorder.finish();
        ::setrlimit(RLIMIT_NOFILE, &before);
        QCOMPARE(files().size(), 1);
        RowSource::Report report;
        QCOMPARE(reopened(recorder.path(), &report).rows.size(), 51);
    }

    // A write that fails leaves bytes for a moment, and the next ones have the same offsets: whoever reads ahead must not keep
    // them.
    void whatIsNotYetWrittenIsNotRead()
    {
        SegmentStore store;
        QVERIFY(store.open(small()));
        const QByteArray bytes(100, 'a');
        QCOMPARE(store.write(std::as_bytes(std::span(bytes.constData(), 100)), 0), 0);
        QFile file(store.path());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Append));
        QCOMPARE(file.write(QByteArray(50, 'x')), 50);
        file.close();
        std::array<std::byte, 200> into{};
        int error = -1;
        QCOMPARE(store.readInto(0, into, &error), std::size_t{100});
        QCOMPARE(error, 0);
        QCOMPARE(store.readInto(100, into, &error), std::size_t{0});
        QCOMPARE(error, EIO);
    }

    void whoReadsDoesNotMindWhatIsDiscarded()
    {
        Recorder recorder;
        QVERIFY(recorder.open(small(), QStringLiteral("tincan-test")));
        recorder.start();
        publish(recorder, BatchMaker().joined(1));
        std::atomic<bool> done = false;
        std::atomic<std::uint64_t> wrong = 0;
        std::unique_ptr<QThread> reader(QThread::create([&] {
            std::vector<std::byte> bytes(1000);
            while (!done) {
                for (std::uint64_t at = 0; at < 1'000'000; at += 7'000) {
                    int error = 0; // ENODATA: discarded; EIO: not written yet
                    const std::size_t got = recorder.readInto(at, bytes, &error);
                    wrong += static_cast<std::uint64_t>(got < bytes.size() && error != 0 && error != ENODATA && error != EIO);
                }
            }
        }));
        reader->start();
        publishMany(recorder, 1000);
        recorder.finish();
        done = true;
        reader->wait();
        QCOMPARE(wrong, 0U);
        QVERIFY(files().size() > 1);
        QVERIFY(size() <= 128 * 1024);
    }

    void eachSegmentIsAFileForAnyProgram()
    {
        Recorder recorder;
        RecordingPlace place = small();
        place.limits.totalBytes = 0;
        QVERIFY(recorder.open(place, QStringLiteral("tincan-test")));
        recorder.start();
        publish(recorder, BatchMaker().joined(1).joined(2, true));
        publishMany(recorder, 100);
        publish(recorder, BatchMaker().add(RecordKind::FanOut, kNoPeer, "all").left(1, LeftReason::BothFinished));
        recorder.finish();
        QVERIFY(files().size() > 2);
        for (const QString &file : files()) {
            const QString path = m_home.filePath(QStringLiteral("tincan/")) + file;
            QProcess capinfos;
            capinfos.start(QStringLiteral("capinfos"), {path});
            QVERIFY2(capinfos.waitForFinished(60'000), "script/bootstrap --test installs tshark");
            QCOMPARE(capinfos.exitCode(), 0);
            QProcess tshark;
            tshark.start(QStringLiteral("tshark"),
                         {QStringLiteral("-r"), path, QStringLiteral("-T"), QStringLiteral("fields"), QStringLiteral("-e"),
                          QStringLiteral("tcp.len")});
            QVERIFY(tshark.waitForFinished(60'000));
            QCOMPARE(tshark.exitCode(), 0);
            QVERIFY(tshark.readAllStandardOutput().contains("1000\n"));
        }
    }
};

QTEST_GUILESS_MAIN(SegmentsTest)
#include "segments.moc"

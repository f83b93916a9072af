// SPDX-License-Identifier: MIT
#include "transcript/recorder.h"

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "support/records.h"
#include "transcript/recordwriter.h"

using namespace tincan;
using tincan::test::BatchMaker;

class RecorderTest : public QObject
{
    Q_OBJECT

private:
    static RowBatch take(Recorder &recorder, std::size_t rows)
    {
        RowBatch all;
        static_cast<void>(QTest::qWaitFor([&] {
            recorder.takeRows(all);
            return all.rows.size() >= rows;
        }));
        return all;
    }

private slots:
    void rowsLeadToTheirBytes()
    {
        const QTemporaryDir folder;
        Recorder recorder;
        QVERIFY(recorder.open({RecordingPlace::Kind::File, folder.filePath(QStringLiteral("s.pcapng"))}, QStringLiteral("test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Received, 1, "hello").add(RecordKind::Sent, 1, QByteArray(60'000, 'x'));
        maker.add(RecordKind::FanOut, kNoPeer, "all").add(RecordKind::Refused, 1, "no", RefusedInfo{});
        maker.add(RecordKind::Call, 1, {}, CallInfo{.call = CallName::Accept});
        recorder.publish(maker.batch);
        QVERIFY(maker.batch.isEmpty());
        const RowBatch rows = take(recorder, 5);
        QCOMPARE(rows.rows.size(), 5U);
        QCOMPARE(rows.calls.size(), 1U);
        QCOMPARE(recorder.read(rows.rows[1]), QByteArray("hello"));
        QCOMPARE(recorder.read(rows.rows[1], 1, 3), QByteArray("ell"));
        QCOMPARE(recorder.read(rows.rows[2]), QByteArray(60'000, 'x'));
        QCOMPARE(recorder.read(rows.rows[3]), QByteArray("all"));
        QCOMPARE(recorder.read(rows.rows[4]), QByteArray("no"));
        QVERIFY(recorder.read(rows.rows[0]).isEmpty());
        QCOMPARE(std::get<PeerInfo>(rows.details[rows.rows[0].detail]).remote.port(), 50'001);
        recorder.finish();
    }

    void aManyBatchesKeepTheirOrder()
    {
        Recorder recorder;
        QVERIFY(recorder.open({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")));
        QVERIFY(recorder.path().isEmpty());
        recorder.start();
        BatchMaker joining;
        joining.joined(1);
        recorder.publish(joining.batch);
        for (int i = 0; i < 1000; ++i) {
            BatchMaker maker;
            maker.add(RecordKind::Received, 1, QByteArray::number(i));
            recorder.publish(maker.batch);
        }
        const RowBatch rows = take(recorder, 1001);
        QCOMPARE(rows.rows.size(), 1001U);
        for (int i = 0; i < 1000; ++i) {
            QCOMPARE(recorder.read(rows.rows[static_cast<std::size_t>(i) + 1]), QByteArray::number(i));
        }
        recorder.finish();
    }

    void itIsBoundedAndSaysWhenRelieved()
    {
        Recorder recorder;
        std::atomic<bool> hold = true;
        std::atomic<int> relieved = 0;
        recorder.setRelieved([&] { ++relieved; });
        recorder.setTap([&](const Batch &) {
            while (hold) {
                QThread::yieldCurrentThread();
            }
        });
        QVERIFY(recorder.open({RecordingPlace::Kind::Nowhere, {}}, QStringLiteral("test")));
        recorder.start();
        std::size_t published = 0;
        const QByteArray payload(60'000, 'x');
        while (!recorder.isCongested()) {
            BatchMaker maker;
            maker.add(RecordKind::Received, 1, payload);
            recorder.publish(maker.batch);
            published += 60'000;
            QVERIFY(published < 2 * Recorder::kMostBytes);
        }
        QVERIFY(published > Recorder::kMostBytes);
        QCOMPARE(relieved, 0);
        hold = false;
        QTRY_COMPARE(relieved, 1);
        QVERIFY(!recorder.isCongested());
        recorder.finish();
    }

    void anEchoUnderLoadLeadsToTheSameBytes()
    {
        Recorder recorder;
        QVERIFY(recorder.open({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1);
        for (int i = 0; i < 10; ++i) {
            maker.add(RecordKind::Received, 1, QByteArray(30'000, static_cast<char>('a' + i)));
            Record echo = maker.batch.records.back();
            echo.kind = RecordKind::Sent;
            maker.batch.records.push_back(echo);
            maker.batch.bytes += echo.size;
        }
        recorder.publish(maker.batch);
        const RowBatch rows = take(recorder, 21);
        for (std::size_t i = 0; i < 10; ++i) {
            QCOMPARE(rows.rows[2 + 2 * i].kind, RecordKind::Sent);
            QCOMPARE(recorder.read(rows.rows[2 + 2 * i]), QByteArray(30'000, static_cast<char>('a' + static_cast<int>(i))));
        }
        recorder.finish();
    }

    // Chunks are used again: the same place in memory is no echo once the batch has been dealt with.
    void aChunkUsedAgainIsNoEcho()
    {
        RecordWriter writer;
        ByteBuffer file;
        BatchMaker first;
        first.joined(1).add(RecordKind::Received, 1, "hi");
        writer.beginBatch(false);
        for (const Record &record : first.batch.records) {
            writer.append(file, 0, first.batch, record);
        }
        Batch second;
        Record sent = first.batch.records.back();
        sent.kind = RecordKind::Sent;
        std::memcpy(const_cast<std::byte *>(sent.data), "no", 2); // NOLINT: by hand what the pool does
        second.records.push_back(sent);
        writer.beginBatch(true);
        const std::uint64_t at = writer.append(file, 0, second, sent);
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(file.data() + at), 2), QByteArray("no"));
    }

    void exceptionsThatStayAreKeptOnce()
    {
        Recorder recorder;
        QVERIFY(recorder.open({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")));
        recorder.start();
        BatchMaker maker;
        maker.joined(1).joined(2).joined(3);
        maker.add(RecordKind::FanOut, kNoPeer, "a", FanOutInfo{false, {2}})
            .add(RecordKind::FanOut, kNoPeer, "b", FanOutInfo{false, {2}});
        maker.add(RecordKind::FanOut, kNoPeer, "c", FanOutInfo{false, {3}});
        recorder.publish(maker.batch);
        const RowBatch rows = take(recorder, 6);
        recorder.finish();
        QCOMPARE(rows.rows[3].detail, rows.rows[4].detail);
        QVERIFY(rows.rows[5].detail != rows.rows[4].detail);
        QCOMPARE(std::get<FanOutInfo>(rows.details[rows.rows[5].detail]).peers, std::vector<PeerId>{3});
    }

    void aFileIsRecordedToByOneOnly()
    {
        const QTemporaryDir folder;
        const RecordingPlace place{RecordingPlace::Kind::File, folder.filePath(QStringLiteral("s.pcapng"))};
        Recorder first;
        QVERIFY(first.open(place, QStringLiteral("test")));
        const auto size = QFileInfo(place.path).size();
        Recorder second;
        const auto refused = second.open(place, QStringLiteral("test"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, EBUSY);
        QCOMPARE(QFileInfo(place.path).size(), size);
    }

    void onlyTheOwnerMayRead()
    {
        const QTemporaryDir home;
        qputenv("XDG_STATE_HOME", QFile::encodeName(home.filePath(QStringLiteral("a/b"))));
        Recorder first;
        QVERIFY(first.open({}, QStringLiteral("test")));
        QVERIFY2(first.path().startsWith(home.filePath(QStringLiteral("a/b/tincan/session-"))), qPrintable(first.path()));
        struct stat info {
        };
        QCOMPARE(::stat(QFile::encodeName(first.path()).constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        QCOMPARE(::stat(QFile::encodeName(QFileInfo(first.path()).path()).constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0700U);
        Recorder second; // in the same second
        QVERIFY(second.open({}, QStringLiteral("test")));
        QVERIFY(second.path() != first.path());
    }

    void nothingElseIsOverwritten()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("letter.txt"));
        {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("Dear all,");
        }
        Recorder recorder;
        const auto opened = recorder.open({RecordingPlace::Kind::File, path}, QStringLiteral("test"));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, EEXIST);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("Dear all,"));
    }

    void aDiskThatFailsIsSaidOnceAndTheRestGoesOn()
    {
        const QTemporaryDir folder;
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        Recorder recorder;
        const QString path = folder.filePath(QStringLiteral("s.pcapng"));
        QVERIFY(recorder.open({RecordingPlace::Kind::File, path}, QStringLiteral("test")));
        QSignalSpy failed(&recorder, &Recorder::failed);
        recorder.start();
        BatchMaker good;
        good.joined(1).add(RecordKind::Received, 1, "kept");
        recorder.publish(good.batch);
        const RowBatch kept = take(recorder, 2);
        const rlimit small{4096, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        for (int i = 0; i < 3; ++i) {
            BatchMaker maker;
            maker.add(RecordKind::Received, 1, QByteArray(10'000, 'x'));
            recorder.publish(maker.batch);
        }
        const RowBatch lost = take(recorder, 3);
        ::setrlimit(RLIMIT_FSIZE, &before);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.at(0).at(0).toInt(), EFBIG);
        for (const Row &row : lost.rows) {
            QCOMPARE(row.offset, kNotRecorded);
            int error = 0;
            QVERIFY(recorder.read(row, 0, UINT32_MAX, &error).isEmpty());
            QCOMPARE(error, ENODATA);
        }
        QCOMPARE(recorder.read(kept.rows[1]), QByteArray("kept"));
        recorder.finish();
        QCOMPARE(failed.count(), 1);
    }
};

QTEST_GUILESS_MAIN(RecorderTest)
#include "recorder.moc"

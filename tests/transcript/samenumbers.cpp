// SPDX-License-Identifier: MIT
// Files that could be segments of one session by their names, and are none: each is opened as what it is.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "support/recordings.h"
#include "transcript/recorder.h"
#include "transcript/sessionfiles.h"

using namespace tincan;
using namespace tincan::test;

class SameNumbersTest : public QObject
{
    Q_OBJECT

    static void record(const QString &path, const char *said)
    {
        Recorder recorder;
        RecordingPlace place;
        place.kind = RecordingPlace::Kind::File;
        place.path = path;
        QVERIFY(recorder.open(place, QStringLiteral("Tincan test")));
        recorder.start();
        Batch batch;
        Record record;
        record.kind = RecordKind::Note;
        record.time = 1'700'000'000'000'000'000;
        record.detail = 0;
        batch.details.emplace_back(NoteInfo{NoteCode::Other, 0, 0, said});
        batch.records.push_back(record);
        recorder.publish(batch);
        recorder.finish();
    }
    // What was noted in it, in order.
    static QByteArray notesOf(const QString &path)
    {
        const auto source = openAnySession(path);
        if (!source) {
            return "cannot be opened";
        }
        Index index;
        RowBatch rows;
        for (bool isMore = true; isMore; rows.clear()) {
            const Result<bool> more = (*source)->readRows(rows, 100);
            isMore = more.value_or(false);
            index.append(rows);
        }
        QByteArrayList notes;
        for (RowNumber number = 0; number < index.size(); ++number) {
            if (const auto *note = index.detailOf<NoteInfo>(index.row(number))) {
                notes << QByteArray::fromStdString(note->text);
            }
        }
        return notes.join(',');
    }

private slots:
    void twoFirstOnes()
    {
        const QTemporaryDir folder;
        record(folder.filePath(QStringLiteral("x.pcapng")), "plain");
        record(folder.filePath(QStringLiteral("x.0001.pcapng")), "numbered");
        record(folder.filePath(QStringLiteral("x.0002.pcapng")), "second");
        QCOMPARE(notesOf(folder.filePath(QStringLiteral("x.pcapng"))), QByteArray("plain"));
        QCOMPARE(notesOf(folder.filePath(QStringLiteral("x.0001.pcapng"))), QByteArray("numbered"));
        QCOMPARE(notesOf(folder.filePath(QStringLiteral("x.0002.pcapng"))), QByteArray("second"));
    }

    // A copy beside it is not read a second time.
    void aCopyOfTheFirst()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("x.pcapng"));
        record(path, "once");
        QVERIFY(QFile::copy(path, folder.filePath(QStringLiteral("x.0001.pcapng"))));
        QVERIFY(QFile::copy(path, folder.filePath(QStringLiteral("x.00001.pcapng"))));
        QCOMPARE(notesOf(path), QByteArray("once"));
        QCOMPARE(notesOf(folder.filePath(QStringLiteral("x.00001.pcapng"))), QByteArray("once"));
        QCOMPARE(notesOf(folder.filePath(QStringLiteral("x.0002.pcapng"))), QByteArray("once")); // its first is what is left
    }
};
QTEST_GUILESS_MAIN(SameNumbersTest)
#include "samenumbers.moc"

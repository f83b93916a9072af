// SPDX-License-Identifier: MIT
#include "session/transcriptmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

class TranscriptModelTest : public QObject
{
    Q_OBJECT

private:
    static QString shown(const TranscriptModel &model, int row)
    {
        QString text;
        for (const TextRun &run : model.text(row, 4096)) {
            text += run.text;
        }
        return text;
    }

private slots:
    void allShowsEverythingInOrder()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2).received(1, "a").received(2, "b");
        rows.append(index);
        const TranscriptModel model(index, rows, kNoPeer);
        QCOMPARE(model.count(), 4);
        QCOMPARE(shown(model, 2), QStringLiteral("a"));
        QCOMPARE(shown(model, 3), QStringLiteral("b"));
        QVERIFY(model.isReceived(2));
    }

    void aPeerSeesItsOwnAndWhatReachedIt()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2).joined(3).received(1, "hi").add(RecordKind::FanOut, 1, "hi");
        rows.append(index);
        const TranscriptModel sender(index, rows, 1);
        const TranscriptModel other(index, rows, 2);
        QCOMPARE(sender.count(), 2); // joined, received
        QCOMPARE(other.count(), 2);  // joined, the relayed one
        QCOMPARE(shown(other, 1), QStringLiteral("hi"));
        QCOMPARE(other.row(1).kind, RecordKind::FanOut);
    }

    void growsByOneInsertABatch()
    {
        Index index;
        Rows rows;
        rows.joined(1);
        rows.append(index);
        TranscriptModel model(index, rows, 1);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        rows.joined(2);
        for (int i = 0; i < 1000; ++i) {
            rows.received(1, "x").received(2, "y");
        }
        rows.append(index);
        model.refresh();
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.count(), 1001);
        rows.received(2, "only the other one");
        rows.append(index);
        model.refresh();
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(reset.count(), 0);
    }

    void aCharacterCutByReadsShowsInTheReadThatCompletesIt()
    {
        Index index;
        Rows rows;
        // U+6E29 is e6 b8 a9; U+1F600 is f0 9f 98 80, one byte a read. Another peer speaks in between.
        rows.joined(1).joined(2);
        rows.received(1, "t=\xe6").received(2, "x").received(1, "\xb8\xa9!");
        rows.received(1, "\xf0").received(1, "\x9f").received(2, "y").received(1, "\x98").received(1, "\x80.");
        rows.append(index);
        for (const PeerId conversation : {PeerId{1}, kNoPeer}) {
            const TranscriptModel model(index, rows, conversation);
            QStringList texts;
            for (int row = 0; row < model.count(); ++row) {
                if (model.row(row).peer == 1 && model.isReceived(row)) {
                    texts << shown(model, row);
                }
            }
            const QStringList expected{
                QStringLiteral("t="), QString::fromUtf8("\xe6\xb8\xa9!"), {}, {}, {}, QString::fromUtf8("\xf0\x9f\x98\x80.")};
            QCOMPARE(texts, expected);
        }
    }

    void aCutCharacterAtTheEndIsShownAsBytesUntilItsRestComes()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "a\xe6\xb8");
        rows.append(index);
        TranscriptModel model(index, rows, 1);
        QCOMPARE(shown(model, 1), QStringLiteral("a\\xe6\\xb8"));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        rows.received(1, "\xa9");
        rows.append(index);
        model.refresh();
        QCOMPARE(changed.count(), 1);
        QCOMPARE(shown(model, 1), QStringLiteral("a"));
        QCOMPARE(shown(model, 2), QString::fromUtf8("\xe6\xb8\xa9"));
    }

    void inAnyEncodingACutCharacterShowsInTheReadThatCompletesIt()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2);
        // UTF-16LE: each read but the first begins within a unit; U+1F600 is 3d d8 00 de.
        rows.received(1, "a").received(2, "x").received(1, QByteArray("\0\x3d", 2)).received(1, "\xd8").sent(1, "odd");
        rows.received(1, QByteArray("\0", 1))
            .received(2, "y")
            .received(1,
                      QByteArray("\xde"
                                 "b\0",
                                 3));
        rows.append(index);
        for (const PeerId conversation : {PeerId{1}, kNoPeer}) {
            TranscriptModel model(index, rows, conversation);
            QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
            model.setEncoding(encodingOf(u"utf-16le"));
            QCOMPARE(changed.count(), 1);
            QStringList texts;
            std::uint64_t offset = 0;
            for (int row = 0; row < model.count(); ++row) {
                if (model.row(row).peer == 1 && model.isReceived(row)) {
                    QCOMPARE(model.streamOffset(row), offset);
                    offset += model.row(row).size;
                    texts << shown(model, row);
                }
            }
            const QStringList expected{{},
                                       QStringLiteral("a"),
                                       {},
                                       {},
                                       QString::fromUtf8("\xf0\x9f\x98\x80"
                                                         "b")};
            QCOMPARE(texts, expected);
            model.setEncoding(encodingOf(u"iso-8859-1"));
            QCOMPARE(shown(model, model.count() - 1), QStringLiteral("Þb\\x00"));
        }
    }

    void whatWentToManyIsPartOfThePeersStream()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2).sent(1, "\xe6").add(RecordKind::Refused, 1, "\xff").add(RecordKind::FanOut, kNoPeer, "\xb8\xa9");
        rows.append(index);
        const TranscriptModel model(index, rows, 1);
        QCOMPARE(shown(model, 1), QString());
        QCOMPARE(shown(model, 2), QStringLiteral("\\xff"));
        QCOMPARE(shown(model, 3), QString::fromUtf8("\xe6\xb8\xa9"));
    }

    void offsetsOfManyReads()
    {
        Index index;
        Rows rows;
        rows.joined(1);
        for (int i = 0; i < 500; ++i) {
            rows.received(1, "abc").sent(1, "x");
        }
        rows.append(index);
        const TranscriptModel model(index, rows, 1);
        for (const int row : {999, 1, 130, 129, 1000, 2}) {
            QCOMPARE(model.streamOffset(row),
                     static_cast<std::uint64_t>(model.isReceived(row) ? (row - 1) / 2 * 3 : (row - 2) / 2));
        }
    }

    void theTwoDirectionsAreStreamsOfTheirOwn()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "\xc3").sent(1, "\xa9").received(1, "\xa9");
        rows.append(index);
        const TranscriptModel model(index, rows, 1);
        QCOMPARE(shown(model, 1), QString());
        QCOMPARE(shown(model, 2), QStringLiteral("\\xa9"));
        QCOMPARE(shown(model, 3), QString::fromUtf8("\xc3\xa9"));
    }
};

QTEST_GUILESS_MAIN(TranscriptModelTest)
#include "transcriptmodel.moc"

// SPDX-License-Identifier: MIT
// TranscriptModel through a lens, and filtered.
#include "session/transcriptmodel.h"

#include <QAbstractItemModelTester>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

ConversationOptions through(Lens::Kind kind, PeerId conversation = kNoPeer)
{
    ConversationOptions options(conversation);
    options.lens.kind = kind;
    return options;
}

QByteArrayList shown(const TranscriptModel &model)
{
    QByteArrayList all;
    for (int row = 0; row < model.count(); ++row) {
        if (hasPayload(model.row(row).kind)) {
            all << model.bytes(row, UINT32_MAX);
        }
    }
    return all;
}

} // namespace

class LensModelTest : public QObject
{
    Q_OBJECT

private slots:
    void linesOfSeveralReads()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2).received(1, "one\ntw").received(2, "other\n").received(1, "o\nthree\n");
        rows.append(index);
        const TranscriptModel all(index, rows, through(Lens::Kind::Lines));
        QTRY_COMPARE(shown(all), (QByteArrayList{"one\n", "two\n", "other\n", "three\n"}));
        const TranscriptModel one(index, rows, through(Lens::Kind::Lines, 1));
        QTRY_COMPARE(shown(one), (QByteArrayList{"one\n", "two\n", "three\n"}));
        QCOMPARE(one.borders(2, UINT32_MAX), std::vector<std::uint32_t>{2});
        QVERIFY(one.borders(1, UINT32_MAX).empty());
        QCOMPARE(one.piece(2).from, 4U);
        QCOMPARE(one.row(2).size, 4U);
    }

    void whatIsNotCompleteGrows()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "he");
        rows.append(index);
        TranscriptModel model(index, rows, through(Lens::Kind::Lines, 1));
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QCOMPARE(shown(model), QByteArrayList{"he"});
        rows.received(1, "llo\nnext");
        rows.append(index);
        model.refresh();
        QCOMPARE(shown(model), (QByteArrayList{"hello\n", "next"}));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 1);
    }

    // More than is cut at once goes to the pool, while the session goes on.
    void aLongConversationIsCutInTheBackground()
    {
        Index index;
        Rows rows;
        rows.joined(1);
        constexpr int kReads = 50'000;
        for (int i = 0; i < kReads; ++i) {
            rows.received(1, i % 2 == 0 ? "first half, " : "second half\n");
        }
        rows.append(index);
        TranscriptModel model(index, rows, through(Lens::Kind::Lines, 1));
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        rows.received(1, "late\n");
        rows.append(index);
        model.refresh();
        QTRY_COMPARE(model.lensProgress(), 1000);
        QCOMPARE(model.count(), 1 + kReads / 2 + 1);
        QCOMPARE(model.bytes(kReads / 2, UINT32_MAX), QByteArray("first half, second half\n"));
        QCOMPARE(model.bytes(model.count() - 1, UINT32_MAX), QByteArray("late\n"));
    }

    void mayGoWhileItIsCut()
    {
        Index index;
        Rows rows;
        for (int i = 0; i < 50'000; ++i) {
            rows.received(1, "x\n");
        }
        rows.append(index);
        for (int i = 0; i < 20; ++i) {
            const TranscriptModel model(index, rows, through(Lens::Kind::Lines));
            QCoreApplication::processEvents();
        }
    }

    void aCharacterCutByReadsIsWholeInTheLine()
    {
        Index index;
        Rows rows;
        rows.received(1, "gr\xc3").received(1, "\xbc\xc3\x9f").received(1, "e\n");
        rows.append(index);
        const TranscriptModel model(index, rows, through(Lens::Kind::Lines, 1));
        QCOMPARE(model.data(model.index(0), Qt::DisplayRole).toString(), QString::fromUtf8("grüße\\n"));
    }

    void findsTheRowOfAByte()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "one\ntw").received(2, "x").received(1, "o\nthree\n");
        rows.append(index);
        const TranscriptModel reads(index, rows, 1);
        QCOMPARE(reads.rowOf({3, 1}), 2);
        QCOMPARE(reads.rowOf({2, 0}), -1); // the other one's
        const TranscriptModel lines(index, rows, through(Lens::Kind::Lines));
        QCOMPARE(lines.rowOf({0, 0}), 0);
        QCOMPARE(lines.rowOf({1, 3}), 1);
        QCOMPARE(lines.rowOf({1, 4}), 2);
        QCOMPARE(lines.rowOf({3, 1}), 2); // the line that began in the read before
        QCOMPARE(lines.rowOf({2, 0}), 3);
        QCOMPARE(lines.rowOf({3, 2}), 4);
        QCOMPARE(lines.rowOf({99, 0}), -1);
    }

    void aFilterShowsWhatIsAdmittedAndNothingElse()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "one\ntw").received(2, "x\n").received(1, "o\nthree\n");
        rows.append(index);
        ConversationOptions options = through(Lens::Kind::Lines);
        options.filtered = true;
        TranscriptModel model(index, rows, options);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.count(), 0);
        const std::array first{Place{1, 1}, Place{2, 0}};
        model.admit(first);
        QCOMPARE(shown(model), (QByteArrayList{"one\n", "x\n"}));
        // The line "two" began before "x", of which a hit came first; and it is there once.
        const std::array then{Place{3, 0}, Place{3, 1}, Place{3, 4}, Place{4, 0}};
        model.admit(then);
        QCOMPARE(shown(model), (QByteArrayList{"one\n", "two\n", "x\n", "three\n"}));
        QCOMPARE(model.rowOf({2, 0}), 2);
        rows.received(1, "four\n");
        rows.append(index);
        model.refresh(); // the place that was waiting for it
        QCOMPARE(shown(model), (QByteArrayList{"one\n", "two\n", "x\n", "three\n", "four\n"}));
    }

    // Of each stream a message is under way; they end in another order than they began.
    void whatIsAdmittedStandsInOrderWhateverEndsFirst()
    {
        Index index;
        Rows rows;
        rows.received(1, "one ").received(2, "two ").received(3, "three ");
        rows.received(1, "hit\n").received(3, "hit\n").received(2, "hit\n");
        rows.append(index);
        ConversationOptions options = through(Lens::Kind::Lines);
        options.filtered = true;
        TranscriptModel model(index, rows, options);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::array hits{Place{3, 0}, Place{4, 0}, Place{5, 0}};
        model.admit(hits);
        QCOMPARE(shown(model), (QByteArrayList{"one hit\n", "two hit\n", "three hit\n"}));
    }

    // A place that has not been cut yet is in no message, least of all in the last one that has been.
    void whatIsAdmittedWaitsUntilItIsCut()
    {
        Index index;
        Rows rows;
        constexpr RowNumber kReads = 60'000;
        for (RowNumber i = 0; i < kReads; ++i) {
            rows.received(1, QByteArray::number(i) + '\n');
        }
        rows.append(index);
        ConversationOptions options = through(Lens::Kind::Lines);
        TranscriptModel whole(index, rows, options);
        options.filtered = true;
        TranscriptModel model(index, rows, options);
        constexpr RowNumber kHit = kReads - 10;
        const Place place{kHit, 0};
        QSet<int> found;
        connect(&whole, &TranscriptModel::lensProgressed, this, [&] { found.insert(whole.rowOf(place)); });
        model.admit({&place, 1});
        QTRY_COMPARE_WITH_TIMEOUT(model.lensProgress(), 1000, 30'000);
        QCOMPARE(shown(model), QByteArrayList{QByteArray::number(kHit) + '\n'});
        QTRY_COMPARE_WITH_TIMEOUT(whole.lensProgress(), 1000, 30'000);
        found.remove(-1);
        QCOMPARE(found, QSet<int>{kHit});
    }

    void findsTheRowOfEachByteAmongManyStreams()
    {
        Index index;
        Rows rows;
        constexpr RowNumber kReads = 20'000;
        constexpr PeerId kPeers = 500;
        std::vector<int> expected;
        std::vector<int> open(kPeers + 1, -1);
        int messages = 0;
        std::uint32_t random = 1;
        for (RowNumber i = 0; i < kReads; ++i) {
            random = random * 1'664'525U + 1'013'904'223U;
            const PeerId peer = (random >> 8U) % kPeers + 1;
            const bool ends = (random >> 28U) == 0;
            rows.received(peer, ends ? "x\n" : "x");
            open[peer] = open[peer] < 0 ? messages++ : open[peer];
            expected.push_back(open[peer]);
            open[peer] = ends ? -1 : open[peer];
        }
        rows.append(index);
        const TranscriptModel model(index, rows, through(Lens::Kind::Lines));
        QTRY_COMPARE_WITH_TIMEOUT(model.lensProgress(), 1000, 30'000);
        for (RowNumber i = 0; i < kReads; ++i) {
            QCOMPARE(model.rowOf({i, 0}), expected[i]);
        }
        for (RowNumber i = 0, row = 0; i < kReads; ++i, row = (row + 7'919) % kReads) {
            QCOMPARE(model.rowOf({row, 0}), expected[row]);
        }
    }

    void rowsBeforeTheFirstAreNotThere()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "old\n").received(1, "new\n");
        rows.append(index);
        for (const PeerId conversation : {kNoPeer, PeerId{1}}) {
            for (const Lens::Kind kind : {Lens::Kind::Reads, Lens::Kind::Lines}) {
                ConversationOptions options = through(kind, conversation);
                options.firstRow = 2;
                const TranscriptModel model(index, rows, options);
                QCOMPARE(shown(model), QByteArrayList{"new\n"});
                QCOMPARE(model.rowOf({2, 0}), 0);
                QCOMPARE(model.rowOf({1, 0}), -1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(LensModelTest)
#include "lensmodel.moc"

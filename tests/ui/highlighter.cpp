// SPDX-License-Identifier: MIT
#include "ui/highlighter.h"

#include <QSignalSpy>
#include <QTest>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

class HighlighterTest : public QObject
{
    Q_OBJECT

private slots:
    // Two streams side by side, cut into reads at any place: the marks are where the bytes of the message say.
    void marksWhatIsFoundInMessagesOfManyReads()
    {
        Index index;
        Rows rows;
        rows.joined(1).joined(2);
        std::uint32_t random = 1;
        const auto next = [&random](std::uint32_t below) {
            random = random * 1'664'525U + 1'013'904'223U;
            return (random >> 8U) % below;
        };
        for (int i = 0; i < 400; ++i) {
            QByteArray read;
            for (std::uint32_t size = next(5) + 1; size > 0; --size) {
                read += "ab.\n"[next(20) == 0 ? 3 : next(3)];
            }
            rows.received(next(2) + 1, read);
        }
        rows.append(index);
        ConversationOptions options;
        options.lens.kind = Lens::Kind::Lines;
        const TranscriptModel model(index, rows, options);
        QTRY_COMPARE(model.lensProgress(), 1000);
        Search search(index, rows);
        QSignalSpy finished(&search, &Search::finished);
        search.find(*Pattern::make(FindAs::Text, QStringLiteral("ab"), true), SearchIn::Both);
        QTRY_COMPARE(finished.count(), 1);
        const Highlighter highlighter(search);
        int marked = 0;
        for (int row = 0; row < model.count(); ++row) {
            const QByteArray bytes = model.bytes(row, UINT32_MAX);
            for (const std::uint32_t most : {4U, UINT32_MAX}) {
                std::vector<std::int64_t> expected;
                for (qsizetype at = bytes.indexOf("ab"); at >= 0 && at < std::int64_t{most}; at = bytes.indexOf("ab", at + 2)) {
                    expected.push_back(at);
                }
                std::vector<std::int64_t> found;
                for (const ByteSpan &span : highlighter.spans(model, row, most)) {
                    QCOMPARE(span.to, span.from + 2);
                    found.push_back(span.from);
                }
                QCOMPARE(found, expected);
                marked += static_cast<int>(found.size());
            }
        }
        QVERIFY(marked > 100);
    }
};

QTEST_MAIN(HighlighterTest)
#include "highlighter.moc"

// SPDX-License-Identifier: MIT
#include "ui/bytemap.h"

#include <QTest>

using namespace tincan;

namespace {

using Spans = std::vector<ByteSpan>;

// The text of the runs as RowLayout makes it, with what is marked in brackets.
QString marked(const QByteArray &bytes, const Spans &spans, const QByteArray &carried = {}, const Encoding &encoding = utf8())
{
    const TextRuns runs = decodeMessage(carried, bytes, true, 16, encoding);
    QString text;
    for (std::size_t at = 0; at < runs.size(); ++at) {
        text += runs[at].text;
        if (runs[at].kind == TextRun::Kind::LineEnd && at + 1 < runs.size()) {
            text += u'|';
        }
    }
    const std::vector<CharSpan> chars = charsOf(runs, {carried, bytes, encoding}, spans);
    for (auto span = chars.rbegin(); span != chars.rend(); ++span) {
        text.insert(span->start + span->length, u']');
        text.insert(span->start, u'[');
    }
    return text;
}

} // namespace

class ByteMapTest : public QObject
{
    Q_OBJECT

private slots:
    void text()
    {
        QCOMPARE(marked("one two", {{4, 7}}), QStringLiteral("one [two]"));
        QCOMPARE(marked("aa", {{0, 1}, {1, 2}}), QStringLiteral("[a][a]"));
        QCOMPARE(marked("one", {{-2, 1}}), QStringLiteral("[o]ne"));
        QCOMPARE(marked("one", {{2, 9}}), QStringLiteral("on[e]"));
        QCOMPARE(marked("grüße", {{2, 4}}), QStringLiteral("gr[ü]ße"));
        QCOMPARE(marked("grüße", {{3, 5}}), QStringLiteral("gr[üß]e"));
        QCOMPARE(marked("a😀b", {{1, 2}}), QStringLiteral("a[😀]b"));
    }
    void escapes()
    {
        QCOMPARE(marked("a\tb\xff"
                        "c",
                        {{1, 2}, {3, 4}}),
                 QStringLiteral("a[\\t]b[\\xff]c"));
        QCOMPARE(marked("a\r\nb\nc", {{1, 3}}), QStringLiteral("a[\\r\\n]|b\\n|c"));
        QCOMPARE(marked("a\r\nb\nc", {{3, 4}}), QStringLiteral("a\\r\\n|[b]\\n|c"));
        QCOMPARE(marked("a\r\nb", {{2, 4}}), QStringLiteral("a\\r[\\n|b]"));
        QCOMPARE(marked("a\xe2\x80\xae"
                        "b",
                        {{1, 4}}),
                 QStringLiteral("a[\\u202e]b"));
        QCOMPARE(marked("ab" + QByteArray(50, '\0'), {{1, 3}}), QStringLiteral("a[b\\x00 × 50]"));
    }
    void carried()
    {
        QCOMPARE(marked("\xbc"
                        "ber",
                        {{0, 1}}, "\xc3"),
                 QStringLiteral("[ü]ber"));
        QCOMPARE(marked("\xbc"
                        "ber",
                        {{1, 2}}, "\xc3"),
                 QStringLiteral("ü[b]er"));
        QCOMPARE(marked("\x9f\x98\x80!", {{3, 4}}, "\xf0"), QStringLiteral("😀[!]"));
    }
    void otherEncodings()
    {
        const Encoding &sixteen = encodingOf(u"utf-16le");
        QCOMPARE(marked(QByteArray("a\0b\0\t\0c\0", 8), {{2, 4}, {4, 6}}, {}, sixteen), QStringLiteral("a[b][\\t]c"));
        QCOMPARE(marked(QByteArray("\0b\0", 3), {{1, 3}}, "a", sixteen), QStringLiteral("a[b]"));
        const Encoding &chinese = encodingOf(u"gb18030"); // 中文a, and a byte that is no character
        QCOMPARE(marked("\xd6\xd0\xce\xc4"
                        "a\xff",
                        {{2, 4}, {5, 6}}, {}, chinese),
                 QString::fromUtf8("中[文]a[\\xff]"));
        QCOMPARE(marked("gr\xfc\xdf"
                        "e",
                        {{2, 3}}, {}, encodingOf(u"iso-8859-1")),
                 QString::fromUtf8("gr[ü]ße"));
    }
    void dumps_data()
    {
        QTest::addColumn<int>("perLine");
        QTest::newRow("16") << 16;
        QTest::newRow("8") << 8;
        QTest::newRow("4") << 4;
    }
    // Held against the lines as they are made.
    void dumps()
    {
        QFETCH(int, perLine);
        QByteArray bytes;
        for (int at = 0; at < 40; ++at) {
            bytes += static_cast<char>('A' + at);
        }
        QString dump;
        for (qsizetype at = 0; at < bytes.size(); at += perLine) {
            QString line = hexDump(QByteArrayView(bytes).sliced(at, std::min<qsizetype>(perLine, bytes.size() - at)));
            if (perLine < 16) {
                line.remove(9 + 3 * perLine, 49 - 3 * perLine);
            }
            dump += (at > 0 ? QStringLiteral("\n") : QString()) + line;
        }
        for (int from = 0; from < bytes.size(); ++from) {
            const auto chars = dumpCharsOf(0, perLine, bytes.size(), {{from, from + 1}});
            QCOMPARE(chars.size(), 2U);
            QCOMPARE(dump.mid(chars[0].start, chars[0].length), QString::number(bytes[from], 16));
            QCOMPARE(dump.mid(chars[1].start, chars[1].length), QString(QLatin1Char(bytes[from])));
        }
        const auto over = dumpCharsOf(0, perLine, bytes.size(), {{2, 5}});
        QCOMPARE(over.size(), perLine == 4 ? 4U : 2U);
    }
};

QTEST_GUILESS_MAIN(ByteMapTest)
#include "bytemap.moc"

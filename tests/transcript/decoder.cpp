// SPDX-License-Identifier: MIT
#include "transcript/decoder.h"

#include <QRandomGenerator>
#include <QTest>

#include "support/textruns.h"
#include "transcript/payload.h"

using namespace tincan;
using tincan::test::flat;

class DecoderTest : public QObject
{
    Q_OBJECT

private:
    static QString decoded(QByteArrayView bytes)
    {
        Decoder decoder;
        TextRuns runs;
        decoder.decode(bytes, runs);
        decoder.finish(runs);
        return flat(runs);
    }

private slots:
    void everyKindIsShown_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        const auto row
            = [](const char *name, const QByteArray &bytes, const QString &text) { QTest::newRow(name) << bytes << text; };
        row("plain", "hello", QStringLiteral("hello"));
        row("backslash", "a\\n", QStringLiteral("a\\n"));
        row("line ends", "a\nb\r\nc\rd", QStringLiteral("a\\nb\\r\\nc\\rd"));
        row("controls", QByteArray("\0\x07\x1b[31m\t\x7f", 9), QStringLiteral("\\x00\\a\\e[31m\\t\\x7f"));
        row("CJK", "\xe6\xb8\xa9\xe5\xba\xa6", QString::fromUtf8("\xe6\xb8\xa9\xe5\xba\xa6"));
        row("emoji", "\xf0\x9f\x98\x80", QString::fromUtf8("\xf0\x9f\x98\x80"));
        row("invalid",
            "a\xff\xfe"
            "b",
            QStringLiteral("a\\xff\\xfeb"));
        row("overlong", "\xc0\xaf", QStringLiteral("\\xc0\\xaf"));
        row("overlong of three", "\xe0\x80\xaf", QStringLiteral("\\xe0\\x80\\xaf"));
        row("surrogate", "\xed\xa0\x80", QStringLiteral("\\xed\\xa0\\x80"));
        row("above the last", "\xf4\x90\x80\x80", QStringLiteral("\\xf4\\x90\\x80\\x80"));
        row("lone continuation", "\x80x", QStringLiteral("\\x80x"));
        row("cut by another", "\xe6\xb8x", QStringLiteral("\\xe6\\xb8x"));
        row("bidi override",
            "a\xe2\x80\xae"
            "b",
            QStringLiteral("a\\u202eb"));
        row("isolate", "\xe2\x81\xa6", QStringLiteral("\\u2066"));
        row("zero width space", "\xe2\x80\x8b", QStringLiteral("\\u200b"));
        row("byte order mark", "\xef\xbb\xbf", QStringLiteral("\\ufeff"));
        row("C1", "\xc2\x9b", QStringLiteral("\\u009b"));
        row("tag", "\xf3\xa0\x81\x81", QStringLiteral("\\U000e0041"));
        row("joiner of scripts", "\xe2\x80\x8d", QString(QChar(0x200d)));
    }
    void everyKindIsShown()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QCOMPARE(decoded(bytes), text);
    }

    void cutAnywhereItIsTheSame()
    {
        const QByteArray bytes("h\xc3\xa9 \xe6\xb8\xa9\xff \xf0\x9f\x98\x80\xe2\x80\xae\xe6\xb8 end\n");
        const QString whole = decoded(bytes);
        for (qsizetype first = 0; first <= bytes.size(); ++first) {
            for (qsizetype second = first; second <= bytes.size(); ++second) {
                Decoder decoder;
                TextRuns runs;
                decoder.decode(QByteArrayView(bytes).first(first), runs);
                decoder.decode(QByteArrayView(bytes).sliced(first, second - first), runs);
                decoder.decode(QByteArrayView(bytes).sliced(second), runs);
                decoder.finish(runs);
                QCOMPARE(flat(runs), whole);
            }
        }
    }

    void theIncompleteTail()
    {
        QCOMPARE(Decoder::incompleteTail("abc"), 0);
        QCOMPARE(Decoder::incompleteTail("a\xe6"), 1);
        QCOMPARE(Decoder::incompleteTail("a\xe6\xb8"), 2);
        QCOMPARE(Decoder::incompleteTail("a\xe6\xb8\xa9"), 0);
        QCOMPARE(Decoder::incompleteTail("\xf0\x9f\x98"), 3);
        QCOMPARE(Decoder::incompleteTail("\xe0\x80"), 0); // can become nothing
        QCOMPARE(Decoder::incompleteTail("\x80\x80\x80"), 0);
        QCOMPARE(Decoder::incompleteTail(""), 0);
    }

    void theSameBytesAtTheEndFold()
    {
        const QByteArray block = QByteArray("hello\n") + QByteArray(1018, '\0');
        const TextRuns runs = decodeMessage({}, block, true);
        QCOMPARE(flat(runs), QStringLiteral("hello\\n\\x00 × 1018"));
        QCOMPARE(runs.back().kind, TextRun::Kind::Fold);
        QCOMPARE(flat(decodeMessage({}, QByteArray("a\0\0", 3), true)), QStringLiteral("a\\x00\\x00"));
        QCOMPARE(flat(decodeMessage({}, block, true, 0)).size(), 7 + 1018 * 4);
        QCOMPARE(flat(decodeMessage({}, QByteArray(20, '-'), true)), QString(20, u'-'));
    }

    void whatWasCarriedIn()
    {
        QCOMPARE(flat(decodeMessage("\xe6\xb8", "\xa9!", true)), QString::fromUtf8("\xe6\xb8\xa9!"));
        QCOMPARE(flat(decodeMessage("\xe6\xb8", "x", true)), QStringLiteral("\\xe6\\xb8x"));
    }

    void hexDumps()
    {
        QCOMPARE(hexDump("hello"), QStringLiteral("00000000  68 65 6c 6c 6f                                    |hello|"));
        const QStringList lines = hexDump(QByteArray(40, '\x01')).split(u'\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines.at(2).startsWith(QStringLiteral("00000020  01 01 01 01 01 01 01 01   ")));
        QVERIFY(lines.at(2).endsWith(QStringLiteral("|........|")));
        QVERIFY(lines.at(1).startsWith(QStringLiteral("00000010  01 01 01 01 01 01 01 01  01")));
    }

    void typedText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("as");
        QTest::addColumn<int>("ending");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, const QString &text, ComposeAs as, LineEnding ending, const QByteArray &bytes) {
            QTest::newRow(name) << text << static_cast<int>(as) << static_cast<int>(ending) << bytes;
        };
        row("text", QStringLiteral("hi\\n"), ComposeAs::Text, LineEnding::None, "hi\\n");
        row("LF", QStringLiteral("hi"), ComposeAs::Text, LineEnding::Lf, "hi\n");
        row("CR", QStringLiteral("hi"), ComposeAs::Text, LineEnding::Cr, "hi\r");
        row("CRLF, two lines", QStringLiteral("a\nb"), ComposeAs::Text, LineEnding::CrLf, "a\r\nb\r\n");
        row("NUL", QStringLiteral("hi"), ComposeAs::Text, LineEnding::Nul, QByteArray("hi\0", 3));
        row("escapes", QStringLiteral("a\\r\\n\\t\\0\\x41\\101\\e\\\\\\\"\\u00e9\\U0001F600"), ComposeAs::Escapes,
            LineEnding::None, QByteArray("a\r\n\t\0AA\x1b\\\"\xc3\xa9\xf0\x9f\x98\x80", 16));
        row("joined lines", QStringLiteral("a\\\nb"), ComposeAs::Escapes, LineEnding::None, "ab");
        row("hex", QStringLiteral("48 65,6c:6C\n6f 0x21"), ComposeAs::Hex, LineEnding::Lf, "Hello!\n");
        row("nothing", QString(), ComposeAs::Hex, LineEnding::None, "");
    }
    void typedText()
    {
        QFETCH(QString, text);
        QFETCH(int, as);
        QFETCH(int, ending);
        QFETCH(QByteArray, bytes);
        const auto payload = payloadFromText(text, static_cast<ComposeAs>(as), static_cast<LineEnding>(ending));
        QVERIFY(payload);
        QCOMPARE(*payload, bytes);
    }

    void typedNonsense_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("as");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("position");
        const auto row = [](const char *name, const QString &text, ComposeAs as, PayloadError::Kind kind, int position) {
            QTest::newRow(name) << text << static_cast<int>(as) << static_cast<int>(kind) << position;
        };
        row("unknown", QStringLiteral("ab\\q"), ComposeAs::Escapes, PayloadError::Kind::UnknownEscape, 2);
        row("at the end", QStringLiteral("ab\\"), ComposeAs::Escapes, PayloadError::Kind::IncompleteEscape, 2);
        row("short hex", QStringLiteral("\\x4"), ComposeAs::Escapes, PayloadError::Kind::IncompleteEscape, 0);
        row("short point", QStringLiteral("\\u12"), ComposeAs::Escapes, PayloadError::Kind::IncompleteEscape, 0);
        row("large point", QStringLiteral("\\U00110000"), ComposeAs::Escapes, PayloadError::Kind::CodePointTooLarge, 0);
        row("surrogate", QStringLiteral("x\\ud800"), ComposeAs::Escapes, PayloadError::Kind::CodePointTooLarge, 1);
        row("large octal", QStringLiteral("\\777"), ComposeAs::Escapes, PayloadError::Kind::CodePointTooLarge, 0);
        row("no hex", QStringLiteral("48 zz"), ComposeAs::Hex, PayloadError::Kind::NotHex, 3);
        row("odd", QStringLiteral("48 6"), ComposeAs::Hex, PayloadError::Kind::OddHexDigits, 3);
        row("0x alone", QStringLiteral("0x"), ComposeAs::Hex, PayloadError::Kind::OddHexDigits, 0);
    }
    void typedNonsense()
    {
        QFETCH(QString, text);
        QFETCH(int, as);
        QFETCH(int, kind);
        QFETCH(int, position);
        const auto payload = payloadFromText(text, static_cast<ComposeAs>(as), LineEnding::None);
        QVERIFY(!payload);
        QCOMPARE(static_cast<int>(payload.error().kind), kind);
        QCOMPARE(static_cast<int>(payload.error().position), position);
    }

    void escapedIsTheInverseOfEscapes()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 500; ++round) {
            QByteArray bytes(random.bounded(64), Qt::Uninitialized);
            for (char &byte : bytes) {
                byte = static_cast<char>(random.bounded(256));
            }
            const auto back = payloadFromText(QString::fromUtf8(escaped(bytes)), ComposeAs::Escapes, LineEnding::None);
            QVERIFY2(back, escaped(bytes).constData());
            QCOMPARE(*back, bytes);
        }
    }
};

QTEST_GUILESS_MAIN(DecoderTest)
#include "decoder.moc"

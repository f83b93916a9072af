// SPDX-License-Identifier: MIT
// Every encoding: cut anywhere, damaged, random; and back to bytes.
#include "transcript/encoding.h"

#include <QRandomGenerator>
#include <QTest>

#include "support/textruns.h"
#include "transcript/decodedtext.h"
#include "transcript/decoder.h"
#include "transcript/payload.h"
#include "transcript/streamcontext.h"

using namespace tincan;
using tincan::test::flat;

class EncodingsTest : public QObject
{
    Q_OBJECT

private:
    static qsizetype size(const TextRuns &runs)
    {
        qsizetype size = 0;
        for (const TextRun &run : runs) {
            size += run.size;
        }
        return size;
    }
    static QString sample(const Encoding &encoding)
    {
        static const QHash<QByteArray, QString> samples = {
            {"gb18030", QStringLiteral("温度 20 °C 𠀀 ö")},
            {"shift_jis", QStringLiteral("表示ソ テスト ｱ")},
            {"euc-jp", QStringLiteral("日本語テスト ｱ")},
            {"big5", QStringLiteral("溫度 許功蓋 A")},
            {"euc-kr", QStringLiteral("한국어 시험")},
            {"windows-949", QStringLiteral("한국어 똠방각하")},
            {"koi8-r", QStringLiteral("Привет")},
            {"koi8-u", QStringLiteral("Привіт")},
            {"windows-1251", QStringLiteral("Привет")},
            {"windows-1253", QStringLiteral("Γειά")},
            {"windows-1255", QStringLiteral("שלום")},
            {"windows-1256", QStringLiteral("سلام")},
            {"windows-874", QStringLiteral("สวัสดี")},
            {"iso-8859-2", QStringLiteral("Dvořák")},
            {"windows-1250", QStringLiteral("Dvořák")},
            {"us-ascii", QStringLiteral("plain")},
            {"utf-8", QStringLiteral("é温😀")},
            {"utf-16le", QStringLiteral("é温😀")},
            {"utf-16be", QStringLiteral("é温😀")},
            {"windows-1254", QStringLiteral("ığüş")},
            {"iso-8859-15", QStringLiteral("20 € é")},
            {"windows-1252", QStringLiteral("20 € é")},
        };
        return samples.value(encoding.id, QStringLiteral("é ü")) + QStringLiteral(" end");
    }
    static QByteArray encoded(const QString &text, const Encoding &encoding)
    {
        const auto bytes = payloadFromText(text, ComposeAs::Text, LineEnding::None, encoding);
        return bytes.value_or(QByteArray());
    }
    // The reads as a transcript shows them: each by itself, with what is found by looking back.
    static QString shownByReads(const Encoding &encoding, const QByteArray &bytes, const QList<qsizetype> &cuts)
    {
        QString text;
        for (qsizetype n = 0; n + 1 < cuts.size(); ++n) {
            const qsizetype from = cuts[n];
            const QByteArray carried = carriedInto(encoding, before(bytes, from));
            const QByteArray read = bytes.mid(from, cuts[n + 1] - from);
            text += flat(decodeMessage(carried, read, n + 2 == cuts.size(), 16, encoding));
        }
        return text;
    }
    static StreamBefore before(const QByteArray &bytes, qsizetype from)
    {
        return {[=](qsizetype most) { return bytes.mid(std::max<qsizetype>(0, from - most), std::min(from, most)); },
                [=] { return static_cast<std::uint64_t>(from); }};
    }
    static QByteArray randomBytes(QRandomGenerator &random, qsizetype size)
    {
        QByteArray bytes(size, Qt::Uninitialized);
        const int kind = random.bounded(3);
        for (char &byte : bytes) {
            byte = static_cast<char>(kind == 0       ? random.bounded(256)
                                         : kind == 1 ? random.bounded(0x30, 0x100)
                                                     : random.bounded(0x80, 0x100));
        }
        return bytes;
    }
    static void addEncodings()
    {
        QTest::addColumn<int>("number");
        for (const Encoding &encoding : encodings()) {
            QTest::newRow(encoding.id) << indexOf(encoding);
        }
    }

private slots:
    void theListBeginsWithUtf8()
    {
        QCOMPARE(&encodings().front(), &utf8());
        QVERIFY(encodings().size() >= 14);
        QCOMPARE(&encodingOf(u"no such thing"), &utf8());
        QCOMPARE(&encodingOf(u"gb18030"), &encodings()[1]);
    }

    void cutAnywhereTheTextIsTheSame_data() { addEncodings(); }
    void cutAnywhereTheTextIsTheSame()
    {
        QFETCH(int, number);
        const Encoding &encoding = encodings()[static_cast<std::size_t>(number)];
        const QString text = sample(encoding);
        const QByteArray bytes = encoded(text, encoding);
        QVERIFY2(!bytes.isEmpty(), "the sample cannot be written in it");
        const qsizetype end = bytes.size();
        QCOMPARE(shownByReads(encoding, bytes, {0, end}), text);
        for (qsizetype first = 0; first <= end; ++first) {
            for (qsizetype second = first; second <= end; ++second) {
                QCOMPARE(shownByReads(encoding, bytes, {0, first, second, end}), text);
                Decoder decoder(encoding);
                TextRuns runs;
                decoder.decode(QByteArrayView(bytes).first(first), runs);
                decoder.decode(QByteArrayView(bytes).sliced(first, second - first), runs);
                decoder.decode(QByteArrayView(bytes).sliced(second), runs);
                decoder.finish(runs);
                QCOMPARE(flat(runs), text);
            }
        }
    }

    void oneByteAReadIsEnough_data() { addEncodings(); }
    void oneByteAReadIsEnough()
    {
        QFETCH(int, number);
        const Encoding &encoding = encodings()[static_cast<std::size_t>(number)];
        const QString text = sample(encoding);
        const QByteArray bytes = encoded(text, encoding);
        QList<qsizetype> cuts;
        for (qsizetype at = 0; at <= bytes.size(); ++at) {
            cuts << at;
        }
        QCOMPARE(shownByReads(encoding, bytes, cuts), text);
    }

    void everyByteIsShownOnce_data() { addEncodings(); }
    void everyByteIsShownOnce()
    {
        QFETCH(int, number);
        const Encoding &encoding = encodings()[static_cast<std::size_t>(number)];
        QRandomGenerator random(11);
        for (int round = 0; round < 400; ++round) {
            const QByteArray bytes = randomBytes(random, random.bounded(1, 60));
            const TextRuns whole = decodeMessage({}, bytes, true, 0, encoding);
            QCOMPARE(size(whole), bytes.size());
            QCOMPARE(size(decodeMessage({}, bytes, true, 2, encoding)), bytes.size());
            const qsizetype first = random.bounded(static_cast<int>(bytes.size()) + 1);
            const qsizetype second = random.bounded(static_cast<int>(first), static_cast<int>(bytes.size()) + 1);
            QCOMPARE(shownByReads(encoding, bytes, {0, first, second, bytes.size()}), flat(whole));
            qsizetype held = 0;
            qsizetype shown = 0;
            for (const auto &[from, to] : {std::pair(qsizetype{0}, first), std::pair(first, bytes.size())}) {
                if (from == to && from == 0) {
                    continue;
                }
                const QByteArray carried = carriedInto(encoding, before(bytes, from));
                QCOMPARE(carried.size(), held);
                const TextRuns runs = decodeMessage(carried, bytes.mid(from, to - from), from == first, 0, encoding);
                held = carried.size() + to - from - size(runs);
                shown += size(runs);
            }
            QCOMPARE(shown, bytes.size());
        }
    }

    void everyUnitOfTheTextKnowsItsBytes_data() { addEncodings(); }
    void everyUnitOfTheTextKnowsItsBytes()
    {
        QFETCH(int, number);
        const Encoding &encoding = encodings()[static_cast<std::size_t>(number)];
        QRandomGenerator random(5);
        for (int round = 0; round < 100; ++round) {
            const QByteArray bytes = round == 0 ? encoded(sample(encoding), encoding) : randomBytes(random, 48) + "a\r\n\x1b\n";
            const DecodedText decoded(encoding, {}, bytes);
            QCOMPARE(static_cast<qsizetype>(decoded.size()), bytes.size());
            qsizetype end = 0;
            for (qsizetype unit = 0; unit < decoded.text().size();) {
                const DecodedText::Span span = decoded.bytesOf(unit, 1);
                QCOMPARE(span.at, end);
                QVERIFY(span.size > 0);
                const DecodedText::Span back = decoded.textOf(span.at, span.size);
                QCOMPARE(back.at, unit);
                QVERIFY(back.size > 0);
                end = span.at + span.size;
                unit += back.size;
            }
            QCOMPARE(end, bytes.size());
        }
    }

    void invalidBytesAreEscapes_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *id, const QByteArray &bytes, const QString &text) {
            QTest::addRow("%s %s", id, bytes.toHex().constData()) << QString::fromLatin1(id) << bytes << text;
        };
        row("gb18030", "\xce\xc2\xff!", QStringLiteral("温\\xff!"));
        row("gb18030", "\x81\x30!", QStringLiteral("\\x810!")); // what follows the lead byte is looked at anew
        row("gb18030", "a\x81", QStringLiteral("a\\x81"));
        row("shift_jis", "\x83\x5c", QStringLiteral("ソ")); // its second byte is a backslash
        row("shift_jis", "\x83\n", QStringLiteral("\\x83\\n"));
        row("shift_jis", "\x1a\x1c\x7f", QStringLiteral("\\x1a\\x1c\\x7f"));
        row("big5", "\xb7\x07", QStringLiteral("\\xb7\\a"));
        row("us-ascii", "a\x80\xff", QStringLiteral("a\\x80\\xff"));
        row("windows-1253", "\xd2\xe1", QStringLiteral("\\xd2α"));
        row("iso-8859-1", "\x9b\xad\xff", QStringLiteral("\\u009b\\u00adÿ"));
        row("windows-1256", "\xfe\xfd", QStringLiteral("\\u200f\\u200e")); // direction marks are not obeyed
        row("utf-16le", QByteArray("\xff\xfe\x61\0\x2e\x20\x0a\0", 8), QStringLiteral("\\ufeffa\\u202e\\n"));
        row("utf-16be", QByteArray("\xff\xfe\0\x61\x20\x2e\0\r\0\n", 10), QStringLiteral("\\ufffea\\u202e\\r\\n"));
        row("utf-16le", QByteArray("\0\xd8\x61\0\0\xdc\x62", 7), QStringLiteral("\\x00\\xd8a\\x00\\xdc\\x62"));
    }
    void invalidBytesAreEscapes()
    {
        QFETCH(QString, id);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        const Encoding &encoding = encodingOf(id);
        QCOMPARE(flat(decodeMessage({}, bytes, true, 16, encoding)), text);
    }

    void theSameUnitsAtTheEndFold()
    {
        const Encoding &utf16 = encodingOf(u"utf-16le");
        const QByteArray block = QByteArray("a\0", 2) + QByteArray(2000, '\0');
        QCOMPARE(flat(decodeMessage({}, block, true, 16, utf16)), QStringLiteral("a\\x00 × 1000"));
        // A read that ends within a unit.
        const TextRuns odd = decodeMessage({}, block.chopped(1), false, 16, utf16);
        QCOMPARE(flat(odd), QStringLiteral("a\\x00 × 999"));
        QCOMPARE(size(odd), 2000);
        const Encoding &gb = encodingOf(u"gb18030");
        QCOMPARE(flat(decodeMessage({}, QByteArray(20, '\xff'), true, 16, gb)), QStringLiteral("\\xff × 20"));
        QCOMPARE(flat(decodeMessage({}, QByteArray("\xce\xc2").repeated(40), true, 16, gb)), QStringLiteral("温").repeated(40));
        QCOMPARE(flat(decodeMessage({}, "\xb0" + QByteArray(99, '\xb0'), true, 16, gb)), QStringLiteral("鞍").repeated(50));
    }

    void farFromAnyAsciiItIsLookedBack()
    {
        const Encoding &encoding = encodingOf(u"shift_jis");
        const QByteArray bytes = '\n' + encoded(QStringLiteral("表").repeated(20'000), encoding);
        QCOMPARE(carriedInto(encoding, before(bytes, bytes.size())).size(), 0);
        QCOMPARE(carriedInto(encoding, before(bytes, bytes.size() - 1)), bytes.mid(bytes.size() - 2, 1));
        QCOMPARE(carriedInto(encoding, before(bytes, 2)), bytes.mid(1, 1));
    }

    void longTextsAreBrokenAndLimited()
    {
        const DecodedText::Limits limits{4, 10};
        const DecodedText broken(utf8(), {}, QByteArray(35, 'x'), limits);
        QCOMPARE(broken.text(), QStringLiteral("xxxxxxxxxx\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx"));
        QCOMPARE(broken.bytesOf(9, 3).at, 9);
        QCOMPARE(broken.bytesOf(9, 3).size, 2); // the break is no byte
        QCOMPARE(DecodedText(utf8(), {}, QByteArray(100, '\n'), limits).size(), 4U);
        QCOMPARE(DecodedText(utf8(), {}, QByteArray(100, 'x'), limits).size(), 40U);
    }

    void whatWasTypedIsWrittenInIt()
    {
        const auto bytes = [](const QString &text, ComposeAs as, LineEnding ending, const char16_t *id) {
            return payloadFromText(text, as, ending, encodingOf(id)).value_or(QByteArray("failed"));
        };
        QCOMPARE(bytes(QStringLiteral("温"), ComposeAs::Text, LineEnding::Lf, u"gb18030"), QByteArray("\xce\xc2\n"));
        QCOMPARE(bytes(QStringLiteral("a\nb"), ComposeAs::Text, LineEnding::CrLf, u"utf-16le"),
                 QByteArray("a\0\r\0\n\0b\0\r\0\n\0", 12));
        QCOMPARE(bytes(QStringLiteral("\\u6e29\\n\\x41"), ComposeAs::Escapes, LineEnding::Nul, u"utf-16be"),
                 QByteArray("\x6e\x29\0\n\x41\0\0", 7));
        QCOMPARE(bytes(QStringLiteral("ff"), ComposeAs::Hex, LineEnding::Lf, u"utf-16be"), QByteArray("\xff\0\n", 3));
        QCOMPARE(bytes(QStringLiteral("é\\n"), ComposeAs::Escapes, LineEnding::None, u"iso-8859-1"), QByteArray("\xe9\n"));
    }

    void whatIsNotInItIsSaid_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("as");
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("position");
        QTest::addColumn<QString>("offending");
        const auto row
            = [](const char *name, const QString &text, ComposeAs as, const char *id, int position, const QString &what) {
                  QTest::newRow(name) << text << static_cast<int>(as) << QString::fromLatin1(id) << position << what;
              };
        row("Latin-1", QStringLiteral("20 €"), ComposeAs::Text, "iso-8859-1", 3, QStringLiteral("€"));
        row("behind a line end", QStringLiteral("a\n😀"), ComposeAs::Text, "windows-1252", 2, QStringLiteral("😀"));
        row("behind an escape", QStringLiteral("\\nж"), ComposeAs::Escapes, "big5-no", -1, QString());
        row("an escape", QStringLiteral("a\\u6e29"), ComposeAs::Escapes, "koi8-r", 1, QStringLiteral("\\u6e29"));
        row("after escapes", QStringLiteral("\\t温"), ComposeAs::Escapes, "koi8-r", 2, QStringLiteral("温"));
        row("yen is a backslash there", QStringLiteral("¥"), ComposeAs::Text, "shift_jis", 0, QStringLiteral("¥"));
        row("half a pair", QString(QChar(0xd800)), ComposeAs::Text, "utf-8", 0, QString(QChar(0xd800)));
        row("half a pair in UTF-16", QString(QChar(0xdc00)), ComposeAs::Text, "utf-16le", 0, QString(QChar(0xdc00)));
    }
    void whatIsNotInItIsSaid()
    {
        QFETCH(QString, text);
        QFETCH(int, as);
        QFETCH(QString, id);
        QFETCH(int, position);
        QFETCH(QString, offending);
        const auto payload = payloadFromText(text, static_cast<ComposeAs>(as), LineEnding::Lf, encodingOf(id));
        if (position < 0) {
            QVERIFY(payload); // an unknown encoding is UTF-8
            return;
        }
        QVERIFY(!payload);
        QCOMPARE(payload.error().kind, PayloadError::Kind::NotInEncoding);
        QCOMPARE(payload.error().encoding, &encodingOf(id));
        QCOMPARE(static_cast<int>(payload.error().position), position);
        QCOMPARE(payload.error().offending, offending);
    }
};

QTEST_GUILESS_MAIN(EncodingsTest)
#include "encodings.moc"

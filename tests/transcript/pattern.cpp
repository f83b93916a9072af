// SPDX-License-Identifier: MIT
#include "transcript/pattern.h"

#include <QStringEncoder>
#include <QTest>

#include <re2/re2.h>

using namespace tincan;

Q_DECLARE_METATYPE(tincan::FindAs)
Q_DECLARE_METATYPE(tincan::PatternError::Kind)

class PatternTest : public QObject
{
    Q_OBJECT

private:
    static bool fits(const Pattern &pattern, const QByteArray &bytes)
    {
        const std::string text = bytes.toStdString();
        return pattern.literal() ? pattern.literal()->find(text) != Literal::kNone : RE2::PartialMatch(text, *pattern.regex());
    }

private slots:
    void finds_data()
    {
        QTest::addColumn<FindAs>("as");
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("caseSensitive");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("found");
        const auto row = [](const char *name, FindAs as, const QString &what, bool exact, const QByteArray &bytes, bool found) {
            QTest::newRow(name) << as << what << exact << bytes << found;
        };
        row("text", FindAs::Text, QStringLiteral("needle"), true, "a needle here", true);
        row("text, other case", FindAs::Text, QStringLiteral("needle"), true, "a Needle here", false);
        row("text, any case", FindAs::Text, QStringLiteral("nEEdle"), false, "a NeedlE here", true);
        row("no letter is a bracket", FindAs::Text, QStringLiteral("[a"), false, "{A", false);
        row("text is no expression", FindAs::Text, QStringLiteral("a.c"), false, "abc", false);
        row("beyond ascii", FindAs::Text, QStringLiteral("grüße"), true, "viele grüße", true);
        row("beyond ascii, any case", FindAs::Text, QStringLiteral("GRÜ."), false, "viele grü.", true);
        row("… and no expression", FindAs::Text, QStringLiteral("GRÜ."), false, "viele grüß", false);
        row("… among bytes that are no text", FindAs::Text, QStringLiteral("ü"), false, "\xff\xc3\xc3\x9c\xfe", true);
        row("hex", FindAs::Hex, QStringLiteral("de AD,be:ef"), true, "x\xde\xad\xbe\xefy", true);
        row("hex with prefixes", FindAs::Hex, QStringLiteral("0xde \\xad 0XBE"), true, "\xde\xad\xbe", true);
        row("hex has no case", FindAs::Hex, QStringLiteral("61"), false, "A", false);
        row("any byte", FindAs::Hex, QStringLiteral("61 ?? 63"), true, "xa\ncx", true);
        row("any byte, but one", FindAs::Hex, QStringLiteral("61??63"), true, "ac", false);
        row("regex", FindAs::Regex, QStringLiteral("^GET /\\S+$"), true, "x\nGET /a\ny", true);
        row("regex, any case", FindAs::Regex, QStringLiteral("get"), false, "GET", true);
        row("regex, a dot is a byte", FindAs::Regex, QStringLiteral("a.b"), true,
            "a\xff"
            "b",
            true);
        row("regex, a byte", FindAs::Regex, QStringLiteral("\\xff+b"), true,
            "a\xff\xff"
            "b",
            true);
        row("regex, a class of bytes", FindAs::Regex, QStringLiteral("[^a-z]z"), true, "\x80z", true);
        row("regex in characters", FindAs::Regex, QStringLiteral("ü.e"), true, "größe grüße", true);
        row("regex, characters of a kind", FindAs::Regex, QStringLiteral("\\p{Greek}{2}"), true, "αβ", true);
        row("regex, a character by number", FindAs::Regex, QStringLiteral("\\x{3b1}"), true, "αβ", true);
        row("regex, NUL", FindAs::Regex, QStringLiteral("a\\x00b"), true, QByteArray("a\0b", 3), true);
    }
    void finds()
    {
        QFETCH(FindAs, as);
        QFETCH(QString, what);
        QFETCH(bool, caseSensitive);
        QFETCH(QByteArray, bytes);
        const auto pattern = Pattern::make(as, what, caseSensitive);
        QVERIFY(pattern.has_value());
        QTEST(fits(*pattern, bytes), "found");
    }

    void refuses_data()
    {
        QTest::addColumn<FindAs>("as");
        QTest::addColumn<QString>("what");
        QTest::addColumn<PatternError::Kind>("kind");
        QTest::addColumn<qsizetype>("position");
        QTest::addColumn<QString>("detail");
        using Kind = PatternError::Kind;
        const auto row = [](const char *name, FindAs as, const QString &what, Kind kind, qsizetype position, const char *detail) {
            QTest::newRow(name) << as << what << kind << position << QString::fromUtf8(detail);
        };
        row("nothing", FindAs::Text, {}, Kind::Empty, 0, "");
        row("too long", FindAs::Text, QString(5000, u'x'), Kind::TooLong, 4096, "");
        row("blanks only", FindAs::Hex, QStringLiteral("  "), Kind::Empty, 0, "");
        row("no hex", FindAs::Hex, QStringLiteral("de xx"), Kind::NotHex, 3, "x");
        row("no hex behind a prefix", FindAs::Hex, QStringLiteral("0x"), Kind::NotHex, 1, "x");
        row("no hex, two units", FindAs::Hex, QStringLiteral("a😀"), Kind::NotHex, 1, "😀");
        row("odd", FindAs::Hex, QStringLiteral("de a"), Kind::OddHexDigits, 3, "a");
        row("odd before a blank", FindAs::Hex, QStringLiteral("d ea"), Kind::OddHexDigits, 0, "d");
        row("any only", FindAs::Hex, QStringLiteral("????"), Kind::AnyOnly, 0, "");
        row("bracket", FindAs::Regex, QStringLiteral("a("), Kind::Regex, 0, "missing ): (?m)a(");
        row("fits nothing", FindAs::Regex, QStringLiteral("a*"), Kind::FitsNothing, 0, "");
    }
    void refuses()
    {
        QFETCH(FindAs, as);
        QFETCH(QString, what);
        const auto pattern = Pattern::make(as, what, true);
        QVERIFY(!pattern.has_value());
        QTEST(pattern.error().kind, "kind");
        QTEST(pattern.error().position, "position");
        if (as != FindAs::Regex) {
            QTEST(pattern.error().detail, "detail");
        } else if (pattern.error().kind == PatternError::Kind::Regex) {
            QVERIFY(!pattern.error().detail.isEmpty());
            QVERIFY2(!pattern.error().detail.contains(QLatin1String("(?m)")), qPrintable(pattern.error().detail));
        }
    }

    void otherEncodings()
    {
        const TextEncoder utf16
            = [](QStringView text) { return std::optional(QByteArray(QStringEncoder(QStringEncoder::Utf16LE).encode(text))); };
        const auto exact = Pattern::make(FindAs::Text, QStringLiteral("hé"), true, utf16);
        QVERIFY(exact && fits(*exact, QByteArray("xh\0\xe9\0", 5)));
        QVERIFY(!fits(*exact, "hé"));
        const auto anyCase = Pattern::make(FindAs::Text, QStringLiteral("hé"), false, utf16);
        QVERIFY(anyCase && fits(*anyCase, QByteArray("xH\0\xc9\0", 5)));
        const TextEncoder ascii = [](QStringView text) -> std::optional<QByteArray> {
            return text.contains(u'é') ? std::nullopt : std::optional(text.toUtf8());
        };
        const auto none = Pattern::make(FindAs::Text, QStringLiteral("hé"), true, ascii);
        QVERIFY(!none);
        QCOMPARE(none.error().kind, PatternError::Kind::NoSuchBytes);
        QCOMPARE(none.error().position, 1);
    }

    void encodingsOfConversations()
    {
        const auto made = [](const char *id, const char *what, bool caseSensitive, FindAs as = FindAs::Text) {
            return Pattern::make(as, QString::fromUtf8(what), caseSensitive, encoderOf(encodingOf(QString::fromLatin1(id))));
        };
        QVERIFY(fits(*made("windows-1251", "При", true), QByteArray("\xcf\xf0\xe8\xe2\xe5\xf2")));
        QVERIFY(fits(*made("windows-1251", "пРИ", false), QByteArray("\xcf\xf0\xe8\xe2\xe5\xf2")));
        QVERIFY(!fits(*made("windows-1251", "При", true), "Привет"));
        QVERIFY(fits(*made("utf-16le", "hé", false), QByteArray("xH\0\xc9\0", 5)));
        QVERIFY(fits(*made("shift_jis", "日本", true), QByteArray("\x93\xfa\x96\x7b")));
        QVERIFY(fits(*made("utf-8", "é", false), "É"));
        const auto none = made("windows-1251", "a日", true);
        QVERIFY(!none);
        QCOMPARE(none.error().kind, PatternError::Kind::NoSuchBytes);
        QCOMPARE(none.error().position, 1);
        QCOMPARE(none.error().detail, QStringLiteral("日"));
    }

    void expressionsBeyondBytesAreOfUtf8()
    {
        const auto made = [](const char *id, const char *what) {
            return Pattern::make(FindAs::Regex, QString::fromUtf8(what), true, encoderOf(encodingOf(QString::fromLatin1(id))));
        };
        QVERIFY(fits(*made("utf-8", "h[éè]"), "hè"));
        QVERIFY(fits(*made("windows-1252", "h\\xe9|x"), QByteArray("h\xe9")));
        const auto none = made("windows-1252", "h[éè]");
        QVERIFY(!none);
        QCOMPARE(none.error().kind, PatternError::Kind::OnlyUtf8);
        QCOMPARE(none.error().position, 2);
        QCOMPARE(none.error().detail, QStringLiteral("é"));
        QCOMPARE(made("utf-16le", "a\\p{Lu}").error().detail, QStringLiteral("\\p"));
    }

    void literalsAtEveryPlace()
    {
        // Every length and place around the steps that are taken at a time.
        for (int length = 1; length < 40; ++length) {
            for (int at = 0; at + length <= 70; ++at) {
                QByteArray bytes(70, 'x');
                QByteArray wanted(length, 'x');
                wanted[length - 1] = 'Y';
                bytes[at + length - 1] = 'Y';
                QCOMPARE(Literal(wanted).find(bytes.toStdString()), static_cast<std::size_t>(at));
                QCOMPARE(Literal::caseless(wanted.toLower()).find(bytes.toStdString()), static_cast<std::size_t>(at));
                QCOMPARE(Literal(wanted).find(bytes.toStdString(), static_cast<std::size_t>(at) + 1), Literal::kNone);
            }
        }
    }

    void aBadCaseIsLinear()
    {
        const std::string bytes(std::size_t{4} * 1024 * 1024, 'a'); // would take minutes otherwise
        QCOMPARE(Literal(QByteArray(2000, 'a') + 'b' + QByteArray(2000, 'a')).find(bytes), Literal::kNone);
        QCOMPARE(Literal('b' + QByteArray(4000, 'a')).find(bytes + 'b' + bytes), bytes.size());
    }
};

QTEST_GUILESS_MAIN(PatternTest)
#include "pattern.moc"

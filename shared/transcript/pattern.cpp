// SPDX-License-Identifier: MIT
#include "transcript/pattern.h"

#include <algorithm>

#include <re2/re2.h>

#include "transcript/payload.h"

namespace tincan {

namespace {

using Failure = tl::unexpected<PatternError>;
using Kind = PatternError::Kind;

constexpr std::int64_t kMostMemory = std::int64_t{16} * 1024 * 1024; // of a compiled expression and its automata

bool isAscii(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
}

// Where the expression speaks of characters beyond what a byte can be; -1: nowhere.
qsizetype beyondBytes(const QString &expression)
{
    const auto wide = std::find_if(expression.begin(), expression.end(), [](QChar c) { return c.unicode() >= 0x80; });
    if (wide != expression.end()) {
        return wide - expression.begin();
    }
    for (qsizetype at = expression.indexOf(u'\\'); at >= 0 && at + 1 < expression.size();
         at = expression.indexOf(u'\\', at + 2)) {
        const QChar letter = expression[at + 1];
        const qsizetype close = expression.indexOf(u'}', at);
        if (letter == u'p' || letter == u'P' || (letter == u'x' && expression.mid(at + 2, 1) == u"{" && close - at > 5)) {
            return at;
        }
    }
    return -1;
}

int hexDigit(QChar c)
{
    const char16_t u = c.unicode();
    if (u >= u'0' && u <= u'9') {
        return u - u'0';
    }
    const int letter = (u | 0x20) - u'a';
    return u < 0x80 && letter >= 0 && letter < 6 ? letter + 10 : -1;
}

bool isPassedOver(QChar c)
{
    return c.isSpace() || c == u',' || c == u':';
}

// The whole character there, of which some take two units.
QString characterAt(const QString &text, qsizetype at)
{
    return text.mid(at, text[at].isHighSurrogate() ? 2 : 1);
}

} // namespace

std::optional<QByteArray> encodeUtf8(QStringView text)
{
    return text.toUtf8();
}

TextEncoder encoderOf(const Encoding &encoding)
{
    return [&encoding](QStringView text) -> std::optional<QByteArray> {
        const auto bytes = payloadFromText(text, ComposeAs::Text, LineEnding::None, encoding);
        return bytes ? std::optional(*bytes) : std::nullopt;
    };
}

Pattern::Made Pattern::make(FindAs as, const QString &what, bool caseSensitive, const TextEncoder &encode)
{
    if (what.isEmpty()) {
        return Failure({Kind::Empty, 0, {}});
    }
    if (what.size() > kLongest) {
        return Failure({Kind::TooLong, kLongest, {}});
    }
    switch (as) {
    case FindAs::Hex:
        return fromHex(what);
    case FindAs::Regex: {
        const qsizetype wide = beyondBytes(what);
        const QString sample = QStringLiteral("\u00e9");
        if (wide >= 0 && encode(sample) != sample.toUtf8()) {
            return Failure({Kind::OnlyUtf8, wide, what[wide] == u'\\' ? what.mid(wide, 2) : characterAt(what, wide)});
        }
        return fromRegex(what.toUtf8(), caseSensitive, wide >= 0);
    }
    case FindAs::Text:
        break;
    }
    return fromText(what, caseSensitive, encode);
}

Pattern::Made Pattern::fromText(const QString &what, bool caseSensitive, const TextEncoder &encode)
{
    const std::optional<QByteArray> bytes = encode(what);
    if (!bytes || bytes->isEmpty()) {
        qsizetype at = 0;
        while (at + 1 < what.size() && encode(characterAt(what, at))) {
            at += characterAt(what, at).size();
        }
        return Failure({Kind::NoSuchBytes, at, characterAt(what, at)});
    }
    Pattern made;
    if (caseSensitive || (what.toLower() == what && what.toUpper() == what)) {
        made.m_literal = std::make_shared<Literal>(*bytes);
        return made;
    }
    if (isAscii(what) && *bytes == what.toLatin1()) {
        made.m_literal = std::make_shared<Literal>(Literal::caseless(*bytes));
        return made;
    }
    if (*bytes == what.toUtf8()) {
        return fromRegex(QByteArray::fromStdString(RE2::QuoteMeta(bytes->toStdString())), false, true);
    }
    // In another encoding: each character in the bytes of either case, which are Latin-1 to RE2.
    std::string expression;
    for (qsizetype at = 0; at < what.size();) {
        const QString one = characterAt(what, at);
        std::string forms;
        for (const QString &form : {one, one.toLower(), one.toUpper()}) {
            if (const auto encoded = encode(form); encoded && !encoded->isEmpty()) {
                // Only ASCII letters and digits go without a backslash; \xHH is unmistakable.
                forms += forms.empty() ? "(?:" : "|";
                for (const char byte : *encoded) {
                    forms += "\\x" + QByteArray(1, byte).toHex().toStdString();
                }
            }
        }
        expression += forms.empty() ? std::string() : forms + ')';
        at += one.size();
    }
    return fromRegex(QByteArray::fromStdString(expression), true, false);
}

Pattern::Made Pattern::fromHex(const QString &what)
{
    QByteArray value;
    QByteArray mask;
    for (qsizetype at = 0; at < what.size();) {
        if (isPassedOver(what[at])) {
            ++at;
            continue;
        }
        const QString two = what.mid(at, 2);
        if (two == u"??") {
            value += '\0';
            mask += '\0';
            at += 2;
            continue;
        }
        if (two.compare(u"0x", Qt::CaseInsensitive) == 0 || two == u"\\x") {
            at += 2;
        }
        const qsizetype digit = at;
        if (at >= what.size() || hexDigit(what[at]) < 0) {
            return Failure({Kind::NotHex, std::min(at, what.size() - 1), characterAt(what, std::min(at, what.size() - 1))});
        }
        if (++at >= what.size() || isPassedOver(what[at])) {
            return Failure({Kind::OddHexDigits, digit, what.mid(digit, 1)});
        }
        if (hexDigit(what[at]) < 0) {
            return Failure({Kind::NotHex, at, characterAt(what, at)});
        }
        value += static_cast<char>(hexDigit(what[digit]) * 16 + hexDigit(what[at++]));
        mask += '\xff';
    }
    if (mask.count('\0') == mask.size()) {
        return Failure({mask.isEmpty() ? Kind::Empty : Kind::AnyOnly, 0, {}});
    }
    Pattern made;
    made.m_literal = std::make_shared<Literal>(value, mask);
    return made;
}

Pattern::Made Pattern::fromRegex(const QByteArray &what, bool caseSensitive, bool isUtf8)
{
    RE2::Options options;
    options.set_encoding(isUtf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
    options.set_case_sensitive(caseSensitive);
    options.set_log_errors(false);
    options.set_max_mem(kMostMemory);
    const auto regex = std::make_shared<RE2>("(?m)" + what.toStdString(), options);
    if (!regex->ok()) {
        return Failure({Kind::Regex, 0, QString::fromStdString(regex->error()).remove(QLatin1String("(?m)"))});
    }
    if (RE2::FullMatch("", *regex)) {
        return Failure({Kind::FitsNothing, 0, {}});
    }
    Pattern made;
    made.m_regex = regex;
    return made;
}

} // namespace tincan

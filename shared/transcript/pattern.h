// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <QByteArray>
#include <QString>

#include <tl/expected.hpp>

#include "transcript/encoding.h"
#include "transcript/literal.h"

namespace re2 {
class RE2;
}

namespace tincan {

// What a person looks for.
enum class FindAs : std::uint8_t {
    Text,  // these characters
    Hex,   // these bytes: pairs of hex digits, ?? for any byte; blanks, commas, colons, 0x and \x before a pair are passed over
    Regex, // RE2's syntax. ^ and $ are at line ends, and at the ends of what has come
};

struct PatternError {
    enum class Kind : std::uint8_t {
        Empty,        // nothing is looked for
        TooLong,      // longer than Pattern::kLongest
        NotHex,       // the character at `position`
        OddHexDigits, // the digit at `position` has no second one
        AnyOnly,      // nothing but ??
        NoSuchBytes,  // the character at `position` does not exist in the encoding
        Regex,        // RE2 says why in `detail`
        OnlyUtf8,     // the character at `position` of the expression, which is looked for in UTF-8 only
        FitsNothing,  // the expression also fits where there is nothing at all, which is everywhere
    };
    Kind kind = Kind::Empty;
    qsizetype position = 0; // in UTF-16 units
    QString detail;         // the offending characters, or RE2's words
};

// The bytes of a text in the encoding of a conversation; nothing where it has none.
using TextEncoder = std::function<std::optional<QByteArray>(QStringView)>;
std::optional<QByteArray> encodeUtf8(QStringView text);
// Into that one. To be called in one thread.
TextEncoder encoderOf(const Encoding &encoding);

// What is looked for, made ready. Cheap to copy; any thread.
//
// A regular expression that is written in ASCII is applied to bytes: `.` is any byte but \n, \xff is that byte, so it works on
// what is no text as well. One with other characters, \p or \x{100} and above is applied to UTF-8: `.` is a whole character then,
// and bytes that are none fit only a literal part; where `encode` is none of UTF-8, it is refused. Texts in either case beyond
// ASCII are looked for the same way, in the bytes that `encode` makes of them.
class Pattern
{
public:
    using Made = tl::expected<Pattern, PatternError>;
    static Made make(FindAs as, const QString &what, bool caseSensitive, const TextEncoder &encode = encodeUtf8);

    static constexpr qsizetype kLongest = 4096; // characters, and bytes

    // One of the two.
    const Literal *literal() const noexcept { return m_literal.get(); }
    const re2::RE2 *regex() const noexcept { return m_regex.get(); }

private:
    static Made fromText(const QString &what, bool caseSensitive, const TextEncoder &encode);
    static Made fromHex(const QString &what);
    static Made fromRegex(const QByteArray &what, bool caseSensitive, bool isUtf8);

    std::shared_ptr<const Literal> m_literal;
    std::shared_ptr<const re2::RE2> m_regex;
};

} // namespace tincan

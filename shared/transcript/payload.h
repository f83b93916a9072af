// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <tl/expected.hpp>

#include "transcript/encoding.h"

namespace tincan {

// How what a person types becomes bytes.
enum class ComposeAs : std::uint8_t {
    Text,    // as it stands, in the encoding
    Escapes, // C's: \n \r \t \0 \a \b \e \f \v \\ \" \xHH \ooo \uXXXX \UXXXXXXXX, and a backslash at a line's end joins lines
    Hex,     // pairs of hex digits; blanks, commas, colons, line ends and 0x before a pair are passed over
};

enum class LineEnding : std::uint8_t { None, Lf, Cr, CrLf, Nul };

// What is wrong in the typed text and where (in UTF-16 units from its beginning).
struct PayloadError {
    enum class Kind : std::uint8_t { UnknownEscape, IncompleteEscape, CodePointTooLarge, NotHex, OddHexDigits, NotInEncoding };
    Kind kind = Kind::NotHex;
    qsizetype position = 0;
    QString offending;
    const Encoding *encoding = nullptr; // of NotInEncoding
};

// The bytes of `text`, with the line ending behind them. A line end within the text is LF, sent as the chosen line ending if that
// is CR or CRLF (None, LF and NUL leave LF), but for Hex, where it is passed over. Characters and line endings are written in
// `encoding`; \xHH, \ooo and Hex give the bytes themselves. Any thread.
tl::expected<QByteArray, PayloadError> payloadFromText(QStringView text, ComposeAs as, LineEnding ending,
                                                       const Encoding &encoding = utf8());

QByteArrayView bytesOf(LineEnding ending);

// The bytes as a C string literal without its quotes, valid UTF-8 kept: what `--headless` prints. Inverse of Escapes.
QByteArray escaped(QByteArrayView bytes);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <QByteArrayView>
#include <QString>

namespace tincan {

// Bytes as string literals of a language: any bytes, and only what is printed as it looks (UTF-8 stays text; control characters,
// bidi overrides and what is no UTF-8 become escapes). Lines are broken behind line ends and before they get long; those that
// follow begin with `indent`. Any thread.
QString cLiteral(QByteArrayView bytes, const QString &indent);      // "he said \"hi\"\n"; no trigraphs, no digit joins an escape
QString pythonLiteral(QByteArrayView bytes, const QString &indent); // b"\x00\xff", or "grüß".encode() where it is UTF-8
QString printfLiteral(QByteArrayView bytes);                        // a format of printf(1) in single quotes: '50%%\n\000'

// For a shell: in single quotes always, or only where it has to be.
QString shellQuoted(QString text);
QString shellWord(const QString &text);
// A path or an abstract name within an address of socat's.
QString socatName(const std::string &path);

// One line that ends no comment, whatever the text.
QString commentText(QString text);

} // namespace tincan

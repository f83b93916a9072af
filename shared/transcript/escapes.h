// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "transcript/decoder.h"

namespace tincan {

// How the decoders show what cannot or must not be shown as it is. Any thread.

QString byteEscape(unsigned char byte);    // "\xff"
QString controlEscape(unsigned char byte); // "\e", "\x07"
QString pointEscape(char32_t point);       // "\u202e", "\U000e0041"

// Characters that would act on the text around them, or cannot be seen: shown, never obeyed.
bool isHidden(char32_t point) noexcept;

// Appends a piece that stands for `size` bytes; to the run before it where that is of the same kind, but for line ends.
void appendRun(TextRuns &into, TextRun::Kind kind, const QString &text, std::uint32_t size);
// Each byte as an escape.
void appendInvalid(TextRuns &into, QByteArrayView bytes);

} // namespace tincan

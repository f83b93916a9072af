// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>

namespace tincan {

// Bytes in words and numbers, for the detail pane. Any thread.

// "byte 0x12 (18) = 0x68 · u8 104 · u16 LE 26725 BE 25960 …": what begins at `at`, read as numbers, as far as there are bytes.
// A negative reading stands behind the positive one: "u8 255 (−1)". Empty beyond the end.
QString inspectorText(QByteArrayView bytes, qsizetype at);

// "bytes 0x10–0x1f (16 bytes)"
QString spanText(qsizetype at, qsizetype size);

// "68 65 6c 6c 6f", 16 a line.
QString hexText(QByteArrayView bytes);

// "const unsigned char bytes[] = { 0x68, … };", 12 a line.
QString cArrayText(QByteArrayView bytes);

} // namespace tincan

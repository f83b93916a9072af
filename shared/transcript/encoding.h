// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include <QString>
#include <QStringView>

namespace tincan {

// A way to write characters as bytes. There is one object of each, for ever: they are told apart by their addresses.
struct Encoding {
    enum class Form : std::uint8_t {
        Utf8,
        Utf16Le,
        Utf16Be,
        SingleByte,
        MultiByte, // ASCII, and characters of two to four bytes that begin with one from 0x80 on
    };
    const char *id;   // in settings, never to be changed
    const char *name; // as people know it
    const char *icu;  // of ICU's converter
    const char *use;  // what it is for, in a few words
    Form form;
    // MultiByte: no byte of a character of several is below this one (0x80 at most). So a byte below it is a character by
    // itself, wherever one begins to read.
    unsigned char firstTrail;

    bool isUtf16() const noexcept { return form == Form::Utf16Le || form == Form::Utf16Be; }
};

// All of them, UTF-8 first.
std::span<const Encoding> encodings() noexcept;
const Encoding &utf8() noexcept;
// UTF-8 where there is none of that id.
const Encoding &encodingOf(QStringView id) noexcept;
int indexOf(const Encoding &encoding) noexcept; // in encodings()

} // namespace tincan

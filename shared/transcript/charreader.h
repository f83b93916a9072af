// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <QByteArray>

#include "transcript/encoding.h"

namespace tincan {

struct CharConverter;

// Bytes to characters and back, one at a time, in any encoding but UTF-8, which Decoder reads by itself. Any thread, but each
// object in the thread that made it.
class CharReader
{
public:
    explicit CharReader(const Encoding &encoding);

    struct Char {
        enum class State : std::uint8_t {
            Whole,
            Invalid, // these bytes are no character
            Cut,     // the bytes end within a character that more would complete
        };
        char32_t point = 0;
        qsizetype size = 0; // bytes, at least 1
        State state = State::Invalid;
    };
    // The character that begins at `bytes`, of which there are `count`, at least 1.
    Char next(const unsigned char *bytes, qsizetype count) const;

    // Appends the bytes of `point`; false where this encoding has no such character.
    bool write(char32_t point, QByteArray &into) const;

private:
    Char nextUtf16(const unsigned char *bytes, qsizetype count) const;
    Char nextMultiByte(const unsigned char *bytes, qsizetype count) const;
    void writeUtf16(char32_t point, QByteArray &into) const;

    const Encoding &m_encoding;
    CharConverter *m_converter = nullptr; // lives as long as its thread
};

} // namespace tincan

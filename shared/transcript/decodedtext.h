// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "transcript/decoder.h"

namespace tincan {

// Bytes as the text that stands for them, where it is known of every UTF-16 unit which bytes those are. Any thread.
class DecodedText
{
public:
    // A piece that is shown apart from the text: an escape.
    struct Escape {
        qsizetype at = 0; // in UTF-16 units
        qsizetype size = 0;
        bool invalid = false; // bytes that are no character
    };
    struct Limits {
        qsizetype lines = 16'384;
        qsizetype lineLength = 4'096; // UTF-16 units; a longer line is broken
    };

    DecodedText() = default;
    // `carried`: what stands before and begins the first character. A line end is shown as its escape, and a new line follows.
    DecodedText(const Encoding &encoding, QByteArrayView carried, QByteArrayView bytes, Limits limits);
    DecodedText(const Encoding &encoding, QByteArrayView carried, QByteArrayView bytes)
        : DecodedText(encoding, carried, bytes, Limits())
    {
    }

    const QString &text() const noexcept { return m_text; }
    const std::vector<Escape> &escapes() const noexcept { return m_escapes; }
    // How many of the bytes the text stands for: fewer than were given where it has reached a limit.
    std::uint32_t size() const noexcept { return m_size; }

    struct Span {
        qsizetype at = 0;
        qsizetype size = 0;
    };
    // The bytes that a piece of the text stands for, whole characters. Empty for an empty piece, with its place.
    Span bytesOf(qsizetype from, qsizetype size) const;
    // The piece of text that stands for these bytes.
    Span textOf(qsizetype from, qsizetype size) const;

private:
    class Builder;
    QString m_text;
    std::vector<std::uint32_t> m_byteOf; // of each unit: the first byte of what it is part of
    std::vector<Escape> m_escapes;
    std::uint32_t m_size = 0;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include <QByteArray>

#include "transcript/encoding.h"

namespace tincan {

// What a stream of bytes holds before a place in it. Any place may be asked for, without having read the stream from its
// beginning.
struct StreamBefore {
    // At most `most` bytes that end at the place; fewer only where the stream begins, or they are not kept.
    std::function<QByteArray(qsizetype most)> bytes;
    // How many bytes of the stream there are before the place. Asked for by UTF-16 only.
    std::function<std::uint64_t()> offset;
};

// How far it is looked back for a byte that is a character by itself. Where there is none, the decoder begins there, and may
// for once see two characters where one byte of each belongs to another.
inline constexpr qsizetype kLongestLookBack = 64 * 1024;

// The bytes right before the place that begin a character which what follows may complete (0 to 3).
QByteArray carriedInto(const Encoding &encoding, const StreamBefore &before);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <QByteArray>

#include "base/ids.h"

namespace tincan {

// Where one message ends and the next begins, decided after the fact: TCP keeps no borders between what was sent, so each reader
// has a rule of its own for finding them. The bytes stay the same, whatever lens they are seen through.
struct Lens {
    enum class Kind : std::uint8_t {
        Reads,        // as recv(2) returned them: no lens at all
        Lines,        // each ends with LF (CR LF is one, too)
        Delimiter,    // each ends with `delimiter`
        LengthHeader, // each begins with its length
        IdleGap,      // reads that follow one another within `gapMilliseconds` belong together
        StxEtx,       // from STX (0x02) to ETX (0x03); what is between two frames is a message too
    };
    Kind kind = Kind::Reads;
    QByteArray delimiter{"\n"}; // not empty
    int headerSize = 2;         // bytes of the length: 1, 2, 4 or 8
    bool bigEndian = true;
    int headerOffset = 0;   // bytes that stand before the length
    bool inclusive = false; // the length counts itself and what is before it
    int gapMilliseconds = 50;

    friend bool operator==(const Lens &, const Lens &) = default;
};

// A message as a lens sees it: the bytes of a stream from byte `from` of row `row` on, as far as `size` reaches, which may be
// into later rows of the same stream. An event is a piece without bytes.
struct Piece {
    RowNumber row = 0;
    std::uint32_t from = 0;
    std::uint32_t size : 31 = 0;
    std::uint32_t broken : 1 = 0; // its header says a length that cannot be: from here on as it was read
};
static_assert(sizeof(Piece) == 12);

} // namespace tincan

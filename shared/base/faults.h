// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace tincan {

// What is done wrong on purpose to one peer, to see how it copes. All zero: nothing.
struct Faults {
    std::uint64_t bytesPerSecond = 0;     // SO_MAX_PACING_RATE (socket(7)); of datagrams: nothing
    std::uint32_t delayMilliseconds = 0;  // each message of ours waits so long before it is handed to the kernel …
    std::uint32_t jitterMilliseconds = 0; // … and up to so much longer. The order of a stream's bytes is kept
    std::uint32_t pieceBytes = 0;         // of streams: no send(2) of more than this
    std::uint64_t stopAfterBytes = 0;     // so many more are sent, and then no more
    bool resetAtStop = false;             // and then the connection is reset
    std::uint32_t dropPerMille = 0;       // of datagrams, both ways: so many of a thousand are thrown away, and counted

    bool isNothing() const noexcept { return *this == Faults{}; }
    friend bool operator==(const Faults &, const Faults &) = default;
};

} // namespace tincan

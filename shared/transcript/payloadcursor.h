// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "transcript/payloadsource.h"

namespace tincan {

// Reads the payloads of many rows one after the other, in the order of the file, with few reads of the disk: what searching,
// saving and re-cutting go through a session with. One thread; the source outlives it.
class PayloadCursor
{
public:
    explicit PayloadCursor(const PayloadSource &source);

    // All bytes of the row's payload; they stay until the next call. Fewer (or none) where it was not recorded, is no longer kept
    // or cannot be read: error() then says why.
    std::span<const std::byte> bytes(const Row &row);
    int error() const noexcept { return m_error; } // errno's value of the last bytes(); 0: none

private:
    const PayloadSource &m_source;
    std::vector<std::byte> m_window;
    std::uint64_t m_begin = 0; // where in the file the window begins
    std::size_t m_filled = 0;
    int m_error = 0;
};

} // namespace tincan

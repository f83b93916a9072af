// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "transcript/index.h"

namespace tincan {

// Makes the rows of a capture's conversations, and counts what they say. One thread.
class CaptureRows
{
public:
    struct Totals {
        std::uint64_t retransmitted = 0; // bytes that came again
        std::uint64_t differing = 0;     // of those, the ones that were not what came first
        std::uint64_t missing = 0;       // bytes
    };

    // Whatever follows is of that moment, into that batch (which outlives it).
    void begin(RowBatch &into, std::int64_t time) noexcept
    {
        m_batch = &into;
        m_time = time;
    }
    std::int64_t time() const noexcept { return m_time; }
    RowBatch &batch() noexcept { return *m_batch; }
    Totals &totals() noexcept { return m_totals; }
    const Totals &totals() const noexcept { return m_totals; }

    void message(PeerId peer, RecordKind kind, std::uint64_t offset, std::uint32_t size);
    void event(PeerId peer, RecordKind kind);
    void detailed(PeerId peer, RecordKind kind, Detail detail);
    // Also counts them. `kind` is of the message that they would be of.
    void missing(PeerId peer, RecordKind kind, std::uint32_t bytes, bool cutShort);

private:
    RowBatch *m_batch = nullptr;
    std::int64_t m_time = 0;
    Totals m_totals;
};

} // namespace tincan

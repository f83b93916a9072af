// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "transcript/payloadsource.h"

namespace tincan {

// A piece of a TCP stream: its bytes by number and by place in the file.
struct StreamPiece {
    std::uint64_t offset = 0;   // of the first byte in the file
    std::uint32_t sequence = 0; // number of the first byte, modulo 2^32
    std::uint32_t captured = 0; // the first bytes, which the file has got
    std::uint32_t size = 0;     // of the stream

    std::uint32_t end() const noexcept { return sequence + size; }
    // Without its first `count` bytes (at most all).
    void dropFirst(std::uint32_t count) noexcept
    {
        offset += count;
        sequence += count;
        captured = captured > count ? captured - count : 0;
        size -= count;
    }
    // Its first `count` bytes (at most all).
    StreamPiece first(std::uint32_t count) const noexcept
    {
        return {offset, sequence, captured < count ? captured : count, count};
    }
};

// How far `to` is behind `from`, modulo 2^32 (RFC 9293 §3.4).
constexpr std::int32_t distance(std::uint32_t from, std::uint32_t to) noexcept
{
    return static_cast<std::int32_t>(to - from);
}

// Where the last pieces of all streams together stand, so that what comes again can be compared. Of bounded size. One thread.
class SegmentHistory
{
public:
    using Mark = std::uint64_t; // 0: none

    explicit SegmentHistory(const PayloadSource &file)
        : m_file(file)
    {
    }

    // `before` is what this gave for the stream's last piece. Returns the mark of this one.
    Mark add(Mark before, const StreamPiece &piece)
    {
        const Entry entry{piece.offset, before, piece.sequence, piece.captured};
        if (m_ring.size() < kSize) {
            m_ring.push_back(entry);
        } else {
            m_ring[m_count % kSize] = entry;
        }
        return ++m_count;
    }
    // How many bytes of `again` differ from what the stream had at their numbers, as far as that is remembered.
    std::uint64_t differing(Mark last, const StreamPiece &again) const;
    // How many bytes differ where both pieces have the same numbers.
    std::uint64_t differing(const StreamPiece &first, const StreamPiece &again) const;

private:
    static constexpr std::size_t kSize = 65'536;
    struct Entry {
        std::uint64_t offset = 0;
        Mark before = 0;
        std::uint32_t sequence = 0;
        std::uint32_t captured = 0;
    };
    const PayloadSource &m_file;
    std::vector<Entry> m_ring;
    Mark m_count = 0;
};

} // namespace tincan

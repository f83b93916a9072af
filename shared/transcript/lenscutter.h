// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "transcript/conversationview.h"
#include "transcript/lens.h"

namespace tincan {

// Cuts the streams of a conversation into messages, row by row, in order. A message is there as soon as its first byte is, and
// grows with what belongs to it: so that nothing is ever hidden, and messages stand in the order in which they began. One thread
// at a time.
class LensCutter
{
public:
    explicit LensCutter(Lens lens);

    // What a number of rows have brought: messages that begin there, and earlier ones that have grown.
    struct Cuts {
        struct Growth {
            std::uint32_t piece = 0; // counted from 0 since the cutter was made
            std::uint32_t size = 0;  // what it has now
            bool broken = false;
        };
        std::vector<Piece> begun;
        std::vector<Growth> grown; // of pieces before those begun here; the last of several for one piece holds

        void clear() noexcept
        {
            begun.clear();
            grown.clear();
        }
    };

    // The next row of the conversation. `bytes` is its payload; shorter where it cannot be read, then the row stands for itself.
    // `into` is what the same cuts were collected in since the last taken().
    void cut(const ConversationView &conversation, RowNumber number, std::span<const std::byte> bytes, Cuts &into);
    // `into` goes its way: what begins now has the next number.
    void taken(const Cuts &cuts) { m_first += static_cast<std::uint32_t>(cuts.begun.size()); }

    // No message is longer: what has no end is cut there.
    static constexpr std::uint32_t kLongest = 64U * 1024 * 1024;

private:
    // One sequence of bytes, and how far the message under way has come.
    struct Stream {
        static constexpr std::uint32_t kNone = UINT32_MAX;
        std::uint32_t piece = kNone;
        std::uint32_t size = 0;    // of that piece
        std::int64_t lastTime = 0; // of the last read
        std::uint64_t value = 0;   // of the length header so far
        std::uint32_t have = 0;    // of the bytes up to the header's end; of the delimiter
        std::uint64_t missing = 0; // of the message, once the header is there
        bool inFrame = false;      // STX was read
        bool broken = false;       // no header can be found any more
    };
    struct Taken {
        std::size_t count = 0;
        bool ends = false;
    };
    Taken take(Stream &stream, std::span<const std::byte> bytes) const;
    Taken takeDelimited(Stream &stream, std::span<const std::byte> bytes) const;
    Taken takeMeasured(Stream &stream, std::span<const std::byte> bytes) const;
    static Taken takeFramed(Stream &stream, std::span<const std::byte> bytes);
    void begin(Stream &stream, Piece piece, Cuts &into) const;
    void grow(Stream &stream, std::size_t count, Cuts &into) const;
    static void end(Stream &stream);

    Lens m_lens;
    // Of the delimiter: how much of it still fits after a byte that does not (Knuth, Morris, Pratt).
    std::vector<std::uint32_t> m_fallback;
    std::unordered_map<ConversationView::Stream, Stream> m_streams;
    std::uint32_t m_first = 0; // number of the first piece that is in the cuts under way
};

} // namespace tincan

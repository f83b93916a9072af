// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <utility>

#include "transcript/blocklist.h"
#include "transcript/row.h"

namespace tincan {

// A byte of a session: the row that it came in, and which of its bytes it is.
struct Place {
    RowNumber row = 0;
    std::uint32_t from = 0;

    friend auto operator<=>(const Place &, const Place &) = default;
};

// The rows of one conversation (a peer's, or all) as they were when it was made, in order: for threads of the pool, while the GUI
// thread goes on appending. Cheap to make and to copy; the index and the model that it is of outlive it.
class ConversationView
{
public:
    ConversationView() = default;
    // Of all.
    explicit ConversationView(BlockListView<Row> rows)
        : m_rows(std::move(rows))
    {
    }
    // Of `peer`: `numbers` are those of its rows.
    ConversationView(BlockListView<Row> rows, BlockListView<RowNumber> numbers, PeerId peer)
        : m_rows(std::move(rows))
        , m_numbers(std::move(numbers))
        , m_peer(peer)
    {
    }

    PeerId peer() const noexcept { return m_peer; } // kNoPeer: all
    std::size_t size() const noexcept { return m_peer == kNoPeer ? m_rows.size() : m_numbers.size(); }
    RowNumber number(std::size_t at) const noexcept { return m_peer == kNoPeer ? static_cast<RowNumber>(at) : m_numbers[at]; }
    const Row &row(std::size_t at) const noexcept { return m_rows[number(at)]; }
    const Row &rowOf(RowNumber number) const noexcept { return m_rows[number]; }

    // Where the first row with a number of at least `from` is; size() where there is none.
    std::size_t placeOf(RowNumber from) const noexcept
    {
        if (m_peer == kNoPeer) {
            return from < m_rows.size() ? from : m_rows.size();
        }
        std::size_t low = 0;
        for (std::size_t high = m_numbers.size(); low < high;) {
            const std::size_t middle = (low + high) / 2;
            m_numbers[middle] < from ? low = middle + 1 : high = middle;
        }
        return low;
    }

    // Messages with the same stream are one sequence of bytes: a peer's to us, or ours to a peer. Of all, what went to many at
    // once has a stream for each that it was relayed from (0: the person's own).
    using Stream = std::uint64_t;
    Stream streamOf(const Row &row) const noexcept
    {
        constexpr Stream kSent = Stream{1} << 32U;
        constexpr Stream kFanOut = Stream{2} << 32U;
        if (row.kind == RecordKind::Received) {
            return row.peer;
        }
        if (row.kind == RecordKind::FanOut) {
            return m_peer == kNoPeer ? kFanOut | row.peer : kSent | m_peer;
        }
        return kSent | row.peer;
    }

private:
    BlockListView<Row> m_rows;
    BlockListView<RowNumber> m_numbers; // unused for all
    PeerId m_peer = kNoPeer;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <QHash>
#include <QString>

#include "base/record.h"
#include "transcript/blocklist.h"
#include "transcript/row.h"

namespace tincan {

// Rows on their way from the recorder to the index. Row::detail leads into `details` here; calls travel apart, they are no rows.
struct RowBatch {
    std::vector<Row> rows;
    std::vector<Detail> details;
    struct Call {
        std::int64_t time = 0;
        PeerId peer = kNoPeer;
        CallInfo info;
    };
    std::vector<Call> calls;
    struct Acknowledgement {
        std::int64_t time = 0;
        PeerId peer = kNoPeer;
        AcknowledgedInfo info;
    };
    std::vector<Acknowledgement> acks; // after the rows that they speak of; no rows either

    bool isEmpty() const noexcept { return rows.empty() && calls.empty() && acks.empty(); }
    void clear() noexcept
    {
        rows.clear();
        details.clear();
        calls.clear();
        acks.clear();
    }
};

// The place of the first number that is not below `from`, in a list of ascending ones. Any thread.
std::size_t firstFrom(const BlockList<RowNumber> &numbers, RowNumber from);

// What happened in a session, in order, with the rows of each peer. GUI thread (or any one thread).
//
// Every row is there once. A row that reached many peers (FanOut) belongs to the conversation of each of its recipients:
// that is decided by membership (see FanOutInfo), not by an entry for each.
class Index
{
public:
    // Takes over the rows of `batch` and gives their details new numbers; calls are left alone.
    // Returns the number of the first one appended (they are consecutive).
    RowNumber append(RowBatch &batch);

    RowNumber size() const noexcept { return static_cast<RowNumber>(m_rows.size()); }
    const Row &row(RowNumber number) const noexcept { return m_rows[number]; }
    // The rows there are now, for a thread of the pool; the index outlives it.
    BlockListView<Row> rows() const { return m_rows.view(); }
    BlockListView<Detail> details() const { return m_details.view(); } // what their Row::detail leads to

    template<typename T>
    const T *detailOf(const Row &row) const noexcept
    {
        return row.detail < m_details.size() ? std::get_if<T>(&m_details[row.detail]) : nullptr;
    }

    const Detail &detail(const Row &row) const noexcept
    {
        static const Detail none;
        return row.detail < m_details.size() ? m_details[row.detail] : none;
    }

    // Who the peer is, from its latest Joined row; nullptr where it has not joined.
    const PeerInfo *peerInfo(PeerId peer) const noexcept;

    // What the peer is called, by its latest note of that; empty where it has no name.
    QString nameOf(PeerId peer) const { return m_names.value(peer); }
    std::vector<PeerId> named() const;                       // those that have one, ascending
    int timesNamed() const noexcept { return m_timesNamed; } // how often any of them has been given another name

    // Whether at `row`, one of the peer's own, the other direction had been finished already: ours at a PeerFinished row, the
    // peer's at a Finished row.
    bool otherSideFinished(const Row &row) const noexcept;
    // Of its peer; TCP where it is of none, or of one that has not joined.
    Transport transportOf(PeerId peer) const noexcept;
    RowContext contextOf(const Row &row) const noexcept { return {transportOf(row.peer), otherSideFinished(row)}; }

    // Whether a FanOut row reached `peer`. Also true for no other kind than FanOut.
    bool reached(RowNumber fanOut, PeerId peer) const noexcept;

    // Those whom a FanOut row reached, ascending. Goes through all peers that there ever were.
    std::vector<PeerId> reachedBy(RowNumber fanOut) const;

    // Whether the row belongs to the peer's conversation: its own rows, and FanOut rows that reached it. A relayed FanOut does
    // not belong to its sender (whose Received row is there already).
    bool belongsTo(RowNumber number, PeerId peer) const noexcept;

    // All rows of the peer's conversation with a number of at least `from`, ascending, appended to `into`.
    void conversation(PeerId peer, RowNumber from, BlockList<RowNumber> &into) const;

    // Bytes of memory that the index holds (what is reserved and never touched not counted).
    std::size_t memoryUse() const noexcept;

private:
    friend class ConversationCursor;
    struct Membership {
        RowNumber joined = kNoRow;   // of the Joined row
        RowNumber leftRoom = kNoRow; // of the first Finished or Left row after it
        RowNumber peerFinished = kNoRow;
        bool keepsBorders = false; // its transport does
        BlockList<RowNumber> rows; // with Row::peer == this peer, but no FanOut
    };
    void enlist(RowNumber number, const Row &row);
    void join(Membership &peer, const Row &row);
    bool isApart(const Row &row) const noexcept;
    void takeName(const Row &row);

    BlockList<Row> m_rows;
    BlockList<Detail> m_details;
    BlockList<RowNumber> m_fanOuts;
    std::vector<Membership> m_peers; // by id
    QHash<PeerId, QString> m_names;  // of those that have one
    int m_timesNamed = 0;
    bool m_hasStreams = false; // of peers, ever
    bool m_hasBorders = false;
};

} // namespace tincan

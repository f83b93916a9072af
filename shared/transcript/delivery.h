// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "transcript/flowtable.h"
#include "transcript/index.h"

namespace tincan {

// What became of a message after our kernel took it.
struct DeliveryState {
    enum class Kind : std::uint8_t {
        Taken,        // our kernel has it; of the peer's nothing is known (yet)
        Acknowledged, // the peer's kernel has it
        Unknown,      // the connection was closed before that, in order: the kernel goes on sending, but tells nobody any more
        Lost,         // the connection broke before that
    };
    Kind kind = Kind::Taken;
    const LeftInfo *left = nullptr;       // of Unknown and Lost, where one peer is meant: how the connection ended
    std::int64_t nanoseconds = -1;        // from send to acknowledgement; -1: not kept
    bool isExact = false;                 // the kernel stamped it; otherwise it took no longer than that
    Transport transport = Transport::Tcp; // of the one peer; of several: of the first that nobody acknowledges for
    std::uint32_t silent = 0;             // peers that it was also for, of whose kernels nothing is ever heard: there is no TCP
    std::uint32_t reached = 1;            // peers that it was for, without those
    std::uint32_t acknowledged = 0;       // … whose kernels have it
    std::uint32_t lost = 0;               // … of which that will not be known any more

    friend bool operator==(const DeliveryState &, const DeliveryState &) = default;
};

// How far the peers' kernels have acknowledged what was sent. Only TCP acknowledges: of a datagram, and of what went through a
// Unix socket, it is known that our kernel took it, and no more. Nothing is kept for a message: the rows of a conversation were
// taken by the kernel in their order, so that one row and one number of bytes a peer tell for each of them. That row is looked
// for only where somebody asks, from where it was or from the end, whichever is nearer. Same thread as the index.
class Delivery
{
public:
    // `index` outlives it.
    explicit Delivery(const Index &index)
        : m_index(index)
    {
    }

    // Rows [first, index.size()) have come. Each row once, in order.
    void rowsCame(RowNumber first);
    // … and these after them. A peer of whom none ever came shows nothing but Taken.
    void apply(const std::vector<RowBatch::Acknowledgement> &acks);

    // Of this peer's messages (kNoPeer: of none) the time from send to acknowledgement is kept from now on: of the last
    // thousands, also after others have been looked at.
    void setTimed(PeerId peer);

    // Of a Sent or FanOut row, in this conversation (kNoPeer: that of all).
    DeliveryState state(RowNumber row, PeerId conversation) const;

    // Whether anything has changed is told by this: it grows.
    std::uint64_t version() const noexcept { return m_version; }

    static constexpr std::size_t kMostTimes = 4096; // of one peer

private:
    // Byte counts are modulo 2^32, as sequence numbers are: what is under way is less than half of that.
    struct Peer {
        std::uint32_t acknowledged = 0;
        std::uint32_t total = 0; // of bytes sent, once it has left
        RowNumber left = kNoRow; // its Left row
        // All sent rows below `boundary` are acknowledged, none from there on; as of `boundaryFor`, bytes acknowledged.
        RowNumber boundary = 0;
        std::uint32_t bytesBefore = 0; // of the sent rows below it
        std::uint32_t boundaryFor = 0;
        bool isFollowed = false; // its kernel was asked
        Transport transport = Transport::Tcp;
    };
    struct Time {
        RowNumber row = kNoRow;
        bool isExact = false;
        std::int64_t nanoseconds = 0;
    };
    // A row to many, as far as it has been looked at: those that are acknowledged are not looked at again.
    struct Many {
        DeliveryState state;
        std::vector<PeerId> pending;
        std::uint64_t version = 0;
    };
    Peer &peerOf(PeerId id);
    std::uint32_t totalOf(PeerId id, const Peer &peer) const;
    bool isSent(RowNumber row) const noexcept;
    RowNumber boundaryOf(PeerId id) const;
    void moveForward(PeerId id, Peer &peer, const RowBatch::Acknowledgement *timed) const;
    void moveFromEnd(PeerId id, Peer &peer, std::uint32_t unacknowledged) const;
    void keepTime(const RowBatch::Acknowledgement &ack, RowNumber row, bool isLast) const;
    DeliveryState ofOne(RowNumber row, PeerId peer) const;
    const DeliveryState &ofMany(RowNumber row) const;
    void addTime(DeliveryState &state, RowNumber row, PeerId peer) const;

    const Index &m_index;
    mutable FlowTable m_flows;
    mutable std::vector<Peer> m_peers; // by id
    mutable std::unordered_map<PeerId, std::deque<Time>> m_times;
    mutable std::unordered_map<RowNumber, Many> m_many;
    PeerId m_timed = kNoPeer;
    std::uint64_t m_version = 0;
};

} // namespace tincan

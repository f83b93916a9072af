// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "transcript/capturerows.h"
#include "transcript/segmenthistory.h"

namespace tincan {

// One direction of a TCP connection, as a capture shows it: puts its bytes in order. What came too early waits (as places in the
// file) until what is before it comes, or is seen to be missing. One thread.
class TcpStream
{
public:
    static constexpr std::size_t kMostHeld = 4096;                   // pieces that wait, a stream
    static constexpr std::uint64_t kMostHeldBytes = 4 * 1024 * 1024; // of theirs
    static constexpr std::size_t kMostHeldOfAll = 1024 * 1024;       // pieces, all streams together

    // What all streams share, and whose this one is.
    struct Context {
        CaptureRows &rows;
        SegmentHistory &history;
        std::size_t &heldOfAll;
        PeerId peer;
        RecordKind kind; // of its messages: Received or Sent
    };

    bool isBegun() const noexcept { return m_begun; }
    bool isFinished() const noexcept { return m_finished; } // its FIN has been reached
    std::uint32_t next() const noexcept { return m_next; }
    // Whether its beginning was seen and had that number.
    bool beganAt(std::uint32_t sequence) const noexcept { return m_synchronised && m_next0 == sequence; }

    void synchronise(std::uint32_t sequence) noexcept; // of its SYN
    void beginMidway(std::uint32_t sequence) noexcept;
    void add(StreamPiece piece, const Context &context);
    void finishAt(std::uint32_t sequence, const Context &context); // of its FIN
    void acknowledge(std::uint32_t sequence) noexcept;             // by the other side

    // After each packet of the connection: gives up what was acknowledged and does not come.
    void settle(const Context &context);
    // At the end: gives out everything.
    void flush(const Context &context);

private:
    using Held = std::vector<StreamPiece>; // by number, without overlaps

    bool isWaiting() const noexcept { return (m_held && !m_held->empty()) || (m_finishing && !m_finished); }
    std::uint32_t firstWaiting() const noexcept;
    bool isCovered() const noexcept { return m_acknowledged && distance(firstWaiting(), m_acknowledgedTo) > 0; }
    void deliver(const StreamPiece &piece, const Context &context);
    void hold(StreamPiece piece, const Context &context);
    void insert(Held::iterator before, const StreamPiece &piece, const Context &context);
    void drain(const Context &context);
    void giveUp(const Context &context);
    void countAgain(const StreamPiece &again, std::uint64_t differing, const Context &context);

    std::unique_ptr<Held> m_held;
    SegmentHistory::Mark m_last = 0;
    std::int64_t m_coveredSince = 0;
    std::uint64_t m_heldBytes = 0;
    std::uint32_t m_next0 = 0; // of the SYN
    std::uint32_t m_next = 0;  // the number of the byte that is to come
    std::uint32_t m_acknowledgedTo = 0;
    std::uint32_t m_finishAt = 0;
    std::uint8_t m_packetsSinceCovered = 0;
    bool m_begun = false;
    bool m_synchronised = false;
    bool m_acknowledged = false;
    bool m_finishing = false;
    bool m_finished = false;
};

} // namespace tincan

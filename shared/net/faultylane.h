// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <span>

#include <sys/uio.h>

#include "base/faults.h"
#include "base/record.h"
#include "net/eventloop.h"

namespace tincan {

// What holds back the messages of one peer, on purpose (base/faults.h). The messages themselves stay where they are, in the
// peer's send queue, so its limits hold and what never goes out is told as unsent; this only says how much of it may go now. Made
// where faults are on, gone where they are not: nobody else pays. Pacing is the kernel's matter, not this one's. Loop thread
// only.
//
// The owner tells of everything that is put into its queue (grown()) and of everything that the kernel took (took()), and asks
// before each send (limit()). The order is kept.
class FaultyLane
{
public:
    // What is counted: of streams bytes, else whole messages (of which some may be empty).
    enum class Unit : std::uint8_t { Bytes, Messages };

    // `due` is called, from the loop, when something may go that could not before. `seed`: of jitter and drops.
    FaultyLane(EventLoop &loop, Unit unit, const Faults &faults, std::uint32_t seed, std::function<void()> due);
    FaultyLane(const FaultyLane &) = delete;
    FaultyLane &operator=(const FaultyLane &) = delete;
    ~FaultyLane();

    const Faults &faults() const noexcept { return m_faults; }
    // Bytes to stop after are counted anew. What waits already waits no longer than it would if it came now.
    void setFaults(const Faults &faults);

    // Whether anything is to go through the queue, even where the kernel would take it at once.
    bool holds() const noexcept;

    // So much waits in the queue now: what is more than before gets its time.
    void grown(std::size_t waiting);
    // Something may go now.
    bool isReady() const;
    // … and how much of `next`, from the front of the queue: how many of the vectors, of which the last may have been shortened.
    std::size_t limit(std::span<iovec> next) const;
    // The kernel took this. True, once, where it was the last that may go at all (Faults::stopAfterBytes).
    bool took(std::size_t units, std::size_t bytes);
    // Nothing goes any more.
    bool isStopped() const noexcept { return m_faults.stopAfterBytes > 0 && m_left == 0; }

    // For send(2): a piece is not to be put into one segment with the next (MSG_EOR, tcp_sendmsg).
    int sendFlags() const noexcept;

    // Whether this datagram, coming or going, is to be thrown away.
    bool drops();
    // One that came was. Of one that goes the message itself is told as refused.
    void countDropped(std::size_t bytes) noexcept;
    // FaultsDropped, where any were counted since the last time.
    std::optional<NoteInfo> takeDropped();

private:
    struct Waiting {
        std::size_t units = 0;
        TimePoint due;
    };
    TimePoint dueTime();
    std::size_t dueUnits() const;
    void arm();

    EventLoop &m_loop;
    Unit m_unit;
    Faults m_faults;
    std::function<void()> m_due;
    std::deque<Waiting> m_waiting; // in the order of their times
    std::size_t m_known = 0;       // sum of m_waiting
    std::uint64_t m_left = 0;      // of Faults::stopAfterBytes
    EventLoop::TimerId m_timer = 0;
    std::minstd_rand m_random; // NOLINT(cert-msc51-cpp): a fault that can be made again is better
    std::uint64_t m_droppedMessages = 0;
    std::uint64_t m_droppedBytes = 0;
};

} // namespace tincan

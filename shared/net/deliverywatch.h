// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <deque>
#include <functional>

#include "base/ids.h"
#include "net/eventloop.h"

namespace tincan {

class Link;

// Asks, for the connections that have sent something, how much of it the peers' kernels have acknowledged: on a timer, never for
// a message. The loop's asks are bounded, however many connections there are; one that stands still is asked less and less often.
// Loop thread only.
class DeliveryWatch
{
public:
    // `find`: the link of that name, nullptr where it is over.
    DeliveryWatch(EventLoop &loop, std::function<Link *(PeerId)> find)
        : m_loop(loop)
        , m_find(std::move(find))
    {
    }

    // The kernel has taken something of the connection's.
    void sent(Link &link);

private:
    struct Entry {
        PeerId peer = kNoPeer;
        TimePoint due;
    };
    static constexpr std::size_t kLevels = 6; // of patience
    void enlist(PeerId peer, std::size_t level);
    void arm();
    void tick();
    void ask(std::size_t level);

    EventLoop &m_loop;
    std::function<Link *(PeerId)> m_find;
    std::array<std::deque<Entry>, kLevels> m_levels; // each in the order in which they are due
    EventLoop::TimerId m_timer = 0;
    TimePoint m_timerDue{};
    TimePoint m_lastTick{};
};

} // namespace tincan

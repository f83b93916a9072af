// SPDX-License-Identifier: MIT
#include "net/deliverywatch.h"

#include <algorithm>

#include "net/link.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 5ms; // between two rounds, at least
// How long after a send, or after an ask that brought nothing new, it is asked (again).
constexpr std::array<std::chrono::milliseconds, 6> kPatience{1ms, 5ms, 10ms, 20ms, 50ms, 100ms};
constexpr std::size_t kAfterProgress = 1;
// In one round, of each level. What it takes beyond that is time, not load.
constexpr std::size_t kMostAsks = 100;

} // namespace

void DeliveryWatch::sent(Link &link)
{
    if (!link.m_isAsked) {
        link.m_isAsked = true;
        enlist(link.id(), 0);
        arm();
    }
}

void DeliveryWatch::enlist(PeerId peer, std::size_t level)
{
    static_assert(kPatience.size() == kLevels);
    m_levels[level].push_back({peer, m_loop.now() + kPatience[level]});
}

void DeliveryWatch::arm()
{
    TimePoint due = TimePoint::max();
    for (const auto &level : m_levels) {
        due = level.empty() ? due : std::min(due, level.front().due);
    }
    due = std::max(due, m_lastTick + kTick);
    if (m_timer != 0 && m_timerDue <= due) {
        return;
    }
    m_loop.cancel(m_timer);
    if (due != TimePoint::max()) {
        m_timerDue = due;
        m_timer = m_loop.runAt(due, [this] { tick(); });
    }
}

void DeliveryWatch::tick()
{
    m_timer = 0;
    m_lastTick = m_loop.now();
    for (std::size_t level = kLevels; level-- > 0;) { // downwards: one that gets more patience is not asked twice
        ask(level);
    }
    arm();
}

void DeliveryWatch::ask(std::size_t level)
{
    std::deque<Entry> &entries = m_levels[level];
    for (std::size_t asked = 0; asked < kMostAsks && !entries.empty() && entries.front().due <= m_loop.now(); ++asked) {
        const PeerId peer = entries.front().peer;
        entries.pop_front();
        Link *link = m_find(peer);
        if (!link) {
            continue;
        }
        switch (link->askDelivery()) {
        case Link::Delivery::Complete:
            link->m_isAsked = false;
            break;
        case Link::Delivery::Moved:
            enlist(peer, kAfterProgress);
            break;
        case Link::Delivery::Still:
            enlist(peer, std::min(level + 1, kLevels - 1));
            break;
        }
    }
}

} // namespace tincan

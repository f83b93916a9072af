// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/context.h"
#include "net/deliverywatch.h"
#include "net/link.h"
#include "net/room.h"

namespace tincan {

// The peers that one loop serves, and what they share: outbox, room, the watch over those that do not read. Everything in the
// loop's thread, but for the constructor.
class PeerHost
{
public:
    // `gone` is called at once when a peer is over; the peer itself lives until turnEnd().
    PeerHost(EventLoop &loop, Syscalls &syscalls, BatchSink &sink, std::function<void(Link &)> gone,
             OutboxSize size = OutboxSize::Large);
    PeerHost(const PeerHost &) = delete;
    PeerHost &operator=(const PeerHost &) = delete;
    ~PeerHost() = default;

    NetContext &context() noexcept { return m_context; }
    Outbox &outbox() noexcept { return m_outbox; }
    Room &room() noexcept { return m_room; }
    const Room &room() const noexcept { return m_room; }

    Link *find(PeerId peer) const;
    std::size_t size() const noexcept { return m_links.size(); }
    bool isEmpty() const noexcept { return m_links.empty(); }

    // Keeps `link`. It may be over already; then it is let go of again.
    void admit(std::unique_ptr<Link> link);

    // In the order in which they came. Peers may end on the way.
    template<typename Action>
    void forEach(Action &&action)
    {
        for (Link *link : all()) {
            action(*link); // those that end live on until the end of the turn
        }
    }

    void followDelivery();
    void stampDelivery(PeerId peer);
    void traceData(PeerId peer);

    // What is said in other loops.
    void deliver(const Relayed &relayed);

    // The recorder is behind, or no longer: streams are not read.
    void setReadingPaused(bool paused);

    // At the end of each turn of the loop. When publishing is due the next time (see Outbox).
    TimePoint turnEnd();
    // After the last turn.
    void end();

private:
    std::vector<Link *> all() const;
    void gone(Link &link);
    void queueFilled(Link &link);
    void sweep();
    bool refillRest();

    EventLoop &m_loop;
    Outbox m_outbox;
    TracedCalls m_calls;
    NetContext m_context;
    Room m_room;
    std::function<void(Link &)> m_gone;
    std::size_t m_rest; // see NetContext::restLeft
    std::unordered_map<PeerId, std::unique_ptr<Link>> m_links;
    std::unordered_set<Link *> m_waiting; // those whose send queue is not empty
    // What ended in this turn: events that were already fetched may still be brought to it.
    std::vector<std::unique_ptr<Link>> m_dead;
    std::unique_ptr<DeliveryWatch> m_delivery; // once it is wanted
    EventLoop::TimerId m_sweepTimer = 0;
    PeerId m_stamped = kNoPeer;
    PeerId m_traced = kNoPeer;
};

} // namespace tincan

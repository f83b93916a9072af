// SPDX-License-Identifier: MIT
#include "net/peerhost.h"

#include <algorithm>
#include <utility>

namespace tincan {

namespace {

constexpr std::chrono::seconds kSweepInterval{1};
// See NetContext::restLeft; of a loop with many peers, and of a thread or process with one.
constexpr std::size_t kRest = 16 * 1024 * 1024;
constexpr std::size_t kSmallRest = 1024 * 1024;

} // namespace

PeerHost::PeerHost(EventLoop &loop, Syscalls &syscalls, BatchSink &sink, std::function<void(Link &)> gone, OutboxSize size)
    : m_loop(loop)
    , m_outbox(sink, size)
    , m_calls(syscalls, m_outbox)
    , m_context{.loop = loop, .outbox = m_outbox, .calls = m_calls, .room = m_room}
    , m_room(m_context, m_outbox)
    , m_gone(std::move(gone))
    , m_rest(size == OutboxSize::Small ? kSmallRest : kRest)
{
    m_context.restLeft = m_rest;
    m_context.refillRest = [this] {
        m_outbox.publish();
        return refillRest();
    };
    m_context.gone = [this](Link &link) { this->gone(link); };
    m_context.queueFilled = [this](Link &link) { queueFilled(link); };
}

Link *PeerHost::find(PeerId peer) const
{
    const auto found = m_links.find(peer);
    return found == m_links.end() ? nullptr : found->second.get();
}

void PeerHost::admit(std::unique_ptr<Link> link)
{
    Link &admitted = *link;
    m_links[admitted.id()] = std::move(link);
    if (admitted.state() == Link::State::Closed) { // it could not be watched
        gone(admitted);
        return;
    }
    if (admitted.id() == m_stamped) {
        admitted.setStamped(true);
    }
    if (admitted.id() == m_traced) {
        admitted.setTraced(true);
    }
}

void PeerHost::gone(Link &link)
{
    const auto found = m_links.find(link.id());
    if (found == m_links.end()) {
        return; // still being made: admit() comes back to it
    }
    m_waiting.erase(&link);
    m_dead.push_back(std::move(found->second));
    m_links.erase(found);
    m_gone(link);
}

std::vector<Link *> PeerHost::all() const
{
    std::vector<Link *> links;
    links.reserve(m_links.size());
    for (const auto &[id, link] : m_links) {
        links.push_back(link.get());
    }
    std::sort(links.begin(), links.end(), [](const Link *a, const Link *b) { return a->id() < b->id(); });
    return links;
}

void PeerHost::queueFilled(Link &link)
{
    if (link.state() == Link::State::Closed) { // nobody would take it out again
        return;
    }
    if (m_waiting.insert(&link).second) {
        link.beginWaiting();
    }
    if (m_sweepTimer == 0) {
        m_sweepTimer = m_loop.runAt(m_loop.now() + kSweepInterval, [this] { sweep(); });
    }
}

void PeerHost::sweep()
{
    m_sweepTimer = 0;
    std::erase_if(m_waiting, [](Link *link) {
        link->sweep();
        return link->queueIsEmpty();
    });
    if (!m_waiting.empty()) {
        m_sweepTimer = m_loop.runAt(m_loop.now() + kSweepInterval, [this] { sweep(); });
    }
}

void PeerHost::followDelivery()
{
    if (!m_delivery) {
        m_delivery = std::make_unique<DeliveryWatch>(m_loop, [this](PeerId peer) { return find(peer); });
        m_context.delivery = m_delivery.get();
    }
}

void PeerHost::deliver(const Relayed &relayed)
{
    m_room.deliver(relayed, [this](PeerId peer) { return find(peer); });
}

void PeerHost::stampDelivery(PeerId peer)
{
    const PeerId before = std::exchange(m_stamped, peer);
    if (Link *link = before == peer ? nullptr : find(before)) {
        link->setStamped(false);
    }
    if (Link *link = find(peer)) {
        link->setStamped(true);
    }
}

void PeerHost::traceData(PeerId peer)
{
    const PeerId before = std::exchange(m_traced, peer);
    if (Link *link = before == peer ? nullptr : find(before)) {
        link->setTraced(false);
    }
    if (Link *link = find(peer)) {
        link->setTraced(true);
    }
}

void PeerHost::setReadingPaused(bool paused)
{
    if (m_context.readingPaused != paused) {
        m_context.readingPaused = paused;
        forEach([](Link &link) { link.updateInterest(); });
    }
}

TimePoint PeerHost::turnEnd()
{
    m_room.flush();
    m_dead.clear();
    const TimePoint due = m_outbox.publishWhenDue(m_loop.now());
    refillRest();
    return due;
}

bool PeerHost::refillRest()
{
    if (m_outbox.isSinkCongested()) {
        return false;
    }
    m_context.restLeft = m_rest;
    m_context.restFilled = m_loop.now();
    return true;
}

void PeerHost::end()
{
    forEach([](Link &link) { link.abort(); });
    m_dead.clear();
    m_outbox.publish();
}

} // namespace tincan

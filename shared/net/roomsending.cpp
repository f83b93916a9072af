// SPDX-License-Identifier: MIT
// Of net/room.h: how what is gathered is handed to one receiver.
#include "net/link.h"
#include "net/room.h"

namespace tincan {

namespace {

// Below IOV_MAX (1024); a longer run of messages goes out in several calls.
constexpr std::size_t kVectorsPerCall = 512;

} // namespace

bool Room::isFor(const Item &item, const Link &receiver, bool skipOwn)
{
    return (!skipOwn || item.from != &receiver)
        && (item.audience == Audience::All || (item.audience == Audience::Borders) == receiver.keepsBorders());
}

void Room::miss(Link &receiver, std::vector<Item> &items)
{
    for (Item &item : items) {
        item.missed.push_back(&receiver);
    }
}

// Hands the items to one receiver: at once what its kernel takes, the rest into its queue, and it is noted as having missed
// those.
void Room::deliver(Link &receiver, std::vector<Item> &items, bool skipOwn)
{
    if (!receiver.canSend()) { // our FIN waits behind its queue
        miss(receiver, items);
        return;
    }
    for (Item &item : items) {
        if (item.audience != Audience::All && !isFor(item, receiver, false)) {
            item.missed.push_back(&receiver);
        }
    }
    if (receiver.keepsBorders()) {
        deliverMessages(receiver, items, skipOwn);
    } else {
        deliverBytes(receiver, items, skipOwn);
    }
}

// What one call is to send, from `next` on, which is then behind it.
void Room::collect(const Link &receiver, const std::vector<Item> &items, std::size_t &next, bool skipOwn)
{
    m_vectors.clear();
    m_places.clear();
    for (; next < items.size() && m_vectors.size() < kVectorsPerCall; ++next) {
        const Item &item = items[next];
        if (isFor(item, receiver, skipOwn)) {
            m_vectors.push_back({const_cast<std::byte *>(item.slice.data), item.slice.size}); // NOLINT: only read
            m_places.push_back(next);
        }
    }
}

// To one that does not keep borders.
void Room::deliverBytes(Link &receiver, std::vector<Item> &items, bool skipOwn)
{
    std::size_t next = 0;
    bool begun = false; // the kernel has something of it
    while (next < items.size() && receiver.queueIsEmpty()) {
        collect(receiver, items, next, skipOwn);
        if (m_vectors.empty()) {
            return;
        }
        const ssize_t taken = receiver.sendNow(m_vectors);
        if (taken < 0) {
            return; // it has left, before these are recorded
        }
        begun = begun || taken > 0;
        if (const auto part = queuePart(receiver, items, static_cast<std::size_t>(taken))) {
            next = *part;
            break;
        }
    }
    queueRest(receiver, items, next, skipOwn, begun);
}

// The kernel took so many bytes of what was collected. Where that is not all: the next item of which it has nothing.
std::optional<std::size_t> Room::queuePart(Link &receiver, std::vector<Item> &items, std::size_t taken)
{
    for (const std::size_t place : m_places) {
        Item &item = items[place];
        if (taken >= item.slice.size) {
            taken -= item.slice.size;
            continue;
        }
        if (taken == 0) {
            return place;
        }
        item.missed.push_back(&receiver);
        receiver.enqueueShared(item.slice, static_cast<std::uint32_t>(taken));
        return place + 1;
    }
    return {};
}

// To one that does: the kernel takes a message whole or not at all.
void Room::deliverMessages(Link &receiver, std::vector<Item> &items, bool skipOwn)
{
    std::size_t next = 0;
    bool begun = false; // something of it is dealt with
    while (next < items.size() && receiver.queueIsEmpty()) {
        collect(receiver, items, next, skipOwn);
        m_failed.clear();
        const std::size_t done = m_vectors.empty() ? 0 : receiver.sendMessages(m_vectors, m_failed);
        if (receiver.state() == Link::State::Closed) {
            return; // before these are recorded
        }
        for (const std::size_t place : m_failed) {
            items[m_places[place]].missed.push_back(&receiver);
        }
        begun = begun || done > 0;
        if (done < m_places.size()) {
            next = m_places[done];
            break;
        }
    }
    queueRest(receiver, items, next, skipOwn, begun);
}

// The person's message goes out whole or not at all; each of those that are relayed is one of its own.
void Room::queueRest(Link &receiver, std::vector<Item> &items, std::size_t next, bool skipOwn, bool begun)
{
    const bool isPersons = items.front().sender == kNoPeer;
    bool fits = true;
    if (isPersons && !begun && next < items.size()) {
        std::size_t size = 0;
        for (const Item &item : items) {
            size += isFor(item, receiver, skipOwn) ? item.slice.size : 0;
        }
        fits = receiver.hasRoomFor(size);
        if (!fits) {
            receiver.countRefused(size);
            m_context.queueFilled(receiver); // so that it is told, also where nothing waits
        }
    }
    for (; next < items.size(); ++next) {
        Item &item = items[next];
        if (!isFor(item, receiver, skipOwn)) {
            continue;
        }
        item.missed.push_back(&receiver);
        if (isPersons ? fits : receiver.hasRoomForRelayed(item.slice.size)) {
            receiver.enqueueShared(item.slice, 0);
        } else if (!isPersons) {
            receiver.countRefused(item.slice.size);
            m_context.queueFilled(receiver);
        }
    }
}

} // namespace tincan

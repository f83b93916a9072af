// SPDX-License-Identifier: MIT
#include "net/room.h"

#include <algorithm>
#include <utility>

#include "net/connection.h"

namespace tincan {

namespace {

// Below IOV_MAX (1024); a longer run of messages goes out in several calls.
constexpr std::size_t kVectorsPerCall = 512;

} // namespace

void Room::enter(Connection &connection)
{
    connection.m_roomIndex = m_members.size();
    m_members.push_back(&connection);
}

void Room::leave(Connection &connection)
{
    if (connection.m_roomIndex == Connection::kNotInRoom) {
        return;
    }
    Connection *last = m_members.back();
    m_members[connection.m_roomIndex] = last;
    last->m_roomIndex = connection.m_roomIndex;
    m_members.pop_back();
    connection.m_roomIndex = Connection::kNotInRoom;
    std::erase(m_senders, &connection);
}

void Room::push(PeerId from, const std::byte *data, std::uint32_t size)
{
    m_gathered.push_back({from, m_outbox.slice(data, size), {}});
}

void Room::gather(Connection &sender, std::span<const std::byte> message)
{
    if (!sender.m_gathered) {
        sender.m_gathered = true;
        m_senders.push_back(&sender);
    }
    if (!m_context.answer.prefixSender) {
        push(sender.id(), message.data(), static_cast<std::uint32_t>(message.size()));
        return;
    }
    const bool interrupted = std::exchange(m_lastSpeaker, sender.id()) != sender.id();
    m_prefixed.clear();
    prefixLines(message, sender.namePrefix(), interrupted, sender.lineState(), m_prefixed);
    for (std::span<const std::byte> rest(m_prefixed); !rest.empty();) {
        const auto part = rest.first(std::min<std::size_t>(rest.size(), kMaxPayload));
        push(sender.id(), m_outbox.copy(part), static_cast<std::uint32_t>(part.size()));
        rest = rest.subspan(part.size());
    }
}

void Room::sendToAll(std::span<const std::byte> bytes)
{
    flush();
    if (std::none_of(m_members.begin(), m_members.end(), [](const Connection *member) { return member->canSend(); })) {
        refuse(m_outbox, kNoPeer, bytes, {RefusedReason::NotConnected, 0});
        return;
    }
    m_lastSpeaker = kNoPeer;
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), kMaxPayload))) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        push(kNoPeer, m_outbox.copy(part), static_cast<std::uint32_t>(part.size()));
    }
    flush();
}

void Room::sendToSome(std::span<Connection *const> receivers, std::span<const std::byte> bytes)
{
    flush();
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), kMaxPayload))) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        std::vector<Item> items(1);
        items.front().slice = m_outbox.slice(m_outbox.copy(part), static_cast<std::uint32_t>(part.size()));
        FanOutInfo reached{.only = true, .peers = {}};
        for (Connection *receiver : receivers) {
            if (!receiver->canSend()) {
                refuse(m_outbox, receiver->id(), part,
                       {receiver->state() == Connection::State::Closed ? RefusedReason::NotConnected
                                                                       : RefusedReason::SendingFinished,
                        receiver->queued()});
                continue;
            }
            const std::size_t missed = items.front().missed.size();
            deliver(*receiver, items, false);
            if (items.front().missed.size() == missed && receiver->state() != Connection::State::Closed) {
                reached.peers.push_back(receiver->id());
            }
        }
        const Slice &slice = items.front().slice;
        if (reached.peers.size() == 1) {
            m_outbox.addPayload(RecordKind::Sent, reached.peers.front(), slice.data, slice.size, &slice.chunk);
        } else if (!reached.peers.empty()) {
            m_outbox.addPayload(RecordKind::FanOut, kNoPeer, slice, std::move(reached));
        }
    }
}

void Room::flush()
{
    if (m_gathered.empty() || m_flushing) {
        return;
    }
    m_flushing = true;
    std::vector<Item> items;
    items.swap(m_gathered);
    // A member that fails leaves the room while we go through it.
    m_receivers = m_members;
    for (Connection *member : m_receivers) {
        if (member->inRoom()) {
            deliver(*member, items, member->m_gathered);
        }
    }
    for (Connection *sender : m_senders) {
        sender->m_gathered = false;
    }
    m_senders.clear();
    for (Item &item : items) {
        record(item);
    }
    items.clear();
    m_gathered.swap(items); // keeps the memory
    m_flushing = false;
}

// Hands the items to one receiver: at once what its kernel takes, the rest into its queue, and it is noted as having missed
// those.
void Room::deliver(Connection &receiver, std::vector<Item> &items, bool skipOwn)
{
    if (!receiver.canSend()) { // our FIN waits behind its queue
        for (Item &item : items) {
            item.missed.push_back(receiver.id());
        }
        return;
    }
    std::size_t next = 0;
    while (next < items.size() && receiver.queueIsEmpty()) {
        m_vectors.clear();
        m_places.clear();
        std::size_t wanted = 0;
        for (; next < items.size() && m_vectors.size() < kVectorsPerCall; ++next) {
            const Item &item = items[next];
            if (skipOwn && item.from == receiver.id()) {
                continue;
            }
            m_vectors.push_back({const_cast<std::byte *>(item.slice.data), item.slice.size}); // NOLINT: only read
            m_places.push_back(next);
            wanted += item.slice.size;
        }
        if (m_vectors.empty()) {
            return;
        }
        const ssize_t taken = receiver.sendNow(m_vectors);
        if (taken < 0) {
            return; // it has left, before these are recorded
        }
        auto left = static_cast<std::size_t>(taken);
        if (left == wanted) {
            continue;
        }
        for (const std::size_t place : m_places) {
            Item &item = items[place];
            if (left >= item.slice.size) {
                left -= item.slice.size;
                continue;
            }
            item.missed.push_back(receiver.id());
            receiver.enqueueShared(item.slice, static_cast<std::uint32_t>(std::exchange(left, 0)));
        }
    }
    for (; next < items.size(); ++next) {
        Item &item = items[next];
        if (!skipOwn || item.from != receiver.id()) {
            item.missed.push_back(receiver.id());
            receiver.enqueueShared(item.slice, 0);
        }
    }
}

bool Room::isMember(PeerId peer) const
{
    return std::any_of(m_members.begin(), m_members.end(), [peer](const Connection *member) { return member->id() == peer; });
}

const Connection *Room::onlyReceiver(const Item &item) const
{
    for (const Connection *member : m_members) {
        if (member->id() != item.from && std::find(item.missed.begin(), item.missed.end(), member->id()) == item.missed.end()) {
            return member;
        }
    }
    return nullptr;
}

void Room::record(Item &item)
{
    std::erase_if(item.missed, [this, &item](PeerId peer) { return peer == item.from || !isMember(peer); });
    const std::size_t left = item.missed.size() + static_cast<std::size_t>(item.from != kNoPeer && isMember(item.from));
    const std::size_t reached = m_members.size() - left;
    if (reached == 0) {
        return;
    }
    if (reached == 1) {
        m_outbox.addPayload(RecordKind::Sent, onlyReceiver(item)->id(), item.slice.data, item.slice.size, &item.slice.chunk);
        return;
    }
    Detail detail;
    if (!item.missed.empty()) {
        detail = FanOutInfo{.only = false, .peers = std::move(item.missed)};
    }
    m_outbox.addPayload(RecordKind::FanOut, item.from, item.slice, std::move(detail));
}

void Room::refuse(Outbox &outbox, PeerId peer, std::span<const std::byte> bytes, RefusedInfo info)
{
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        const std::byte *data = outbox.copy(part);
        outbox.addPayload(RecordKind::Refused, peer, outbox.slice(data, static_cast<std::uint32_t>(part.size())), info);
        bytes = bytes.subspan(part.size());
    }
}

} // namespace tincan

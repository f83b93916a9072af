// SPDX-License-Identifier: MIT
#include "net/room.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "net/link.h"

namespace tincan {

void Room::enter(Link &connection)
{
    connection.m_roomIndex = m_members.size();
    m_members.push_back(&connection);
}

void Room::leave(Link &connection)
{
    if (connection.m_roomIndex == Link::kNotInRoom) {
        return;
    }
    Link *last = m_members.back();
    m_members[connection.m_roomIndex] = last;
    last->m_roomIndex = connection.m_roomIndex;
    m_members.pop_back();
    connection.m_roomIndex = Link::kNotInRoom;
    std::erase(m_senders, &connection);
    if (m_context.exchange) {
        m_context.exchange->leftRoom(connection.id());
    }
}

bool Room::isShared() const
{
    return m_context.exchange && m_context.exchange->hasOthers();
}

void Room::push(const Speaker &from, Slice slice, Audience audience)
{
    m_gathered.push_back({from.link, from.id, audience, std::move(slice), {}});
}

// Of at most kMaxMessage.
void Room::pushMessage(const Speaker &from, const Slice &message)
{
    if (message.size > 0 && message.size <= kMaxPayload) {
        push(from, message);
        return;
    }
    for (std::uint32_t at = 0; at < message.size; at += kMaxPayload) {
        push(from, {message.chunk, message.data + at, std::min(message.size - at, kMaxPayload)}, Audience::Streams);
    }
    push(from, message, Audience::Borders);
}

void Room::pushCut(const Speaker &from, std::span<const std::byte> bytes)
{
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), kMaxPayload))) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        const std::byte *copy = m_outbox.copy(part);
        push(from, m_outbox.slice(copy, static_cast<std::uint32_t>(part.size())), Audience::Streams);
    }
}

void Room::pushAll(std::span<const std::byte> bytes)
{
    if (bytes.size() <= kMaxMessage) {
        const std::byte *copy = m_outbox.copy(bytes);
        pushMessage({}, m_outbox.slice(copy, static_cast<std::uint32_t>(bytes.size())));
    } else {
        pushCut({}, bytes);
    }
}

// No message may be as long as that.
void Room::refuseTooLong(std::span<Link *const> receivers, std::span<const std::byte> bytes)
{
    if (bytes.size() <= kMaxMessage) {
        return;
    }
    std::vector<TooLongFor> peers;
    for (const Link *receiver : receivers) {
        if (receiver->keepsBorders() && receiver->canSend()) {
            peers.push_back({receiver->id(), receiver->queued()});
        }
    }
    refuseTooLong(m_outbox, peers, bytes);
}

void Room::refuseTooLong(Outbox &outbox, std::span<const TooLongFor> peers, std::span<const std::byte> bytes)
{
    for (; !peers.empty() && !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), kMaxPayload))) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        const std::byte *copy = outbox.copy(part);
        const Slice slice = outbox.slice(copy, static_cast<std::uint32_t>(part.size()));
        for (const TooLongFor &to : peers) {
            outbox.addPayload(RecordKind::Refused, to.peer, slice, RefusedInfo{RefusedReason::TooLong, to.queued, EMSGSIZE});
        }
    }
}

void Room::mark(Link &sender)
{
    if (!sender.m_gathered) {
        sender.m_gathered = true;
        m_senders.push_back(&sender);
    }
}

void Room::gather(Link &sender, std::span<const std::byte> message)
{
    if (m_context.exchange && m_context.exchange->relay(sender, message)) {
        return;
    }
    mark(sender);
    const Slice slice = m_outbox.slice(message.data(), static_cast<std::uint32_t>(message.size()));
    if (m_context.answer.prefixSender) {
        say({&sender, sender.id()}, slice, sender.keepsBorders(), sender.namePrefix(), sender.lineState());
    } else {
        pushMessage({&sender, sender.id()}, slice);
    }
}

void Room::gather(PeerId sender, bool keepsBorders, const std::string &name, LineState &lines, const Slice &message)
{
    if (m_context.answer.prefixSender) {
        say({nullptr, sender}, message, keepsBorders, name, lines);
    } else {
        pushMessage({nullptr, sender}, message);
    }
}

// With the sender's name before each line.
void Room::say(const Speaker &from, const Slice &message, bool keepsBorders, const std::string &name, LineState &lines)
{
    if (keepsBorders) { // each message is one of its own, the empty one too
        lines.atLineStart = true;
    }
    const bool interrupted = std::exchange(m_lastSpeaker, from.id) != from.id;
    m_prefixed.clear();
    prefixLines({message.data, message.size}, name, interrupted, lines, m_prefixed);
    if (message.size == 0) {
        const auto bytes = std::as_bytes(std::span(name));
        m_prefixed.assign(bytes.begin(), bytes.end());
    }
    if (m_prefixed.size() <= kMaxMessage) {
        const std::byte *copy = m_outbox.copy(m_prefixed);
        pushMessage(from, m_outbox.slice(copy, static_cast<std::uint32_t>(m_prefixed.size())));
        return;
    }
    pushCut(from, m_prefixed);
    for (Link *member : m_members) {
        if (member->keepsBorders() && member != from.link) {
            member->countRefused(m_prefixed.size());
            m_context.queueFilled(*member); // so that it is told
        }
    }
    if (m_context.exchange) {
        m_context.exchange->missTooLong(from.id, m_prefixed.size());
    }
}

void Room::deliver(const Relayed &relayed, const std::function<Link *(PeerId)> &find)
{
    flush();
    for (const Relayed::Item &item : relayed.items) {
        Link *from = item.from == kNoPeer ? nullptr : find(item.from);
        if (from) {
            mark(*from);
        }
        push({from, item.from}, item.slice, item.audience);
    }
    flush();
}

void Room::distribute(const std::vector<Item> &items)
{
    auto relayed = std::make_shared<Relayed>();
    relayed->items.reserve(items.size());
    std::transform(items.begin(), items.end(), std::back_inserter(relayed->items), [](const Item &item) {
        return Relayed::Item{item.sender, item.audience, item.slice};
    });
    m_context.exchange->distribute(std::move(relayed));
}

void Room::sendToAll(std::span<const std::byte> bytes)
{
    flush();
    const bool reachesOthers = m_context.exchange && m_context.exchange->reachesOthers();
    if (!reachesOthers
        && std::none_of(m_members.begin(), m_members.end(), [](const Link *member) { return member->canSend(); })) {
        refuse(m_outbox, kNoPeer, bytes, {RefusedReason::NotConnected, 0});
        return;
    }
    m_lastSpeaker = kNoPeer;
    refuseTooLong(m_members, bytes);
    if (m_context.exchange && bytes.size() > kMaxMessage) {
        m_context.exchange->refuseTooLong(bytes);
    }
    pushAll(bytes);
    flush();
}

void Room::sendToSome(std::span<Link *const> receivers, std::span<const std::byte> bytes)
{
    flush();
    refuseTooLong(receivers, bytes);
    pushAll(bytes);
    std::vector<Item> items;
    items.swap(m_gathered);
    m_flushing = true; // what a receiver that fails has left to say waits
    std::vector<Link *> reached;
    for (Link *receiver : receivers) {
        if (!receiver->canSend()) {
            refuse(m_outbox, receiver->id(), bytes,
                   {receiver->state() == Link::State::Closed ? RefusedReason::NotConnected : RefusedReason::SendingFinished,
                    receiver->queued()});
            continue;
        }
        deliver(*receiver, items, false);
        if (receiver->state() != Link::State::Closed) {
            reached.push_back(receiver);
        }
    }
    for (Item &item : items) {
        recordSome(item, reached);
    }
    m_flushing = false;
    flush();
}

void Room::flush()
{
    while (!m_gathered.empty() && !m_flushing) {
        m_flushing = true;
        flushOnce(); // in which somebody who fails may have had something left to say
        m_flushing = false;
    }
}

void Room::flushOnce()
{
    std::vector<Item> items;
    items.swap(m_gathered);
    // A member that fails leaves the room while we go through it.
    m_receivers = m_members;
    for (Link *member : m_receivers) {
        if (member->inRoom()) {
            deliver(*member, items, member->m_gathered);
        }
    }
    for (Link *sender : m_senders) {
        sender->m_gathered = false;
    }
    m_senders.clear();
    const bool shared = isShared();
    for (Item &item : items) {
        shared ? recordExactly(item) : record(item);
    }
    if (shared && m_context.exchange->reachesOthers()) {
        distribute(items);
    }
    items.clear();
    if (m_gathered.empty()) {
        m_gathered.swap(items); // keeps the memory
    }
}

void Room::refuse(Outbox &outbox, PeerId peer, std::span<const std::byte> bytes, RefusedInfo info)
{
    do { // an empty message is one, too
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        const std::byte *data = outbox.copy(part);
        outbox.addPayload(RecordKind::Refused, peer, outbox.slice(data, static_cast<std::uint32_t>(part.size())), info);
        bytes = bytes.subspan(part.size());
    } while (!bytes.empty());
}

} // namespace tincan

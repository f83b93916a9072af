// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sys/uio.h>

#include "base/record.h"
#include "net/exchange.h"
#include "net/outbox.h"

namespace tincan {

class Link;
struct LineState;
struct NetContext;

// Those whom a message to all and a relayed message reach: every connection from its Joined record until its Finished or Left
// record. What is gathered during a turn of the loop goes out at its end, with one sendmsg(2) a receiver. Loop thread only.
class Room
{
public:
    Room(NetContext &context, Outbox &outbox)
        : m_context(context)
        , m_outbox(outbox)
    {
    }

    void enter(Link &connection);
    void leave(Link &connection); // nothing where it is not in
    std::size_t size() const noexcept { return m_members.size(); }

    // What a member said goes to all the others. Bytes in the open chunk of the outbox.
    void gather(Link &sender, std::span<const std::byte> message);
    // … where he is a member of another loop's room. `name` and `lines` as of Link.
    void gather(PeerId sender, bool keepsBorders, const std::string &name, LineState &lines, const Slice &message);
    // What comes from other rooms, or from here by way of the engine's own loop. `find`: the link of that name, nullptr where it
    // is none of this loop's.
    void deliver(const Relayed &relayed, const std::function<Link *(PeerId)> &find);
    // The person's message to everybody in the room, cut into payloads.
    void sendToAll(std::span<const std::byte> bytes);
    // … and to these.
    void sendToSome(std::span<Link *const> receivers, std::span<const std::byte> bytes);

    // Sends what is gathered.
    void flush();

    static void refuse(Outbox &outbox, PeerId peer, std::span<const std::byte> bytes, RefusedInfo info);

    // Of one message for many, which is too long for these. It is in memory once.
    struct TooLongFor {
        PeerId peer;
        std::size_t queued;
    };
    static void refuseTooLong(Outbox &outbox, std::span<const TooLongFor> peers, std::span<const std::byte> bytes);

private:
    struct Item {
        Link *from = nullptr;    // nullptr: the person, or a member of another room
        PeerId sender = kNoPeer; // kNoPeer: the person
        Audience audience = Audience::All;
        Slice slice;
        std::vector<Link *> missed; // receivers that could not take it at once
    };
    // Who says something: a member, the person, or a member of another room.
    struct Speaker {
        Link *link = nullptr;
        PeerId id = kNoPeer;
    };
    void push(const Speaker &from, Slice slice, Audience audience = Audience::All);
    void pushMessage(const Speaker &from, const Slice &message);
    void pushCut(const Speaker &from, std::span<const std::byte> bytes);
    void say(const Speaker &from, const Slice &message, bool keepsBorders, const std::string &name, LineState &lines);
    void mark(Link &sender);
    void distribute(const std::vector<Item> &items);
    bool isShared() const;
    void recordExactly(Item &item);
    void pushAll(std::span<const std::byte> bytes);
    void refuseTooLong(std::span<Link *const> receivers, std::span<const std::byte> bytes);
    static bool isFor(const Item &item, const Link &receiver, bool skipOwn);
    void flushOnce();
    static void miss(Link &receiver, std::vector<Item> &items);
    void deliver(Link &receiver, std::vector<Item> &items, bool skipOwn);
    void collect(const Link &receiver, const std::vector<Item> &items, std::size_t &next, bool skipOwn);
    void deliverBytes(Link &receiver, std::vector<Item> &items, bool skipOwn);
    std::optional<std::size_t> queuePart(Link &receiver, std::vector<Item> &items, std::size_t taken);
    void deliverMessages(Link &receiver, std::vector<Item> &items, bool skipOwn);
    void queueRest(Link &receiver, std::vector<Item> &items, std::size_t next, bool skipOwn, bool begun);
    void record(Item &item);
    void recordSome(Item &item, std::span<Link *const> receivers);
    const Link *onlyReceiver(Item &item) const;

    NetContext &m_context;
    Outbox &m_outbox;
    std::vector<Link *> m_members;
    std::vector<Link *> m_receivers; // of the flush under way
    std::vector<Item> m_gathered;
    std::vector<Link *> m_senders; // of what is gathered
    std::vector<iovec> m_vectors;
    std::vector<std::size_t> m_places; // of each vector in the items
    std::vector<std::byte> m_prefixed;
    std::vector<std::size_t> m_failed;
    PeerId m_lastSpeaker = kNoPeer;
    bool m_flushing = false;
};

} // namespace tincan

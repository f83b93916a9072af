// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/chunk.h"
#include "base/ids.h"

namespace tincan {

class Link;

// For whom a message is: one that is empty, or too long for one record of a stream, goes to those who keep borders as it is, and
// to the others cut, or not at all.
enum class Audience : std::uint8_t { All, Streams, Borders };

// Messages on their way to the peers of other loops, all of the person's or all relayed. Read only once it is made; any thread.
struct Relayed {
    struct Item {
        PeerId from = kNoPeer; // whose it was; kNoPeer: the person's
        Audience audience = Audience::All;
        Slice slice;
    };
    std::vector<Item> items;
};
using RelayedRef = std::shared_ptr<const Relayed>;

// How the room of one loop is joined with those of others: what a member says goes by way of the engine's own loop, which gives
// it an order and a prefix, to all. Thread of the loop whose context leads here.
class Exchange
{
public:
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    // There are peers in other loops. A fan-out then lists whom it reached: who was in the room cannot be told by the order of
    // the records of several threads.
    virtual bool hasOthers() const = 0;
    // … to which something may be sent.
    virtual bool reachesOthers() const = 0;
    // What a member has said: true where it goes by way of the engine's own loop, and comes back to the others from there.
    virtual bool relay(Link &sender, std::span<const std::byte> message) = 0;
    // What was said in this loop is to reach the members of all others.
    virtual void distribute(RelayedRef relayed) = 0;
    // The person's message to all, or one with its sender's name before it, is too long for those elsewhere that keep borders.
    virtual void refuseTooLong(std::span<const std::byte> bytes) = 0;
    virtual void missTooLong(PeerId from, std::size_t size) = 0;
    // Nothing more is sent to this one.
    virtual void leftRoom(PeerId peer) = 0;

protected:
    Exchange() = default;
    ~Exchange() = default;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "base/answeroptions.h"
#include "net/engine.h"
#include "net/eventloop.h"
#include "net/outbox.h"
#include "net/tracedcalls.h"

namespace tincan {

class Link;
class DeliveryWatch;
class Exchange;
class Room;

// What the connections of one engine share. Loop thread only; outlives them.
struct NetContext {
    EventLoop &loop;
    Outbox &outbox;
    TracedCalls &calls;
    Room &room;
    Limits limits{};
    AnswerOptions answer{};
    bool readingPaused = false; // the recorder is behind
    // How many bytes may be read in this turn of connections that are being given up, all of them together. Not filled up again
    // while the recorder is behind: all that peers send at such a time would be in memory.
    std::size_t restLeft = 0;
    TimePoint restFilled{};             // the turn in which it last was
    std::function<bool()> refillRest{}; // within a turn: publishes what there is first. False where the recorder is behind

    std::function<void(Link &)> gone{};        // the connection is over: forget it at the end of the turn
    std::function<void(Link &)> queueFilled{}; // its send queue is no longer empty

    DeliveryWatch *delivery = nullptr; // nullptr: nobody wants to know what was acknowledged
    Exchange *exchange = nullptr;      // nullptr: there is no other loop
};

} // namespace tincan

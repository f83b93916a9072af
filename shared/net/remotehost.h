// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "net/command.h"
#include "net/exchange.h"

namespace tincan {

// Where peers are served that are not in the engine's own loop, as that one sees it. Thread of the engine's loop.
class RemoteHost
{
public:
    RemoteHost() = default;
    RemoteHost(const RemoteHost &) = delete;
    RemoteHost &operator=(const RemoteHost &) = delete;
    virtual ~RemoteHost() = default;

    virtual void command(Command command) = 0;
    // To all of its peers but the one who said it.
    virtual void deliver(const RelayedRef &relayed) = 0;
    // Bytes that wait to be sent to the peer, as far as is known here: on the way to the host, and in the queue there.
    virtual std::size_t queued(PeerId peer) const = 0;
    // The peer has gone.
    virtual void forget(PeerId /*peer*/) { }
    // Ends all of its peers at once, and itself.
    virtual void stop() = 0;
};

// What a remote host has to tell. Thread of the engine's loop.
class RemoteOwner
{
public:
    struct News {
        std::vector<Relayed::Item> said; // by peers of it, to be relayed
        std::vector<PeerId> leftRoom;    // nothing more is sent to them
        std::vector<PeerId> gone;        // their last records are published
        bool isEmpty() const noexcept { return said.empty() && leftRoom.empty() && gone.empty(); }
    };
    RemoteOwner(const RemoteOwner &) = delete;
    RemoteOwner &operator=(const RemoteOwner &) = delete;

    virtual void tell(const News &news) = 0;
    // It reads no streams until it hears GoOn: too much is waiting.
    virtual void waits(RemoteHost &host) = 0;
    // It has no peer any more, and no use.
    virtual void ended(RemoteHost &host) = 0;

protected:
    RemoteOwner() = default;
    ~RemoteOwner() = default;
};

} // namespace tincan

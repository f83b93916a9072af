// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "net/context.h"

namespace tincan {

// A listening socket. Accepts a bounded number a turn; when descriptors run out, turns one peer away by way of a spare
// descriptor, says so, and backs off. Loop thread only.
class Listener final : public EventHandler
{
public:
    struct Accepted {
        int fd = -1;
        PeerId peer = kNoPeer;
        PeerInfo info;
    };
    // What the owner decides: whether another peer may come now, under which id, and what becomes of it.
    struct Owner {
        std::function<bool()> hasRoom;
        std::function<PeerId()> nextPeer;
        std::function<void(Accepted)> accepted;
    };

    Listener(NetContext &context, Owner owner);
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    ~Listener();

    // socket, options, bind, listen. Records Listening, or ListenFailed and then returns false.
    bool open(const ListenOptions &options);
    void close();

    // There is room again, where there was none.
    void resume();
    // While it is so, those who come wait in the accept queue.
    void setPaused(bool paused);

    void onEvents(std::uint32_t events) override;

private:
    bool configure(const ListenOptions &options);
    bool failOpen(CallName call, int error, const Endpoint &address);
    bool acceptOne();
    void exhausted(int error);
    void updateWatching();

    NetContext &m_context;
    Owner m_owner;
    Endpoint m_local;
    EventLoop::TimerId m_backOffTimer = 0;
    TimePoint m_exhaustedSaid{};
    std::chrono::milliseconds m_backOff{0};
    std::int64_t m_turnedAway = 0;
    int m_fd = -1;
    int m_spare = -1;
    bool m_watching = false;
    bool m_waitsForRoom = false;
    bool m_paused = false;
};

} // namespace tincan

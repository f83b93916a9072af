// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "net/context.h"
#include "net/listensocket.h"
#include "net/optionstore.h"
#include "net/unixpath.h"

namespace tincan {

// A listening stream socket. Accepts a bounded number a turn; when descriptors run out, turns one peer away by way of a spare
// descriptor, says so, and backs off. Loop thread only.
class Listener final : public ListenSocket, public EventHandler
{
public:
    struct Accepted {
        int fd = -1;
        PeerId peer = kNoPeer;
        PeerInfo info;
        OptionStore options; // that it inherits
    };
    // What the owner decides: whether another peer may come now, under which id, and what becomes of it.
    enum class Room : std::uint8_t { Free, Limited, OneAtATime }; // of the last, nothing need be said
    struct Owner {
        std::function<Room()> hasRoom;
        std::function<PeerId()> nextPeer;
        std::function<void(Accepted)> accepted;
    };

    Listener(NetContext &context, ListenerId id, Owner owner);
    ~Listener() override;

    // socket, options, bind, listen.
    bool open(const ListenOptions &options) override;
    void close() override;
    void resume() override;
    // While it is so, those who come wait in the accept queue.
    void setPaused(bool paused) override;
    void setAcceptingPaused(bool paused) override;
    std::vector<OptionState> readOptions() const override;
    bool setOption(const OptionValue &value) override;
    int descriptor() const noexcept override { return m_fd; }

    void onEvents(std::uint32_t events) override;

private:
    bool configure(const ListenOptions &options);
    bool bind(const ListenOptions &options);
    bool applyOptions(const ListenOptions &options);
    bool failOpen(Error error, const ListenOptions &options, PortOwner owner = {});
    bool acceptOne();
    void exhausted(int error);
    void updateWatching();

    NetContext &m_context;
    Owner m_owner;
    ListenerId m_id;
    Transport m_transport = Transport::Tcp;
    Endpoint m_local;
    OptionStore m_options;
    UnixPath m_path;
    EventLoop::TimerId m_backOffTimer = 0;
    TimePoint m_exhaustedSaid{};
    std::chrono::milliseconds m_backOff{0};
    std::int64_t m_turnedAway = 0;
    int m_fd = -1;
    int m_spare = -1;
    bool m_watching = false;
    bool m_waitsForRoom = false;
    bool m_paused = false;
    bool m_acceptingPaused = false;
};

} // namespace tincan

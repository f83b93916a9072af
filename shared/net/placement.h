// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/answer.h"
#include "net/childhost.h"
#include "net/listener.h"
#include "net/threadhost.h"

namespace tincan {

// Where each peer is served that is not served in the engine's own loop: in that of another thread, in a thread or in a process
// of its own. Thread of the engine's loop.
class Placement final : private RemoteOwner, private Exchange
{
public:
    struct Owner {
        std::function<void(ListenerId)> gone; // one of the listener's peers is over, and forgotten here
        std::function<void()> idle;           // the last thread or process that was to end has ended
        std::function<void()> waits;          // some of them read no streams until goOn()
    };
    Placement(EventLoop &loop, PeerHost &host, Syscalls &syscalls, BatchSink &sink, Owner owner);
    ~Placement() = default; // finish() has been called if anything was placed

    void setThreadFactory(ThreadFactory factory) { m_factory = std::move(factory); }
    void setPeerProgram(std::string path) { m_program = std::move(path); }

    // So much is on its way from loop to loop that nobody is to say more, until `waits` is called.
    bool isRelayFull() const noexcept { return m_gauge->isFull(); }
    // As Engine::queued().
    std::size_t queued(PeerId peer) const;

    // True where it is served elsewhere from now on (or turned away, because that could not be); false: the engine's own loop is
    // to serve it, nothing was done.
    bool place(const ListenOptions &options, Listener::Accepted &peer);

    bool has(PeerId peer) const { return m_peers.contains(peer); }
    std::size_t size() const noexcept { return m_peers.size(); }
    // No peers, and nothing under way that was theirs.
    bool isIdle() const noexcept { return m_peers.empty() && m_threads.empty() && m_children.empty(); }

    // False where the peer is not served elsewhere.
    bool command(Command &&command);
    // To those who are served elsewhere. Returns the others.
    std::vector<PeerId> sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes);
    void stampDelivery(PeerId peer);
    void traceData(PeerId peer);
    void disconnect(ListenerId listener); // its peers
    void disconnectAll();
    HostState &state() noexcept { return m_state; }
    void stateChanged(); // tells it to all
    // Those who say something are not listened to, or are again; and whether it is (also) the recorder who is behind.
    void setReadingPaused(bool paused, bool recorderIsBehind);

    // After the last turn of the loop: ends everything at once, and waits.
    void finish();

private:
    struct Peer {
        RemoteHost *host = nullptr;
        ListenerId listener = kNoListener;
        std::string name; // as Link::namePrefix()
        LineState lines;
        bool keepsBorders = false;
        bool inRoom = true;
    };
    bool addLoop();
    bool inLoop(int loops, Listener::Accepted &peer);
    void inThread(Listener::Accepted &peer);
    void inProcess(Listener::Accepted &peer);
    void turnAway(const Listener::Accepted &peer, Error error);
    void remember(const Listener::Accepted &peer, RemoteHost &host);
    std::vector<RemoteHost *> hosts() const;
    std::vector<PeerId> peersOf(ListenerId listener) const;
    void leave(PeerId peer);
    void select(PeerId HostState::*which, PeerId peer);

    void tell(const News &news) override;
    void waits(RemoteHost &host) override;
    void ended(RemoteHost &host) override;

    bool hasOthers() const override { return !m_peers.empty(); }
    bool reachesOthers() const override { return m_inRoom > 0; }
    bool relay(Link & /*sender*/, std::span<const std::byte> /*message*/) override { return false; }
    void distribute(RelayedRef relayed) override;
    void leftRoom(PeerId /*peer*/) override { }
    void refuseTooLong(std::span<const std::byte> bytes) override;
    void missTooLong(PeerId from, std::size_t size) override;

    EventLoop &m_loop;
    PeerHost &m_host;
    Syscalls &m_syscalls;
    BatchSink &m_sink;
    Owner m_owner;
    ThreadFactory m_factory = startPlainThread;
    std::string m_program;
    HostState m_state;
    std::shared_ptr<RelayGauge> m_gauge;
    std::unordered_map<PeerId, Peer> m_peers;
    std::size_t m_inRoom = 0;                         // of them
    std::vector<std::unique_ptr<ThreadHost>> m_loops; // those beside the engine's own
    std::unordered_map<RemoteHost *, std::unique_ptr<ThreadHost>> m_threads;
    std::unordered_map<RemoteHost *, std::unique_ptr<ChildHost>> m_children;
    std::unordered_set<RemoteHost *> m_waiting; // until goOn()
    std::size_t m_next = 0;                     // loop
    bool m_recorderIsBehind = false;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/uniquefd.h"
#include "net/eventloop.h"
#include "net/optionstore.h"
#include "net/peerhost.h"
#include "net/peerthread.h"
#include "net/relaygauge.h"
#include "net/remotehost.h"

namespace tincan {

// A thread with a loop of its own, and the peers that it serves. Its records go from there to the sink. Thread of the engine's
// loop, where it does not say so.
class ThreadHost final : public RemoteHost, private Exchange
{
public:
    // AsLongAsItsPeer: it serves one, and ends with it.
    enum class Life : std::uint8_t { Lasting, AsLongAsItsPeer };
    struct Surroundings {
        EventLoop &loop; // the engine's
        RemoteOwner &owner;
        Syscalls &syscalls;
        BatchSink &sink;
        std::shared_ptr<RelayGauge> gauge;
    };

    ThreadHost(const Surroundings &surroundings, Life life);
    ~ThreadHost() override; // joins

    // The error of the thread's creation.
    Result<void> start(const ThreadFactory &factory, const HostState &state);
    void admit(PeerId peer, UniqueFd fd, const PeerInfo &info, const OptionStore &options);
    // Waits for its end; then what was still asked of it is answered as of a peer that is not there.
    void join();

    void command(Command command) override;
    void deliver(const RelayedRef &relayed) override;
    std::size_t queued(PeerId peer) const override;
    void forget(PeerId peer) override { m_queued.erase(peer); }
    void stop() override;

private:
    // Bytes of one peer that wait.
    struct Queued {
        std::atomic<std::size_t> onTheWay = 0;
        std::atomic<std::size_t> atLink = 0;
    };
    std::vector<std::shared_ptr<Queued>> onTheWay(const Command &command) const;

    // ---- the thread
    void work(const HostState &state);
    TimePoint turnEnd();
    void tellNews();
    void serve(PeerId peer, UniqueFd fd, const PeerInfo &info, const OptionStore &options, const std::shared_ptr<Queued> &queued);
    bool hasOthers() const override { return true; }
    bool reachesOthers() const override { return false; } // that is the engine's own loop's matter
    bool relay(Link &sender, std::span<const std::byte> message) override;
    void distribute(RelayedRef /*relayed*/) override { }
    void refuseTooLong(std::span<const std::byte> /*bytes*/) override { } // likewise
    void missTooLong(PeerId /*from*/, std::size_t /*size*/) override { }
    void leftRoom(PeerId peer) override { m_news.leftRoom.push_back(peer); }

    Surroundings m_around;
    Life m_life;
    EventLoop m_loop;
    PeerHost m_host;
    RemoteOwner::News m_news;
    bool m_hadPeer = false;
    std::unordered_map<PeerId, std::shared_ptr<Queued>> m_queued; // the engine's thread
    std::unique_ptr<PeerThread> m_thread;                         // last: joined before the rest goes
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>
#include <string>

#include "net/childprocess.h"
#include "net/peerhost.h"
#include "net/remotehost.h"
#include "net/wire.h"

namespace tincan {

// A process that serves one peer, as the engine's loop sees it: writes it what is ordered, and turns what it tells into records
// of the engine's own outbox. Thread of the engine's loop.
class ChildHost final : public RemoteHost, private EventHandler
{
public:
    ChildHost(EventLoop &loop, PeerHost &host, RemoteOwner &owner, PeerId peer);
    ~ChildHost() override; // it has ended: see isOver()

    // Starts it and hands the socket over. `info` gets its pid.
    Result<void> start(const std::string &program, int socket, PeerInfo &info, const HostState &state);

    void command(Command command) override;
    void deliver(const RelayedRef &relayed) override;
    void stop() override;

    // The recorder is behind: what the child tells waits in the pair, and its peer is slowed down.
    void setReadingPaused(bool paused);

    // ---- after the last turn of the loop
    bool isOver() const noexcept { return !m_child.pid; }
    int processDescriptor() const noexcept { return m_child.pid.get(); }
    int pairDescriptor() const noexcept { return m_child.pair.get(); }
    void readRest(); // of what it tells; and its end, once it has
    void kill() { killChild(m_child); }

private:
    // The descriptor of the process: readable when it has ended.
    class End final : public EventHandler
    {
    public:
        explicit End(ChildHost &host)
            : m_host(host)
        {
        }
        void onEvents(std::uint32_t events) override;

    private:
        ChildHost &m_host;
    };

    void onEvents(std::uint32_t events) override;
    void watch();
    bool readFrame();
    bool readRecords(WireReader &reader, const Slice &frame);
    void takeRecord(RecordKind kind, const Slice &payload, const Slice &frame, Detail detail, std::int64_t time);
    void drained(std::uint32_t number);
    void write(std::vector<std::byte> frame);
    void flush();
    void refuse(const Command &command);
    void sayMissed();
    void pairEnded();
    void processEnded();
    void peerIsGone();

    EventLoop &m_loop;
    PeerHost &m_host;
    RemoteOwner &m_owner;
    PeerId m_peer;
    Child m_child;
    End m_end{*this};
    std::deque<std::vector<std::byte>> m_out; // frames that the pair had no room for
    std::size_t m_outBytes = 0;
    std::map<std::uint32_t, std::function<void()>> m_drained; // who waits for an answer
    std::uint32_t m_lastNumber = 0;
    std::uint64_t m_missedMessages = 0; // relayed ones for which there was no room any more
    std::uint64_t m_missedBytes = 0;
    std::uint32_t m_interest = 0;
    bool m_watched = false; // is in the loop's set
    bool m_paused = false;
    bool m_left = false;
};

} // namespace tincan

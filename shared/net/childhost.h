// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>

#include "net/childprocess.h"
#include "net/peerhost.h"
#include "net/relaygauge.h"
#include "net/remotehost.h"
#include "net/wire.h"

namespace tincan {

// A process that serves one peer, as the engine's loop sees it: writes it what is ordered, and turns what it tells into records
// of the engine's own outbox. Thread of the engine's loop.
//
// What is to be sent, and what is noted, is kept here until the child has told what became of it: whatever happens to the child,
// each byte of a message ends as Sent or as Refused, and as one of them only. So much of both is kept as Limits::sendQueue says,
// and what it costs to keep it counts. What is relayed has to wait with the others for a child that is slow, but not for one that
// stands still. A child that does not end when it is told to is killed. Then, and where its pair cannot be watched,
// LeftInfo::error says which call of ours it was that was in vain (Close, Epoll).
class ChildHost final : public RemoteHost, private EventHandler
{
public:
    ChildHost(EventLoop &loop, PeerHost &host, RemoteOwner &owner, std::shared_ptr<RelayGauge> gauge, PeerId peer);
    ~ChildHost() override; // it has ended: see isOver()

    // Starts it and hands the socket over. `info` gets its pid.
    Result<void> start(const std::string &program, int socket, PeerInfo &info, const HostState &state,
                       const OptionStore &options);

    void command(Command command) override;
    void deliver(const RelayedRef &relayed) override;
    std::size_t queued(PeerId peer) const override;
    void stop() override;

    // What the child tells waits in the pair, and its peer is slowed down. Where that is not because the recorder is behind, but
    // because too much is to be relayed, a child that has some of it before it is heard all the same: it reads no more when it
    // cannot tell what it did.
    void setReadingPaused(bool paused, bool recorderIsBehind);

    // ---- after the last turn of the loop
    bool isOver() const noexcept { return !m_child.pid; }
    int processDescriptor() const noexcept { return m_child.pid.get(); }
    int pairDescriptor() const noexcept { return m_child.pair.get(); }
    bool hasOrders() const noexcept { return !m_out.empty(); } // that the pair had no room for
    void readRest();                                           // of what it tells; and its end, once it has
    void giveUp();                                             // it has been told to end for long enough

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
    // To the child, or on its way there.
    struct Frame {
        std::vector<std::byte> head;
        std::span<const std::byte> part; // of the bytes of an order, which is kept in m_orders
        std::vector<Slice> slices;       // of what is relayed
        std::size_t relayed = 0;         // bytes of it
        std::size_t items = 0;           // messages of it
        std::shared_ptr<void> held;      // of the gauge
        bool endsOrder = false;          // one that is kept
    };
    // Send or Note, until the child has told what became of it.
    struct Order {
        Command::Kind kind;
        std::vector<std::byte> bytes;
        NoteInfo note;
        bool isEarly = false; // everything is told of it; see Progress
    };

    void onEvents(std::uint32_t events) override;
    bool isHeard() const noexcept { return !m_paused || (!m_recorderIsBehind && m_itemsOut > 0); }
    int watch();
    std::size_t readFrame();
    bool readFrom(WireReader &reader, const Slice &frame);
    bool hold(const Slice &frame);
    bool readHeld();
    void readCut();
    bool isToldAnyway(RecordKind kind, const Detail &detail) const;
    bool readRecords(WireReader &reader, const Slice &frame);
    bool takeProgress(const Progress &progress);
    void takeRecord(RecordKind kind, const Slice &payload, const Slice &frame, Detail detail, std::int64_t time);
    std::uint32_t numberFor(Command &command);
    void keep(Command &&command);
    void writeOrder(const Command &command, std::span<const std::byte> bytes, std::uint32_t number);
    void answerAll();
    void sayUnsettled();
    bool hasRoomFor(std::size_t cost) const;
    bool isForPeer(const Relayed::Item &item) const;
    void miss(std::uint64_t bytes);
    void writeRelayed(std::span<const Relayed::Item *const> items, bool more);
    static void keepOwn(Frame &frame);
    void write(Frame frame);
    bool writeNow(Frame &frame);
    void retryLater();
    void flush();
    void sayMissed();
    void endWithin(std::chrono::milliseconds limit);
    void kill() { killChild(m_child); }
    void endIsDue();
    void watchForStuck();
    void pairEnded();
    void processEnded();
    void peerIsGone();

    EventLoop &m_loop;
    PeerHost &m_host;
    RemoteOwner &m_owner;
    std::shared_ptr<RelayGauge> m_gauge;
    PeerId m_peer;
    Child m_child;
    End m_end{*this};
    std::list<Frame> m_out;                                 // that the pair had no room for
    std::size_t m_relayedOut = 0;                           // bytes in there that are relayed
    std::size_t m_itemsOut = 0;                             // … and messages
    std::list<Order> m_orders;                              // that are not settled
    std::list<Order>::iterator m_inFlight = m_orders.end(); // the first that the child has not read
    std::size_t m_bytesInFlight = 0;
    std::size_t m_ordersInFlight = 0;
    std::uint32_t m_written = 0; // so many of those that are kept, with the last of their bytes
    Progress m_progress;
    std::vector<Slice> m_held; // parts of what has not come whole yet
    std::size_t m_heldBytes = 0;
    std::map<std::uint32_t, std::function<void()>> m_drained; // who waits for an answer
    std::map<std::uint32_t, OptionsTold> m_optionsTold;       // likewise
    std::uint32_t m_lastNumber = 0;
    std::uint64_t m_missedMessages = 0; // relayed ones for which there was no room any more
    std::uint64_t m_missedBytes = 0;
    std::uint64_t m_framesRead = 0;
    std::uint64_t m_framesAtTimer = 0;
    EventLoop::TimerId m_endTimer = 0;   // it has been told to end
    EventLoop::TimerId m_stuckTimer = 0; // something that is relayed waits
    EventLoop::TimerId m_retryTimer = 0; // until it is tried again to write
    int m_graces = 0;                    // in which it was seen to be at work
    std::uint32_t m_interest = 0;
    CallName m_killedFor = CallName::None;
    bool m_watched = false; // is in the loop's set
    bool m_paused = false;
    bool m_recorderIsBehind = false;
    bool m_left = false;
    bool m_keepsBorders = false;
    bool m_isCut = false;      // what is read now never came whole
    bool m_isStuck = false;    // it has not read for a while: what is relayed does not wait for it
    bool m_hasWritten = false; // since the stuck timer was set
};

} // namespace tincan

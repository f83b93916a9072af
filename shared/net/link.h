// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sys/uio.h>

#include "base/record.h"
#include "net/answer.h"
#include "net/context.h"
#include "net/sendqueue.h"

namespace tincan {

struct Faults;

// One peer as the engine and the room deal with it, whatever its transport: what waits to be sent to it, whether it may be sent
// to, and the ways to end it. What goes over which socket is the derived class's matter. Loop thread only.
class Link
{
public:
    enum class State : std::uint8_t { Open, PeerFinished, Finishing, Closed };

    Link(const Link &) = delete;
    Link &operator=(const Link &) = delete;
    virtual ~Link() = default; // it is Closed

    PeerId id() const noexcept { return m_id; }
    ListenerId listener() const noexcept { return m_listener; }
    State state() const noexcept { return m_state; }
    bool canSend() const noexcept { return (m_state == State::Open || m_state == State::PeerFinished) && !m_finishAsked; }
    bool inRoom() const noexcept { return m_roomIndex != kNotInRoom; }
    std::size_t queued() const noexcept { return m_queue.bytes(); }
    const SendQueue &queue() const noexcept { return m_queue; }
    bool queueIsEmpty() const noexcept { return m_queue.isEmpty(); }
    // Whether so much more may wait.
    bool hasRoomFor(std::size_t bytes) const noexcept { return m_queue.cost() + bytes <= m_context.limits.sendQueue; }

    // Likewise, of what is relayed to many.
    virtual bool hasRoomForRelayed(std::size_t bytes) const { return hasRoomFor(bytes); }

    // The person's message: taken whole, or refused whole.
    virtual void send(std::span<const std::byte> bytes) = 0;
    virtual void finishSending() = 0;
    virtual void disconnect() = 0;
    // SHUT_RDWR once the queue is empty, then closed.
    virtual void shutdownBoth() { disconnect(); }
    virtual void reset() = 0;
    // Ends it now, whatever is still under way.
    virtual void abort() = 0;
    // SHUT_RD: what the peer sends from now on is thrown away.
    virtual void endReceiving() = 0;
    // Not read while it is so.
    virtual void setReadingStopped(bool stopped) = 0;
    virtual void setFaults(const Faults &faults) = 0;
    // Calls of recv(2) and send(2) are recorded too.
    virtual void setTraced(bool traced) = 0;
    // `told` may be called later, where the socket is in another thread or process.
    virtual void readOptions(const OptionsTold &told) { told({}); }
    virtual void setOption(const OptionValue & /*value*/) { }
    // The socket that it has of its own; -1 where it has none.
    virtual int descriptor() const noexcept = 0;

    // Where others read how many bytes are queued, from now on. Any thread may read.
    void tellQueued(std::shared_ptr<std::atomic<std::size_t>> where) { rare().queued = std::move(where); }

    // Called once, when no more than half of Limits::echoPause is queued and the recorder is not behind; at once if that is so.
    void onDrained(std::function<void()> drained);

    // Each message is sent and received whole, also an empty one.
    virtual bool keepsBorders() const noexcept { return false; }

    // The set of events depends on things outside it (NetContext::readingPaused): look again.
    virtual void updateInterest() = 0;
    // Once a second while something is queued: says when it has stood still since the time before. The first time after
    // beginWaiting() there is none.
    virtual void sweep();
    void beginWaiting() { rare().takenAtSweep = kNeverSwept; }

    // ---- for DeliveryWatch
    enum class Delivery : std::uint8_t { Complete, Moved, Still };
    // Asks the kernel how much of what it took is acknowledged, and records that where it is more than before.
    virtual Delivery askDelivery() { return Delivery::Complete; }
    // The kernel is to say when it hears of the acknowledgement of single messages.
    virtual void setStamped(bool /*stamped*/) { }
    bool m_isAsked = false; // owned by DeliveryWatch: it is on its lists

    // ---- for Room
    // Hands these to the kernel where nothing is queued: one call, or of a transport that keeps borders one message each. How
    // many bytes the kernel took; -1 where the link failed (and is closed).
    virtual ssize_t sendNow(std::span<const iovec> vectors) = 0;
    // The same for one that keepsBorders(): one message each, and an empty one is one too. How many of them, from the first, are
    // dealt with; the places of those among them that cannot be sent are put into `failed`, and each has its Refused record.
    virtual std::size_t sendMessages(std::span<const iovec> /*messages*/, std::vector<std::size_t> & /*failed*/) { return 0; }
    void enqueueShared(const Slice &slice, std::uint32_t taken);
    // A message that found the queue full: counted, and told by sweep().
    void countRefused(std::uint64_t bytes);
    const std::string &namePrefix(); // "address:port: "
    LineState &lineState() { return rare().lines; }

    static constexpr std::size_t kNotInRoom = SIZE_MAX;
    std::size_t m_roomIndex = kNotInRoom; // owned by Room
    bool m_gathered = false;              // owned by Room: has something in what is gathered

protected:
    // Records Joined and enters the room.
    Link(NetContext &context, PeerId id, PeerInfo info);

    static constexpr std::uint64_t kNeverSwept = UINT64_MAX;

    // What few peers ever need.
    struct Rare {
        std::string prefix;
        LineState lines;
        std::function<void()> drained;
        std::shared_ptr<std::atomic<std::size_t>> queued;
        std::uint64_t refusedMessages = 0;
        std::uint64_t refusedBytes = 0;
        std::uint64_t takenAtSweep = 0;
        bool stalled = false;
    };
    Rare &rare();
    // The queue has grown or shrunk.
    virtual void queueChanged() = 0;

    // A message of the peer's, in the open chunk of the outbox: recorded, and answered as the rules say.
    void received(const std::byte *data, std::uint32_t size);
    // Bytes in the open chunk of the outbox. False where the link failed on them, and they are not told; where it ended with them
    // in the queue they are.
    virtual bool sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson);
    void refuse(std::span<const std::byte> bytes, RefusedReason reason, int error = 0);
    void recordSent(const Slice &slice);
    void sayRefused();
    bool isDrained() const;
    void sayDrained();
    // The queue is empty: a peer that stood still reads again.
    void sayReadingAgain();
    void sayQueued()
    {
        if (m_rareState && m_rareState->queued) {
            m_rareState->queued->store(m_queue.bytes(), std::memory_order_relaxed);
        }
    }
    // What every end has in common: what is queued is told as lost, the room is left. Returns what Left says.
    LeftInfo takeLeave(LeftReason reason, Error error);

    NetContext &m_context;
    SendQueue m_queue;
    std::unique_ptr<Rare> m_rareState;
    std::uint64_t m_taken = 0; // bytes that the kernel took out of the queue
    Endpoint m_remote;
    PeerId m_id;
    ListenerId m_listener;
    State m_state = State::Open;
    bool m_finishAsked = false; // our end follows when the queue is empty
};

} // namespace tincan

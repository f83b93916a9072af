// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/record.h"
#include "net/ackstamp.h"
#include "net/answer.h"
#include "net/context.h"
#include "net/sendqueue.h"

namespace tincan {

// One established connection: reads, lets the answer rules act, sends, and ends. Loop thread only. The set of events that it
// waits for follows from its state.
//
//   Open ──FIN read──▶ PeerFinished ──our FIN sent──▶ Closed
//     └──our FIN sent──▶ Finishing ──FIN read──▶ Closed          (reset, failure, end of a wait: Closed from anywhere)
class Connection final : public EventHandler
{
public:
    enum class State : std::uint8_t { Open, PeerFinished, Finishing, Closed };

    // Takes `fd` over. Records Joined and enters the room.
    Connection(NetContext &context, PeerId id, int fd, PeerInfo info);
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection() = default; // close() has been called

    PeerId id() const noexcept { return m_id; }
    State state() const noexcept { return m_state; }
    bool canSend() const noexcept { return (m_state == State::Open || m_state == State::PeerFinished) && !m_finishAsked; }
    bool inRoom() const noexcept { return m_roomIndex != kNotInRoom; }
    std::size_t queued() const noexcept { return m_queue.bytes(); }
    // Whether so much more may wait.
    bool hasRoomFor(std::size_t bytes) const noexcept { return m_queue.cost() + bytes <= m_context.limits.sendQueue; }

    // The person's message: taken whole, or refused whole.
    void send(std::span<const std::byte> bytes);
    void finishSending();
    void disconnect();
    void reset();
    // Ends it now, whatever is still under way.
    void abort();
    // Called once, when no more than half of Limits::echoPause is queued and the recorder is not behind; at once if that is so.
    void onDrained(std::function<void()> drained);

    // The set of events depends on things outside it (NetContext::readingPaused): look again.
    void updateInterest();
    // Once a second while something is queued: says when it stands still.
    void sweep();

    void onEvents(std::uint32_t events) override;

    // ---- for DeliveryWatch
    enum class Delivery : std::uint8_t { Complete, Moved, Still };
    // Asks the kernel how much of what it took is acknowledged, and records that where it is more than before.
    Delivery askDelivery();
    // The kernel is to say when it hears of the acknowledgement of single messages.
    void setStamped(bool stamped);
    bool m_isAsked = false; // owned by DeliveryWatch: it is on its lists

    // Each recv(2) and send(2) leaves a Call record from now on, or none any more (see Engine::traceData()).
    void setDataTraced(bool traced) noexcept { m_dataTraced = traced; }

    // ---- for Room
    // One sendmsg(2) where nothing is queued. How many bytes the kernel took; -1 where the connection failed (and is closed).
    ssize_t sendNow(std::span<const iovec> vectors);
    void enqueueShared(const Slice &slice, std::uint32_t taken);
    // A message that found the queue full: counted, and told by sweep().
    void countRefused(std::uint64_t bytes);
    bool queueIsEmpty() const noexcept { return m_queue.isEmpty(); }
    const std::string &namePrefix(); // "address:port: "
    LineState &lineState() { return rare().lines; }

    static constexpr std::size_t kNotInRoom = SIZE_MAX;
    std::size_t m_roomIndex = kNotInRoom; // owned by Room
    bool m_gathered = false;              // owned by Room: has something in what is gathered

private:
    // What few connections ever need.
    struct Rare {
        std::string prefix;
        LineState lines;
        std::function<void()> drained;
        std::uint64_t refusedMessages = 0;
        std::uint64_t refusedBytes = 0;
        std::uint64_t takenAtSweep = 0;
        bool stalled = false;
    };
    Rare &rare();

    bool readOnce();
    void readRest(bool endIsFin);
    void received(const std::byte *data, std::uint32_t size);
    void peerFinished();
    bool sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson);
    void flush();
    void queueChanged();
    void sendFin();
    void waitAtMost(std::chrono::milliseconds limit);
    void refuse(std::span<const std::byte> bytes, RefusedReason reason);
    void recordSent(const Slice &slice);
    void sayRefused();
    bool isDrained() const;
    void sayDrained();
    ssize_t receive(std::span<std::byte> room);
    void noteUntraced(CallName call, std::size_t size, long result, int error);
    ssize_t tracedSend(std::span<const iovec> vectors);
    ssize_t sendOnce(std::span<const iovec> vectors, bool *stamped = nullptr);
    void handedOver(std::size_t bytes);
    std::uint64_t acknowledgedNow();
    void sayAcknowledged(const AcknowledgedInfo &info);
    void sayLastAcknowledged();
    bool readStamps();
    void failed(int error, CallName call);
    void close(LeftReason reason, Error error = {});

    NetContext &m_context;
    SendQueue m_queue;
    std::unique_ptr<Rare> m_rareState;
    std::unique_ptr<AckStamp> m_stamp; // of the one that is looked at, and was
    std::uint64_t m_taken = 0;         // bytes that the kernel took out of the queue
    std::uint64_t m_handed = 0;        // bytes that the kernel took altogether
    std::uint64_t m_acknowledged = 0;  // … of which the peer's has told that it has them, as far as recorded
    EventLoop::TimerId m_timer = 0;
    Endpoint m_remote;
    PeerId m_id;
    int m_fd;
    std::uint32_t m_interest = 0;
    State m_state = State::Open;
    bool m_gotFin = false;
    bool m_finSent = false;
    bool m_finishAsked = false; // our FIN follows when the queue is empty
    bool m_disconnecting = false;
    bool m_dataTraced = false;
    bool m_answerPaused = false; // not read, because too many answers wait
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include "net/ackstamp.h"
#include "net/eventloop.h"
#include "net/faultylane.h"
#include "net/link.h"
#include "net/optionstore.h"

namespace tincan {

// One established connection of a stream socket: reads, lets the answer rules act, sends, and ends. The set of events that it
// waits for follows from its state.
//
//   Open ──FIN read──▶ PeerFinished ──our FIN sent──▶ Closed
//     └──our FIN sent──▶ Finishing ──FIN read──▶ Closed          (reset, failure, end of a wait: Closed from anywhere)
class Connection : public Link, public EventHandler
{
public:
    // Takes `fd` over. Records Joined and enters the room.
    Connection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options = {});
    ~Connection() override = default; // close() has been called

    void send(std::span<const std::byte> bytes) override;
    void finishSending() override;
    void disconnect() override;
    void shutdownBoth() override;
    void reset() override;
    void abort() override;
    void endReceiving() override;
    void setReadingStopped(bool stopped) override;
    void setFaults(const Faults &faults) override;
    void setTraced(bool traced) override;
    void readOptions(const OptionsTold &told) override;
    void setOption(const OptionValue &value) override;
    int descriptor() const noexcept override { return m_fd; }
    void updateInterest() override;

    void onEvents(std::uint32_t events) override;

    Delivery askDelivery() override;
    void setStamped(bool stamped) override;
    ssize_t sendNow(std::span<const iovec> vectors) override;
    void sweep() override;

protected:
    // What is read at most of a connection that is being given up. No receive buffer holds more, unless somebody has set
    // net.ipv4.tcp_rmem to that (tcp(7)).
    static constexpr std::size_t kMostRestBytes = 32 * 1024 * 1024;

    // At most so many bytes (and one message); false where there may be more.
    virtual bool readRest(bool endIsFin, std::size_t most);
    void countRest(std::size_t &most, std::size_t bytes);
    void giveUp();
    void closeGivenUp(bool isRead);
    bool readAllowedRest();
    bool hasUnread();

    virtual bool readOnce();
    void readToEnd();
    bool waitsForArrival();
    void discard();
    void peerFinished();
    virtual void flush();
    // The descriptor is about to be closed.
    virtual void closing() { }
    void queueChanged() override;
    void sendFin();
    void endBoth();
    void waitAtMost(std::chrono::milliseconds limit);
    ssize_t handOver(std::span<const iovec> vectors);
    bool isNotNow(int error);
    void tellLane();
    bool laneTook(std::size_t messages, std::size_t bytes);
    int sendFlags() const noexcept;
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

    OptionStore m_options;
    std::unique_ptr<FaultyLane> m_lane; // of one with faults on purpose
    std::unique_ptr<AckStamp> m_stamp;  // of the one that is looked at, and was
    std::uint64_t m_handed = 0;         // bytes that the kernel took altogether
    std::uint64_t m_acknowledged = 0;   // … of which the peer's has told that it has them, as far as recorded
    EventLoop::TimerId m_timer = 0;
    EventLoop::TimerId m_memoryTimer = 0;       // until it is tried again to send, for which there was no memory
    EventLoop::TimerId m_answerTimer = 0;       // until it is asked whether our last bytes have arrived
    std::chrono::milliseconds m_arrivalStep{0}; // until then
    TimePoint m_givenUp{};                      // the first time that its end was due
    std::size_t m_restLeft = kMostRestBytes;
    int m_fd;
    Transport m_transport;
    std::uint32_t m_interest = 0;
    bool m_gotFin = false; // nothing more is to be read
    bool m_finSent = false;
    bool m_disconnecting = false;
    bool m_bothAsked = false;      // SHUT_RDWR is wanted instead of SHUT_WR
    bool m_answerPaused = false;   // not read, because too many answers wait
    bool m_readingStopped = false; // not read, because the person wants it so
    bool m_receivingEnded = false; // SHUT_RD
    bool m_dataTraced = false;     // recv(2) and send(2) are recorded
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <list>
#include <memory>
#include <span>
#include <string>

#include "net/datagramshares.h"
#include "net/eventloop.h"
#include "net/faultylane.h"
#include "net/link.h"

namespace tincan {

class DatagramPort;

// An address that datagrams come from, or are sent to. There is no connection: it is there from the first datagram until it is
// told to go (Forgotten), or its socket is closed. A message is one datagram, never cut. Loop thread only.
class DatagramLink final : public Link
{
public:
    // `address`: the sockaddr that is sent to; empty where the socket is connected. Where nothing can be sent (a Unix socket
    // without a name), whatever tells it from others. `isOwn`: the socket was made for it, and is closed with it.
    DatagramLink(NetContext &context, PeerId id, PeerInfo info, std::shared_ptr<DatagramPort> port, std::string address,
                 bool isOwn);
    ~DatagramLink() override = default; // it is Closed

    void send(std::span<const std::byte> bytes) override;
    void finishSending() override { } // no such thing
    void disconnect() override;       // what is queued goes out first
    void reset() override { abort(); }
    void abort() override;
    void endReceiving() override { }                      // the socket is everybody's
    void setReadingStopped(bool /*stopped*/) override { } // likewise
    bool hasRoomForRelayed(std::size_t bytes) const override;
    void setFaults(const Faults &faults) override;
    void setTraced(bool traced) override;
    void readOptions(const OptionsTold &told) override;
    void setOption(const OptionValue &value) override;
    bool keepsBorders() const noexcept override { return true; }
    int descriptor() const noexcept override;
    void updateInterest() override;
    // Where the socket is full of what others have not read, the notes have a b: PeerNotReading the bytes of SO_SNDBUF,
    // PeerReadingAgain 1.
    void sweep() override;
    ssize_t sendNow(std::span<const iovec> vectors) override;
    std::size_t sendMessages(std::span<const iovec> messages, std::vector<std::size_t> &failed) override;

    // ---- for DatagramPort
    const std::string &address() const noexcept { return m_address; }
    std::span<const std::byte> ancillary() const noexcept { return std::span(m_ancillary.bytes).first(m_ancillarySize); }
    // Answers go out from this address of ours: the one that it sent to last.
    void setLocal(const Endpoint &local);
    // A datagram of the peer's, in the open chunk of the outbox.
    void takeIn(const std::byte *data, std::uint32_t size);
    void sent(const Slice &message);
    void queueUp(const Slice &message, bool byPerson);
    void cannotSend(const Slice &message, int error);
    void sayError(int error, const std::string &text);
    std::uint64_t progress() const noexcept { return m_taken; }
    // Hands what waits to the kernel. False where that takes no more for now; `error` says why.
    bool flushQueue(int &error);
    void endWith(LeftReason reason, Error error = {});
    // What the port keeps at each of its peers, and nobody else looks at.
    struct Noted {
        TimePoint heard{}; // when it was heard last
        // Its place among those that were heard; the peer that the socket was made for has none.
        std::list<DatagramLink *>::iterator inOrder;
        DatagramShares::Share share; // of the socket's send buffer
        std::size_t queued = 0;      // what its queue costs, as it is counted in that of all
    };
    Noted &noted() noexcept { return m_noted; }

private:
    bool sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson) override;
    void queueChanged() override;
    std::size_t longest() const noexcept;
    bool flushFaulty(int &error);
    void flushSoon();
    void flushOrWait();
    void laneTook(std::size_t bytes);
    void sayDropped();

    struct alignas(std::size_t) ReplyFrom { // a cmsghdr and an in6_pktinfo
        std::array<std::byte, 40> bytes{};
    };
    std::shared_ptr<DatagramPort> m_port;
    Noted m_noted;
    std::string m_address;
    Endpoint m_local; // of m_ancillary
    ReplyFrom m_ancillary;
    std::size_t m_ancillarySize = 0;
    std::unique_ptr<FaultyLane> m_lane; // of one with faults on purpose
    EventLoop::TimerId m_dropTimer = 0; // until those that were dropped are told
    EventLoop::TimerId m_soonTimer = 0; // until what may go is handed over
    EventLoop::TimerId m_timer = 0;
    bool m_isOwn;
    bool m_disconnecting = false;
    bool m_isBehindOthers = false; // and that was said
    bool m_isToBeSent = false;     // the lane has said so of the first of the queue
};

} // namespace tincan

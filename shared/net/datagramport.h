// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/datagramlink.h"
#include "net/datagramreceiver.h"
#include "net/datagramshares.h"
#include "net/eventloop.h"
#include "net/optionstore.h"
#include "net/unixpath.h"

namespace tincan {

// One open datagram socket, and the peers that are heard and spoken to by it: of a listener, or of a client. Lives as long as
// one of these does. Loop thread only.
//
// Datagrams cannot be slowed. While the recorder is behind none is read; what the kernel then throws away (or, of Unix sockets,
// does not take from the sender) it counts, and that is said (DatagramsLost).
class DatagramPort final : public EventHandler, public std::enable_shared_from_this<DatagramPort>
{
public:
    // What the owner decides: whether another peer may come now, under which id, and what becomes of it.
    struct Owner {
        std::function<bool()> hasRoom;
        std::function<PeerId()> nextPeer;
        std::function<void(std::unique_ptr<Link>)> admit;
    };
    struct Socket {
        int fd = -1; // taken over
        Transport transport = Transport::Udp;
        ListenerId listener = kNoListener;
        Endpoint local;
        bool isConnected = false; // connect(2) was called: only one is heard
        OptionStore options;
        UnixPath path; // of a Unix socket; removed in the end
    };

    DatagramPort(NetContext &context, DatagramReceiver &receiver, Socket socket, Owner owner);
    ~DatagramPort() = default; // close() has been called

    // Options that every socket needs before bind(2): to be told of errors, of what is lost, of who sends, and to what address
    // of ours. `asksLocal`: bound to all addresses.
    static void prepare(TracedCalls &calls, int fd, Transport transport, int family, bool asksLocal, PeerId peer);

    // Watches it from now on. 0 or errno.
    int start();
    // All its peers leave, then it is closed. `peer`: in whose name.
    void close(PeerId peer);
    // The same for a client: with the peer that the socket was made for. Without being watched it is of no use, and leaves.
    void addOwn(PeerId peer, PeerInfo info);

    int descriptor() const noexcept { return m_socket.fd; }
    const Endpoint &local() const noexcept { return m_socket.local; }
    // The recorder is behind, or somebody waits.
    void updateInterest();
    // By the person.
    void setStopped(bool stopped);
    std::vector<OptionState> readOptions() const;
    bool setOption(const OptionValue &value, PeerId peer);
    // Each recvmmsg(2) and sendmmsg(2) with something of this peer's is recorded; of one at a time.
    void setTraced(DatagramLink &link, bool traced);

    void onEvents(std::uint32_t events) override;

    // ---- for its peers
    // A message of one whose queue is empty: sent now, or with others at the end of what was received at once.
    void gather(DatagramLink &link, const Slice &message, bool byPerson);
    void flushGathered();
    // How many of them the kernel took. Where not all: `error`, of the first that it did not take.
    std::size_t hand(DatagramLink &link, std::span<const iovec> messages, int &error);
    // It takes no more for now (EAGAIN …); otherwise the message cannot be sent.
    static bool isForNow(int error);
    void stalled(int error);
    bool isBlocked() const noexcept { return m_isBlocked; }
    // The size of the socket's send buffer where unread messages fill it, so that nothing can be sent to anybody; otherwise 0.
    // DatagramShares keeps a few who do not read from it: so there are many of them, or the kernel does not tell who it is.
    std::int64_t fullBuffer() const;
    // The queues of all together: whether an answer of so many bytes may wait in this one. There are more peers here than could
    // each have a whole Limits::sendQueue.
    bool hasRoomFor(const DatagramLink &link, std::size_t bytes) const noexcept;
    // Its queue has changed.
    void countQueue(DatagramLink &link) noexcept;
    // Its queue is to go out when the kernel takes more.
    void waitFor(DatagramLink &link);
    void forget(DatagramLink &link);

private:
    static constexpr int kSendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
    struct Outgoing {
        DatagramLink *link = nullptr;
        Slice message;
        bool byPerson = false;
    };
    // What one sendmmsg(2) is given.
    struct Call {
        std::array<mmsghdr, DatagramReceiver::kMost> headers{};
        std::array<iovec, DatagramReceiver::kMost> vectors{};
        std::array<DatagramLink *, DatagramReceiver::kMost> links{};
    };
    struct AddressHash {
        using is_transparent = void; // NOLINT(readability-identifier-naming): the library's
        std::size_t operator()(std::string_view address) const noexcept { return std::hash<std::string_view>{}(address); }
    };
    using Links = std::unordered_map<std::string, DatagramLink *, AddressHash, std::equal_to<>>;

    void receive();
    void take(std::span<const Datagram> datagrams);
    void takeOne(const Datagram &datagram, const ChunkRef &chunk);
    DatagramLink *senderOf(const Datagram &datagram) const;
    DatagramLink *linkFor(const Datagram &datagram, const Ancillary &ancillary);
    bool makeRoom();
    void heard(DatagramLink &link);
    std::size_t mostPeers() const noexcept;
    DatagramLink *addHeard(std::string address, bool isNameless, const Ancillary &ancillary);
    void traceReceived(std::span<const Datagram> datagrams, int error, std::int32_t nanoseconds);
    void traceSent(std::size_t first, std::size_t count, int taken, std::int32_t nanoseconds);
    void callFailed(int error);
    int readErrors();
    void sayError(DatagramLink *about, int error, const std::string &text);
    void countDropped(std::uint32_t all);
    void askDropped();
    void askDroppedSoon();
    void sayCounts();
    void sayCountsSoon();
    bool isReading() const noexcept;

    bool mayTake(DatagramLink &link, std::size_t size);
    void allHanded();
    void fillHeader(std::size_t at, DatagramLink &link, const iovec &vector);
    std::size_t call(std::size_t count, int &error);
    int callOnce(std::size_t done, std::size_t count);
    std::size_t sendRun(std::span<const Outgoing> messages);
    void flushWaiting();
    void retryLater();

    NetContext &m_context;
    DatagramReceiver &m_receiver;
    Socket m_socket;
    Owner m_owner;
    Links m_links;
    DatagramLink *m_own = nullptr;
    DatagramLink *m_last = nullptr; // who was heard last
    DatagramLink *m_traced = nullptr;
    std::list<DatagramLink *> m_order; // of the peers but m_own: who was heard last is the last
    std::vector<Outgoing> m_gathered;
    Call m_call;
    std::optional<DatagramShares> m_shares; // of a Unix socket with more than one peer
    std::unordered_set<DatagramLink *> m_waiting;
    EventLoop::TimerId m_retryTimer = 0;
    EventLoop::TimerId m_countTimer = 0;
    EventLoop::TimerId m_dropTimer = 0;
    TimePoint m_countsSaid{};
    std::chrono::milliseconds m_retryAfter{0};
    std::size_t m_queued = 0;      // what the queues of all cost
    std::int64_t m_turnedAway = 0; // datagrams of those for whom there was no room, since it was said
    std::int64_t m_lost = 0;       // likewise, by the kernel
    std::uint32_t m_dropped = 0;   // by the kernel, altogether
    std::uint32_t m_interest = 0;
    bool m_isBlocked = false; // the socket takes no more
    bool m_isBatching = false;
    bool m_isStopped = false;
    bool m_isReading = true;
    bool m_isClosing = false;
};

} // namespace tincan

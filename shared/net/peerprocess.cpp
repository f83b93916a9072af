// SPDX-License-Identifier: MIT
#include "net/peerprocess.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "net/childprocess.h"
#include "net/pairsink.h"
#include "net/peerhost.h"
#include "net/unixconnection.h"

namespace tincan {

namespace {

constexpr int kNotForPeople = 2; // as for a wrong command line
// What nobody waits for is told the engine with what else there is: each telling wakes it, and it has many such children.
constexpr std::chrono::milliseconds kTellInterval{16};
constexpr std::size_t kEventsPerTurn = 8; // of three descriptors
constexpr std::size_t kUsualFrame = 512;  // an order
constexpr int kFramesPerTurn = 16;

// Pages that cost nothing until something is put into them; on the heap, what comes behind would have a page of its own.
class FrameRoom
{
public:
    FrameRoom()
        : m_data(::mmap(nullptr, kMaxFrame, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    {
        if (m_data == MAP_FAILED) { // NOLINT: as the system has it
            throw std::bad_alloc();
        }
    }
    FrameRoom(const FrameRoom &) = delete;
    FrameRoom &operator=(const FrameRoom &) = delete;
    ~FrameRoom() { ::munmap(m_data, kMaxFrame); }
    std::byte *data() const noexcept { return static_cast<std::byte *>(m_data); }

private:
    void *m_data;
};

// The one peer of this process, and the way to the engine.
class PeerProcess final : private EventHandler, private Exchange
{
public:
    PeerProcess()
        : m_loop(kEventsPerTurn)
        , m_sink(m_loop, m_syscalls, kChildPair)
        , m_host(
              m_loop, m_syscalls, m_sink, [](Link & /*link*/) {}, OutboxSize::Small)
    {
        m_sink.setProgress([this] { return progress(); });
        m_host.outbox().setInterval(kTellInterval);
        m_host.context().exchange = this;
    }

    int run()
    {
        pollfd watched{kChildPair, POLLIN, 0};
        while (::poll(&watched, 1, -1) < 0 && errno == EINTR) { }
        const auto frame = nextFrame();
        WireReader reader(frame);
        if (reader.get<FrameKind>() != FrameKind::Setup || reader.get<std::uint32_t>() != kWireVersion) {
            return kNotForPeople;
        }
        m_peer = reader.get<PeerId>();
        const PeerInfo info = reader.info();
        const HostState state = reader.state();
        const OptionStore options = reader.asked();
        if (!reader.isSound() || m_loop.add(kChildPair, m_interest, this) != 0) {
            return kNotForPeople;
        }
        apply(m_host, state);
        m_host.admit(makeConnection(m_host.context(), m_peer, kChildSocket, info, options));
        m_loop.run([this] { return turnEnd(); });
        return 0;
    }

private:
    std::span<const std::byte> nextFrame()
    {
        std::array<iovec, 2> vectors{
            {{m_usual.data(), m_usual.size()}, {m_frame.data() + m_usual.size(), kMaxFrame - m_usual.size()}}};
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = vectors.size();
        ssize_t count = 0;
        do {
            count = ::recvmsg(kChildPair, &message, MSG_DONTWAIT);
        } while (count < 0 && errno == EINTR);
        m_engineHasGone = m_engineHasGone || count == 0 || (count < 0 && errno != EAGAIN);
        const auto size = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        if (size <= m_usual.size()) {
            return std::span(m_usual).first(size);
        }
        std::copy(m_usual.begin(), m_usual.end(), m_frame.data());
        return {m_frame.data(), size};
    }

    void onEvents(std::uint32_t events) override
    {
        if ((events & EPOLLOUT) != 0) {
            m_sink.flush();
        }
        if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
            int left = kFramesPerTurn; // what is done is told at the end of the turn
            for (auto frame = nextFrame(); !frame.empty(); frame = nextFrame()) {
                obey(frame);
                if (--left == 0) {
                    break;
                }
            }
            pollfd pair{kChildPair, POLLIN, 0};
            m_isToHush = m_isToHush && left == 0 && ::poll(&pair, 1, 0) == 1;
        }
    }

    void obey(std::span<const std::byte> frame)
    {
        WireReader reader(frame);
        const auto kind = reader.get<FrameKind>();
        if (kind == FrameKind::Relayed) {
            relayed(reader);
        } else if (kind == FrameKind::Order) {
            bool more = false;
            std::uint32_t number = 0;
            Command command = reader.command(more, number);
            if (more || !m_begun.empty()) { // the pieces of a message
                m_begun.insert(m_begun.end(), command.bytes.begin(), command.bytes.end());
                if (more) {
                    return;
                }
                command.bytes = std::exchange(m_begun, {});
            }
            command.peer = m_peer;
            command.peers = {m_peer};
            command.drained = [this, number] { m_sink.sayDrained(number); };
            command.optionsTold = [this, number](const std::vector<OptionState> &states) { m_sink.sayOptions(number, states); };
            executeOrder(command);
        }
    }

    void executeOrder(const Command &command)
    {
        const Link *before = m_host.find(m_peer);
        const std::uint32_t pushed = before ? before->queue().pushedByPerson() : 0;
        execute(m_host, command);
        if (command.kind != Command::Kind::Send && command.kind != Command::Kind::Note) {
            return;
        }
        ++m_handled;
        const Link *link = m_host.find(m_peer);
        m_unsettled.push_back({link ? link->queue().pushedByPerson() : 0, command.bytes.size()});
        const bool othersWait = link && link->queue().doneByPerson() != pushed;
        if (command.kind == Command::Kind::Send && othersWait && m_unsettled.back().pushed == pushed) {
            m_early.push_back(m_handled);
        }
    }

    // How far the orders are.
    Progress progress()
    {
        const Link *link = m_host.find(m_peer);
        if (!link) {
            m_unsettled.clear();
        } else {
            const std::uint32_t done = link->queue().doneByPerson();
            const auto waits = [done](const Unsettled &order) { return order.pushed > done; };
            m_unsettled.erase(m_unsettled.begin(), std::find_if(m_unsettled.begin(), m_unsettled.end(), waits));
        }
        m_told = m_handled;
        return {.handled = m_handled,
                .settled = m_handled - static_cast<std::uint32_t>(m_unsettled.size()),
                .settledBytes = settledBytes(link),
                .waiting = link ? link->queued() : 0,
                .waitingMessages = link ? link->queue().messages() : 0,
                .early = std::exchange(m_early, {})};
    }

    // A stream's message is sent in payloads; the last of them are those that wait.
    std::uint64_t settledBytes(const Link *link) const
    {
        if (!link || link->keepsBorders() || m_unsettled.empty()) {
            return 0;
        }
        const Unsettled &first = m_unsettled.front();
        const std::size_t waiting = first.pushed - link->queue().doneByPerson();
        const std::size_t payloads = (first.size + kMaxPayload - 1) / kMaxPayload;
        return payloads > waiting ? (payloads - waiting) * kMaxPayload : 0;
    }

    // A long message of the person's is put together first: it goes out whole or not at all.
    void relayed(WireReader &reader)
    {
        const auto flags = reader.get<std::uint8_t>();
        m_isToHush = (flags & kHush) != 0;
        std::vector<RelayedHead> heads;
        for (auto left = reader.get<std::uint32_t>(); left > 0 && reader.isSound(); --left) {
            heads.push_back(reader.get<RelayedHead>());
        }
        for (const RelayedHead &head : heads) {
            const auto bytes = reader.take(head.size);
            if (!reader.isSound() || bytes.size() > kMaxMessage) {
                return;
            }
            const std::byte *copy = m_host.outbox().copy(bytes);
            m_relayed.items.push_back({head.from, static_cast<Audience>(head.audience), m_host.outbox().slice(copy, head.size)});
        }
        if ((flags & kGoesOn) == 0) {
            m_host.deliver(std::exchange(m_relayed, {}));
        }
    }

    TimePoint turnEnd()
    {
        TimePoint due = m_host.turnEnd();
        if (m_engineHasGone || m_sink.isBroken()) {
            m_host.forEach([](Link &link) { link.abort(); });
            m_loop.stop();
            return due;
        }
        if (m_host.isEmpty() || m_hasSaid || m_told != m_handled) { // somebody waits for it
            m_hasSaid = false;
            m_host.outbox().publish();
            m_sink.sayProgress();
            due = TimePoint::max();
        }
        if (m_host.isEmpty()) {
            if (m_sink.isEmpty()) {
                m_loop.stop();
            }
        }
        m_host.setReadingPaused(m_sink.isCongested() || m_isToHush);
        const auto interest = static_cast<std::uint32_t>(m_sink.isFull() ? 0U : EPOLLIN)
            | static_cast<std::uint32_t>(m_sink.wantsRoom() ? EPOLLOUT : 0U);
        if (interest != m_interest) {
            m_interest = interest;
            m_loop.modify(kChildPair, interest, this);
        }
        return due;
    }

    // What the peer says is relayed by the engine, which hears of it in any case.
    bool hasOthers() const override { return true; }
    bool reachesOthers() const override { return false; }
    bool relay(Link & /*sender*/, std::span<const std::byte> /*message*/) override
    {
        m_hasSaid = true;
        return true;
    }
    void distribute(RelayedRef /*relayed*/) override { }
    void refuseTooLong(std::span<const std::byte> /*bytes*/) override { } // likewise
    void missTooLong(PeerId /*from*/, std::size_t /*size*/) override { }
    void leftRoom(PeerId /*peer*/) override { }

    struct Unsettled {
        std::uint32_t pushed; // messages of the person's that must have gone
        std::size_t size;
    };

    RealSyscalls m_syscalls;
    EventLoop m_loop;
    PairSink m_sink;
    PeerHost m_host;
    std::array<std::byte, kUsualFrame> m_usual{}; // where a frame begins
    FrameRoom m_frame;                            // where a longer one is put together
    std::vector<std::byte> m_begun;               // of a message that goes on in the next frame
    Relayed m_relayed;                            // likewise
    std::vector<Unsettled> m_unsettled;           // orders, in their order
    std::vector<std::uint32_t> m_early;           // see Progress
    std::uint32_t m_handled = 0;                  // orders
    std::uint32_t m_told = 0;                     // … of which the engine knows
    PeerId m_peer = kNoPeer;
    std::uint32_t m_interest = EPOLLIN;
    bool m_engineHasGone = false;
    bool m_hasSaid = false;  // something that is to be relayed
    bool m_isToHush = false; // until what others say is read
};

bool isSocket(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

} // namespace

bool isPeerProcess(int argc, char **argv)
{
    return argc == 2 && std::strcmp(argv[1], "--serve-peer") == 0;
}

int runPeerProcess()
{
    if (!isSocket(kChildSocket) || !isSocket(kChildPair)) {
        return kNotForPeople;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // beside the end of the pair, should that not be read
    std::signal(SIGPIPE, SIG_IGN);
    return PeerProcess().run();
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// Of net/datagramport.h: the socket, and what is received. Who sends: datagramsenders.cpp. What is sent: datagramsending.cpp.
#include "net/datagramport.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/epoll.h>

#include "net/datagramerrors.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr int kCallsPerTurn = 4;
constexpr int kErrorsPerTurn = 64;
constexpr auto kSayAgain = 1s;

} // namespace

DatagramPort::DatagramPort(NetContext &context, DatagramReceiver &receiver, Socket socket, Owner owner)
    : m_context(context)
    , m_receiver(receiver)
    , m_socket(std::move(socket))
    , m_owner(std::move(owner))
{
    if (isUnix(m_socket.transport) && !m_socket.isConnected) {
        m_shares.emplace(m_context.calls.raw(), m_socket.fd);
    }
}

// Each is a help, none a condition: one that the kernel does not know stands in the call log.
void DatagramPort::prepare(TracedCalls &calls, int fd, Transport transport, int family, bool asksLocal, PeerId peer)
{
    if (isUnix(transport)) {
        calls.setOption(fd, SOL_SOCKET, SO_PASSCRED, 1, peer);
        return;
    }
    calls.setOption(fd, SOL_SOCKET, SO_RXQ_OVFL, 1, peer);
    // A dual-stack socket is both.
    calls.setOption(fd, IPPROTO_IP, IP_RECVERR, 1, peer);
    if (asksLocal) {
        calls.setOption(fd, IPPROTO_IP, IP_PKTINFO, 1, peer);
    }
    if (family == AF_INET6) {
        calls.setOption(fd, IPPROTO_IPV6, IPV6_RECVERR, 1, peer);
        if (asksLocal) {
            calls.setOption(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, peer);
        }
    }
}

int DatagramPort::start()
{
    m_isReading = isReading();
    m_interest = m_isReading ? static_cast<std::uint32_t>(EPOLLIN) : 0;
    return m_context.loop.add(m_socket.fd, m_interest, this);
}

void DatagramPort::addOwn(PeerId peer, PeerInfo info)
{
    std::string address;
    if (!m_socket.isConnected) {
        sockaddr_storage storage{};
        const socklen_t size = info.remote.toSockaddr(storage, m_socket.local.family() == Endpoint::Family::IPv6);
        if (auto *v6 = reinterpret_cast<sockaddr_in6 *>(&storage);
            storage.ss_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) && !IN6_IS_ADDR_MULTICAST(&v6->sin6_addr)) {
            v6->sin6_scope_id = 0; // as it comes with what it sends, whatever the person wrote behind the %
        }
        address.assign(reinterpret_cast<const char *>(&storage), size);
    }
    auto link = std::make_unique<DatagramLink>(m_context, peer, std::move(info), shared_from_this(), address, true);
    m_own = link.get();
    if (!address.empty()) {
        m_links.emplace(std::move(address), m_own);
    }
    m_owner.admit(std::move(link));
    if (const int error = start(); error != 0) {
        sayError(m_own, error, {});
        m_own->abort();
    }
}

void DatagramPort::close(PeerId peer)
{
    if (m_isClosing || m_socket.fd < 0) {
        return;
    }
    flushGathered();
    flushWaiting();
    m_isClosing = true;
    std::vector<DatagramLink *> links;
    for (const auto &[address, link] : m_links) {
        links.push_back(link);
    }
    std::sort(links.begin(), links.end(), [](const Link *a, const Link *b) { return a->id() < b->id(); });
    for (DatagramLink *link : links) {
        link->abort();
    }
    askDropped();
    m_context.loop.cancel(m_retryTimer);
    m_context.loop.cancel(m_countTimer);
    m_context.loop.cancel(m_dropTimer);
    sayCounts();
    m_context.loop.remove(m_socket.fd);
    m_socket.path.remove(m_context.calls, peer);
    m_context.calls.close(std::exchange(m_socket.fd, -1), peer);
}

bool DatagramPort::isReading() const noexcept
{
    return !m_context.readingPaused && !m_isStopped;
}

void DatagramPort::updateInterest()
{
    if (m_socket.fd < 0) {
        return;
    }
    if (const bool reading = isReading(); std::exchange(m_isReading, reading) != reading && reading) {
        askDropped();
    }
    const bool waits = m_isBlocked && !m_waiting.empty() && m_retryTimer == 0;
    const std::uint32_t wanted
        = (m_isReading ? static_cast<std::uint32_t>(EPOLLIN) : 0U) | (waits ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
    if (std::exchange(m_interest, wanted) != wanted) {
        m_context.loop.modify(m_socket.fd, wanted, this);
    }
}

void DatagramPort::setStopped(bool stopped)
{
    m_isStopped = stopped;
    updateInterest();
}

std::vector<OptionState> DatagramPort::readOptions() const
{
    Syscalls &sys = m_context.calls.raw();
    return m_socket.options.read(sys, m_socket.fd, m_socket.transport, OptionStore::familyOf(sys, m_socket.fd), true);
}

bool DatagramPort::setOption(const OptionValue &value, PeerId peer)
{
    const int family = OptionStore::familyOf(m_context.calls.raw(), m_socket.fd);
    return m_socket.options.set(m_context.calls, m_socket.fd, m_socket.transport, family, true, value, peer) == 0;
}

void DatagramPort::onEvents(std::uint32_t events)
{
    if (m_socket.fd >= 0 && (events & EPOLLERR) != 0 && readErrors() == 0) {
        int error = 0;
        socklen_t size = sizeof error;
        if (m_context.calls.raw().getsockopt(m_socket.fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
            sayError(m_own, error, {});
        }
    }
    if (m_socket.fd >= 0 && (events & (EPOLLIN | EPOLLHUP)) != 0 && m_isReading) {
        receive();
    }
    if (m_socket.fd >= 0 && (events & EPOLLOUT) != 0) {
        flushWaiting();
    }
}

void DatagramPort::receive()
{
    for (int i = 0; i < kCallsPerTurn && m_socket.fd >= 0 && m_isReading; ++i) {
        int error = 0;
        std::int32_t took = 0;
        const std::span<const Datagram> datagrams = m_receiver.receive(m_context.calls.raw(), m_socket.fd, m_socket.transport,
                                                                       m_context.outbox, error, m_traced ? &took : nullptr);
        if (m_traced) {
            traceReceived(datagrams, error, took);
        }
        if (!datagrams.empty()) {
            take(datagrams);
            askDroppedSoon();
        } else if (error != EAGAIN) {
            callFailed(error);
        }
        if (datagrams.empty() || !m_receiver.wasFull()) {
            return;
        }
    }
}

// What recv(2) fails with is mostly what came by ICMP; then the queue says more.
void DatagramPort::callFailed(int error)
{
    if (readErrors() == 0) {
        sayError(m_own, error, {});
    }
}

void DatagramPort::take(std::span<const Datagram> datagrams)
{
    const ChunkRef chunk = m_context.outbox.slice(nullptr, 0).chunk; // kept, whatever is written behind it
    m_isBatching = true;
    for (const Datagram &datagram : datagrams) {
        if (m_socket.fd >= 0 && !m_isClosing) {
            takeOne(datagram, chunk);
        }
    }
    m_isBatching = false;
    flushGathered();
}

void DatagramPort::takeOne(const Datagram &datagram, const ChunkRef &chunk)
{
    const Ancillary ancillary = datagram.header->msg_controllen > 0 ? readAncillary(*datagram.header) : Ancillary{};
    if (ancillary.dropped) {
        countDropped(*ancillary.dropped);
    }
    DatagramLink *link = linkFor(datagram, ancillary);
    if (!link) {
        ++m_turnedAway;
        sayCountsSoon();
        return;
    }
    heard(*link);
    if (!ancillary.local.isEmpty()) {
        link->setLocal(ancillary.local);
    }
    if (datagram.whole > datagram.size) {
        m_context.outbox.add(RecordKind::Note, link->id(), NoteInfo{NoteCode::MessageCut, datagram.whole, datagram.size, {}});
    }
    const bool isThere = datagram.isInChunk && m_context.outbox.isOpen(chunk);
    link->takeIn(isThere ? datagram.data : m_context.outbox.copy({datagram.data, datagram.size}), datagram.size);
}

int DatagramPort::readErrors()
{
    int count = 0;
    while (!isUnix(m_socket.transport) && count < kErrorsPerTurn) {
        const std::optional<NetworkFailure> failure = readNetworkFailure(m_context.calls.raw(), m_socket.fd);
        if (!failure) {
            break;
        }
        ++count;
        const auto found = m_links.find(failure->destination);
        Endpoint offender = failure->offender;
        offender.setPort(0);
        sayError(found != m_links.end() ? found->second : m_own, failure->error,
                 offender.isEmpty() ? std::string() : offender.addressText());
    }
    return count;
}

void DatagramPort::sayError(DatagramLink *about, int error, const std::string &text)
{
    const PeerId peer = about ? about->id() : kNoPeer;
    m_context.outbox.add(RecordKind::Note, peer, NoteInfo{NoteCode::NetworkError, 0, error, text});
}

// An older count may come after a newer one.
void DatagramPort::countDropped(std::uint32_t all)
{
    const auto more = static_cast<std::int32_t>(all - m_dropped);
    if (more > 0) {
        m_dropped = all;
        m_lost += more;
        sayCountsSoon();
    }
}

// What is thrown away while nothing is received is told by no datagram.
void DatagramPort::askDropped()
{
    std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
    socklen_t size = sizeof memory;
    if (!isUnix(m_socket.transport)
        && m_context.calls.raw().getsockopt(m_socket.fd, SOL_SOCKET, SO_MEMINFO, memory.data(), &size) == 0
        && size > SK_MEMINFO_DROPS * sizeof(std::uint32_t)) {
        countDropped(memory[SK_MEMINFO_DROPS]);
    }
}

// A datagram tells what was thrown away before it came; of those behind the last there is none.
void DatagramPort::askDroppedSoon()
{
    if (m_dropTimer == 0 && m_socket.fd >= 0 && !m_isClosing && !isUnix(m_socket.transport)) {
        m_dropTimer = m_context.loop.runAt(m_context.loop.now() + kSayAgain, [this] {
            m_dropTimer = 0;
            askDropped();
        });
    }
}

void DatagramPort::sayCountsSoon()
{
    if (m_isClosing || m_countTimer != 0) {
        return;
    }
    const TimePoint now = m_context.loop.now();
    if (now - m_countsSaid >= kSayAgain) {
        sayCounts();
        return;
    }
    m_countTimer = m_context.loop.runAt(m_countsSaid + kSayAgain, [this] {
        m_countTimer = 0;
        askDropped();
        sayCounts();
    });
}

void DatagramPort::sayCounts()
{
    m_countsSaid = m_context.loop.now();
    if (const std::int64_t lost = std::exchange(m_lost, 0); lost > 0) {
        m_context.outbox.add(RecordKind::Note, m_own ? m_own->id() : kNoPeer, NoteInfo{NoteCode::DatagramsLost, lost, 0, {}});
    }
    if (const std::int64_t turnedAway = std::exchange(m_turnedAway, 0); turnedAway > 0) {
        const auto most = static_cast<std::int64_t>(mostPeers());
        m_context.outbox.add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::PeerLimitReached, most, turnedAway, {}});
    }
}

} // namespace tincan

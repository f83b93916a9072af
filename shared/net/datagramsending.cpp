// SPDX-License-Identifier: MIT
// Of net/datagramport.h: what is sent.
#include <algorithm>
#include <cerrno>
#include <utility>

#include <netinet/in.h>

#include "net/datagramport.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

// A call may fail with what ICMP told of an earlier datagram, perhaps another peer's (and its own place in the error queue may
// have been refused, for that shares SO_RCVBUF with what is received). It is tried again so often.
constexpr int kTries = 2;
// Of a port's peers so many may have a queue as long as any may be. When all that is taken, each may have this part of one.
constexpr std::size_t kWholeQueues = 8;
constexpr std::size_t kAlways = 256;
constexpr std::chrono::milliseconds kFirstRetry = 2ms;
constexpr std::chrono::milliseconds kLongestRetry = 100ms;

} // namespace

bool DatagramPort::isForNow(int error)
{
    return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

void DatagramPort::gather(DatagramLink &link, const Slice &message, bool byPerson)
{
    if (m_isBlocked) {
        link.queueUp(message, byPerson);
        return;
    }
    m_gathered.push_back({&link, message, byPerson});
    if (!m_isBatching) {
        flushGathered();
    }
}

void DatagramPort::flushGathered()
{
    if (m_gathered.empty()) {
        return;
    }
    std::vector<Outgoing> messages;
    messages.swap(m_gathered);
    std::size_t at = 0;
    while (at < messages.size()) {
        const Outgoing &next = messages[at];
        const bool isFree = !m_isBlocked && next.link->queueIsEmpty();
        if (!isFree || !mayTake(*next.link, next.message.size)) {
            next.link->queueUp(next.message, next.byPerson);
            if (isFree) {
                stalled(EAGAIN);
            }
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < messages.size() && end - at < DatagramReceiver::kMost && messages[end].link->queueIsEmpty()
               && mayTake(*messages[end].link, messages[end].message.size)) {
            ++end;
        }
        at += sendRun(std::span(messages).subspan(at, end - at));
    }
    messages.clear();
    if (m_gathered.empty()) {
        m_gathered.swap(messages); // keeps the memory
    }
}

// How many of them are dealt with.
std::size_t DatagramPort::sendRun(std::span<const Outgoing> messages)
{
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Slice &message = messages[i].message;
        fillHeader(i, *messages[i].link, {const_cast<std::byte *>(message.data), message.size}); // NOLINT: only read
    }
    int error = 0;
    const std::size_t taken = call(messages.size(), error);
    allHanded();
    for (const Outgoing &sent : messages.first(taken)) {
        sent.link->sent(sent.message);
    }
    if (error == 0) {
        return taken;
    }
    const Outgoing &failed = messages[taken];
    if (isForNow(error)) {
        stalled(error);
        failed.link->queueUp(failed.message, failed.byPerson);
    } else {
        failed.link->cannotSend(failed.message, error);
    }
    return taken + 1;
}

std::size_t DatagramPort::hand(DatagramLink &link, std::span<const iovec> messages, int &error)
{
    error = 0;
    std::size_t done = 0;
    while (done < messages.size() && error == 0) {
        const std::size_t most = std::min(messages.size() - done, DatagramReceiver::kMost);
        std::size_t count = 0;
        while (count < most && mayTake(link, messages[done + count].iov_len)) {
            fillHeader(count, link, messages[done + count]);
            ++count;
        }
        done += call(count, error);
        allHanded();
        if (count == 0) {
            error = EAGAIN; // as if its queue were full
        }
    }
    return done;
}

bool DatagramPort::mayTake(DatagramLink &link, std::size_t size)
{
    return !m_shares || m_shares->mayTake(link.noted().share, link.address(), size, m_context.loop.now());
}

void DatagramPort::allHanded()
{
    if (m_shares) {
        m_shares->handed();
    }
}

void DatagramPort::fillHeader(std::size_t at, DatagramLink &link, const iovec &vector)
{
    m_call.links[at] = &link;
    m_call.vectors[at] = vector;
    msghdr &header = m_call.headers[at].msg_hdr;
    header = {};
    const bool isNamed = !m_socket.isConnected;
    header.msg_name = isNamed ? const_cast<char *>(link.address().data()) : nullptr; // NOLINT: only read
    header.msg_namelen = isNamed ? static_cast<socklen_t>(link.address().size()) : 0;
    header.msg_iov = &m_call.vectors[at];
    header.msg_iovlen = 1;
    if (const std::span<const std::byte> ancillary = link.ancillary(); !ancillary.empty()) {
        header.msg_control = const_cast<std::byte *>(ancillary.data()); // NOLINT: only read
        header.msg_controllen = ancillary.size();
    }
}

// Hands the first `count` headers to the kernel; how many it took. sendmmsg(2) tells an error only of the first message.
std::size_t DatagramPort::call(std::size_t count, int &error)
{
    const bool mayBeOld = m_socket.isConnected || !isUnix(m_socket.transport);
    std::size_t done = 0;
    int tries = 0;
    int untold = 0; // an error that stood in no error queue
    while (done < count) {
        const int taken = callOnce(done, count);
        error = taken < 0 ? errno : EAGAIN;
        if (taken < 0 && error == EINTR) {
            continue;
        }
        if (taken > 0 || isForNow(error) || error == EMSGSIZE) {
            if (const int old = std::exchange(untold, 0); old != 0) {
                sayError(m_own, old, {}); // about none of these, but a message before
            }
            if (taken <= 0) {
                return done;
            }
            done += static_cast<std::size_t>(taken);
            tries = 0;
            continue;
        }
        untold = readErrors() > 0 ? 0 : error;
        if (!mayBeOld || ++tries > kTries) {
            if (untold != 0) {
                sayError(m_call.links[done], error, {});
            }
            return done;
        }
    }
    error = 0;
    return done;
}

int DatagramPort::callOnce(std::size_t done, std::size_t count)
{
    const TimePoint begin = m_traced ? Clock::now() : TimePoint();
    const int taken = m_context.calls.raw().sendmmsg(m_socket.fd, m_call.headers.data() + done,
                                                     static_cast<unsigned>(count - done), kSendFlags);
    if (m_traced) {
        const int error = errno;
        traceSent(done, count, taken, nanosecondsSince(begin));
        errno = error;
    }
    return taken;
}

// epoll(7) tells when there is room in the socket's own buffer. Nobody tells when there is in that of another Unix socket (but
// for the one that it is connected to), or memory.
void DatagramPort::stalled(int error)
{
    const bool isTold = error == EAGAIN && (m_socket.isConnected || !isUnix(m_socket.transport));
    m_isBlocked = m_isBlocked || isTold || error != EAGAIN;
    if (!isTold) {
        retryLater();
    }
    updateInterest();
}

std::int64_t DatagramPort::fullBuffer() const
{
    if (!isUnix(m_socket.transport) || m_socket.isConnected) {
        return 0;
    }
    int unread = 0;
    int size = 0;
    socklen_t length = sizeof size;
    Syscalls &calls = m_context.calls.raw();
    const bool isKnown = calls.outputQueue(m_socket.fd, &unread) == 0
        && calls.getsockopt(m_socket.fd, SOL_SOCKET, SO_SNDBUF, &size, &length) == 0;
    return isKnown && unread >= size ? size : 0;
}

bool DatagramPort::hasRoomFor(const DatagramLink &link, std::size_t bytes) const noexcept
{
    const std::size_t most = m_context.limits.sendQueue;
    return m_queued + bytes <= most * kWholeQueues || link.queue().cost() + bytes <= most / kAlways;
}

void DatagramPort::countQueue(DatagramLink &link) noexcept
{
    const std::size_t cost = link.queue().cost();
    m_queued = m_queued - std::exchange(link.noted().queued, cost) + cost;
}

void DatagramPort::waitFor(DatagramLink &link)
{
    if (m_waiting.insert(&link).second) {
        updateInterest();
    }
}

void DatagramPort::retryLater()
{
    if (m_retryTimer == 0) {
        m_retryAfter = std::clamp(m_retryAfter * 2, kFirstRetry, kLongestRetry);
        m_retryTimer = m_context.loop.runAt(m_context.loop.now() + m_retryAfter, [this] {
            m_retryTimer = 0;
            flushWaiting();
        });
    }
}

void DatagramPort::flushWaiting()
{
    m_isBlocked = false;
    bool isMoving = m_waiting.empty();
    const std::vector<DatagramLink *> waiting(m_waiting.begin(), m_waiting.end());
    for (DatagramLink *link : waiting) {
        if (!m_waiting.contains(link) || m_isBlocked) {
            continue;
        }
        int error = 0;
        const std::uint64_t before = link->progress();
        const bool isEmpty = link->flushQueue(error);
        isMoving = isMoving || isEmpty || link->progress() != before;
        if (m_socket.fd < 0) {
            return; // it was the last word of the one that the socket belongs to
        }
        if (isEmpty) {
            m_waiting.erase(link);
        } else {
            stalled(error);
        }
    }
    if (isMoving) {
        m_retryAfter = 0ms;
    } else if (!m_waiting.empty()) {
        retryLater(); // or a socket that says it is ready, and is not, would keep us busy
    }
    updateInterest();
}

} // namespace tincan

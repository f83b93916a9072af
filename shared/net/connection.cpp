// SPDX-License-Identifier: MIT
#include "net/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/room.h"

namespace tincan {

namespace {

constexpr std::size_t kVectorsPerCall = 64;
// A disconnect that takes longer than this says what it waits for.
constexpr std::chrono::milliseconds kQuietWait{300};

} // namespace

Connection::Connection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options)
    : Link(context, id, info)
    , m_options(std::move(options))
    , m_fd(fd)
    , m_transport(info.transport)
{
    m_interest = context.readingPaused ? 0 : static_cast<std::uint32_t>(EPOLLIN);
    if (const int error = context.loop.add(fd, m_interest, this); error != 0) {
        failed(error, CallName::Epoll);
    }
}

void Connection::onEvents(std::uint32_t events)
{
    if (m_state == State::Closed) {
        return; // closed by an earlier event of this turn
    }
    if ((events & EPOLLERR) != 0 && readStamps()) {
        events &= ~static_cast<std::uint32_t>(EPOLLERR); // it meant those; an error beside them is told again
    }
    const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0; // always reported, so it must be dealt with
    if ((events & EPOLLIN) != 0 || broken) {
        if (!m_gotFin && !readOnce()) {
            return;
        }
        if (broken && m_gotFin) {
            if (const int error = m_context.calls.pendingError(m_fd, m_id); error != 0) {
                failed(error, CallName::Recv);
                return;
            }
            if (m_queue.isEmpty()) {
                close(m_receivingEnded ? LeftReason::DisconnectedByUs : LeftReason::BothFinished);
                return;
            }
            if (m_lane) { // nobody is there any more for whom something could be held back: it is to fail now
                m_lane.reset();
                flush();
                return;
            }
        }
    }
    if ((events & EPOLLOUT) != 0) {
        flush();
    }
}

// False where the connection is over.
bool Connection::readOnce()
{
    const std::span<std::byte> room = m_context.outbox.roomToRead();
    const std::size_t size = std::min<std::size_t>(room.size(), kMaxPayload);
    ssize_t count = 0;
    do {
        count = receive(room.first(size));
    } while (count < 0 && errno == EINTR);
    if (count > 0) {
        const std::byte *data = m_context.outbox.commit(static_cast<std::size_t>(count));
        received(data, static_cast<std::uint32_t>(count));
    } else if (count == 0) {
        noteUntraced(CallName::Recv, size, 0, 0);
        m_receivingEnded ? readToEnd() : peerFinished();
    } else if (const int error = errno; error != EAGAIN) {
        noteUntraced(CallName::Recv, size, -1, error);
        failed(error, CallName::Recv);
    }
    return m_state != State::Closed;
}

void Connection::peerFinished()
{
    m_gotFin = true;
    m_context.outbox.add(RecordKind::PeerFinished, m_id);
    if (m_state == State::Finishing) {
        close(LeftReason::BothFinished);
        return;
    }
    m_state = State::PeerFinished;
    const AnswerOptions &answer = m_context.answer;
    const bool answers = answer.mode == AnswerMode::Echo || answer.mode == AnswerMode::Ok;
    if (answer.afterFin == AfterFin::Finish || (answer.afterFin == AfterFin::Automatic && answers)) {
        finishSending();
    }
    if (m_state != State::Closed) {
        updateInterest();
    }
}

ssize_t Connection::sendNow(std::span<const iovec> vectors)
{
    return m_lane && m_lane->holds() ? 0 : handOver(vectors); // by way of the queue, from which flush() takes what may go
}

ssize_t Connection::handOver(std::span<const iovec> vectors)
{
    ssize_t count = 0;
    do {
        count = m_dataTraced ? tracedSend(vectors) : sendOnce(vectors);
    } while (count < 0 && errno == EINTR);
    if (count >= 0) {
        handedOver(static_cast<std::size_t>(count));
        return count;
    }
    const int error = errno;
    if (isNotNow(error)) {
        return 0;
    }
    noteUntraced(CallName::Send, vectors.front().iov_len, -1, error);
    failed(error, CallName::Send);
    return -1;
}

// Whether what send(2) failed with is a matter of time. Where memory is missing, epoll(7) says all the while that there is room:
// so a timer tells when to try again.
bool Connection::isNotNow(int error)
{
    const bool noMemory = error == ENOBUFS || error == ENOMEM;
    if (noMemory && m_memoryTimer == 0) {
        m_memoryTimer = m_context.loop.runAt(m_context.loop.now() + kMemoryRetry, [this] {
            m_memoryTimer = 0;
            flush();
        });
    }
    return noMemory || error == EAGAIN;
}

void Connection::send(std::span<const std::byte> bytes)
{
    m_context.room.flush(); // what was gathered before comes before
    if (!canSend()) {
        refuse(bytes, m_state == State::Closed ? RefusedReason::NotConnected : RefusedReason::SendingFinished);
        return;
    }
    if (!hasRoomFor(bytes.size())) {
        refuse(bytes, RefusedReason::QueueFull);
        return;
    }
    while (!bytes.empty() && m_state != State::Closed) {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), kMaxPayload));
        if (!sendOrQueue(m_context.outbox.copy(part), static_cast<std::uint32_t>(part.size()), true)) {
            break;
        }
        bytes = bytes.subspan(part.size());
    }
    if (!bytes.empty()) {
        refuse(bytes, RefusedReason::NotConnected);
    }
}

void Connection::flush()
{
    std::array<iovec, kVectorsPerCall> vectors; // NOLINT: filled by SendQueue
    std::size_t count = m_queue.fill(vectors);
    if (m_lane) {
        count = m_lane->limit(std::span(vectors).first(count));
    }
    if (count > 0) {
        const std::size_t before = m_queue.messages();
        const ssize_t taken = handOver(std::span(vectors).first(count));
        if (taken < 0) {
            return;
        }
        m_taken += static_cast<std::uint64_t>(taken);
        m_queue.take(static_cast<std::size_t>(taken), [this](const Slice &whole) { recordSent(whole); });
        if (!laneTook(before - m_queue.messages(), static_cast<std::size_t>(taken))) {
            return;
        }
    }
    queueChanged();
}

void Connection::queueChanged()
{
    tellLane();
    sayQueued();
    const std::size_t waiting = m_queue.cost();
    if (waiting > m_context.limits.echoPause && m_context.answer.mode != AnswerMode::Manual
        && m_context.answer.mode != AnswerMode::Relay) {
        m_answerPaused = true;
    } else if (waiting <= m_context.limits.echoPause / 2) {
        m_answerPaused = false;
        sayDrained();
        if (m_state == State::Closed) { // by who heard it
            return;
        }
    }
    if (m_queue.isEmpty()) {
        sayReadingAgain();
        if (m_finishAsked && m_state != State::Finishing) {
            sendFin();
            if (m_state == State::Closed) {
                return;
            }
        }
    } else {
        m_context.queueFilled(*this);
    }
    updateInterest();
}

void Connection::updateInterest()
{
    if (m_state == State::Closed) {
        return;
    }
    std::uint32_t wanted = 0;
    const bool isHeld = (m_answerPaused || m_readingStopped) && !m_disconnecting;
    if (!m_gotFin && !m_context.readingPaused && !isHeld) {
        wanted |= static_cast<std::uint32_t>(EPOLLIN);
    }
    if (!m_queue.isEmpty() && m_memoryTimer == 0 && (!m_lane || m_lane->isReady())) {
        wanted |= static_cast<std::uint32_t>(EPOLLOUT);
    }
    if (wanted != m_interest) {
        m_interest = wanted;
        if (const int error = m_context.loop.modify(m_fd, wanted, this); error != 0) {
            failed(error, CallName::Epoll);
            return;
        }
    }
    sayDrained();
}

void Connection::finishSending()
{
    if (m_finishAsked || m_state == State::Closed) {
        return;
    }
    m_context.room.flush();
    if (m_state == State::Closed) {
        return;
    }
    m_finishAsked = true;
    if (m_queue.isEmpty()) {
        sendFin();
    }
}

void Connection::sendFin()
{
    if (m_bothAsked) {
        endBoth();
        return;
    }
    if (waitsForArrival()) {
        return;
    }
    if (m_context.calls.shutdown(m_fd, SHUT_WR, m_id) < 0) {
        int error = errno;
        if (error == ENOTCONN) { // the peer's RST has come: why is what it left behind
            error = m_context.calls.pendingError(m_fd, m_id);
            error = error == 0 ? ECONNRESET : error;
        }
        failed(error, CallName::Shutdown);
        return;
    }
    m_finSent = true;
    m_context.room.leave(*this);
    m_context.outbox.add(RecordKind::Finished, m_id);
    m_state = State::Finishing;
    if (m_gotFin) {
        close(m_receivingEnded ? LeftReason::DisconnectedByUs : LeftReason::BothFinished);
    } else if (m_disconnecting) {
        waitAtMost(m_context.limits.afterFin);
    }
}

// For the end of a disconnect; then it is cut short.
void Connection::waitAtMost(std::chrono::milliseconds limit)
{
    EventLoop &loop = m_context.loop;
    loop.cancel(m_timer);
    const TimePoint end = loop.now() + limit;
    if (limit <= kQuietWait) {
        m_timer = loop.runAt(end, [this] { giveUp(); });
        return;
    }
    m_timer = loop.runAt(loop.now() + kQuietWait, [this, end, limit] {
        m_context.outbox.add(
            RecordKind::Note, m_id,
            NoteInfo{NoteCode::WaitingForEnd, static_cast<std::int64_t>(m_queue.bytes()), (limit - kQuietWait).count(), {}});
        m_timer = m_context.loop.runAt(end, [this] { giveUp(); });
    });
}

void Connection::disconnect()
{
    if (m_disconnecting || m_state == State::Closed) {
        return;
    }
    m_disconnecting = true;
    if (m_state == State::Finishing) {
        waitAtMost(m_context.limits.afterFin);
    } else {
        waitAtMost(m_context.limits.drain);
        finishSending();
    }
    updateInterest();
}

void Connection::setTraced(bool traced)
{
    m_dataTraced = traced;
}

void Connection::readOptions(const OptionsTold &told)
{
    Syscalls &sys = m_context.calls.raw();
    told(m_options.read(sys, m_fd, m_transport, OptionStore::familyOf(sys, m_fd), false));
}

void Connection::setOption(const OptionValue &value)
{
    TracedCalls &calls = m_context.calls;
    const int family = OptionStore::familyOf(calls.raw(), m_fd);
    if (m_options.set(calls, m_fd, m_transport, family, false, value, m_id) == 0) {
        m_context.outbox.add(RecordKind::Note, m_id, optionNote(value));
    }
}

void Connection::reset()
{
    if (m_state != State::Closed) {
        m_context.room.flush();
    }
    if (m_state != State::Closed) {
        m_context.calls.lingerZero(m_fd, m_id);
        close(LeftReason::ResetByUs);
    }
}

void Connection::failed(int error, CallName call)
{
    if (m_state == State::Closed) {
        return;
    }
    const LeftReason reason = error == ECONNRESET ? LeftReason::ResetByPeer
        : error == EPIPE                          ? LeftReason::BrokenPipe
                                                  : LeftReason::Failed;
    if (call != CallName::Epoll) {
        readRest(error == EPIPE, kMostRestBytes); // which the kernel says where the RST came behind a FIN
    }
    close(reason, {error, call, {}});
}

void Connection::close(LeftReason reason, Error error)
{
    if (m_state == State::Closed) {
        return;
    }
    m_state = State::Closed;
    m_context.loop.cancel(m_timer);
    m_context.loop.cancel(m_answerTimer);
    m_context.loop.cancel(m_memoryTimer);
    if (reason != LeftReason::ResetByUs) {
        discard();
    }
    LeftInfo info = takeLeave(reason, std::move(error));
    sayLastAcknowledged();
    closing();
    m_context.calls.close(m_fd, m_id); // which takes it out of the epoll set, as nobody else holds it (epoll(7))
    m_context.outbox.add(RecordKind::Left, m_id, std::move(info));
    sayDrained();
    m_context.gone(*this);
}

} // namespace tincan

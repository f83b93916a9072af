// SPDX-License-Identifier: MIT
// Of net/connection.h: not to read, for a while or for good, and the end of both directions by one call.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/connection.h"
#include "net/room.h"

namespace tincan {

namespace {

// How soon it is asked again whether our last bytes have arrived; each time twice as late as the time before.
constexpr std::chrono::milliseconds kFirstArrivalStep{5};
constexpr std::chrono::milliseconds kLongestArrivalStep{200};
// One that is given up, and has not been read to its end, is looked at again after this …
constexpr std::chrono::milliseconds kRestStep{10};
// … until the recorder has not caught up for so long: a disk may stand still for a moment. A process that waits so is not killed
// for it (ChildHost::endIsDue()).
constexpr std::chrono::seconds kRestWait{2};

} // namespace

// SHUT_RD sends nothing. What has arrived is read up to the end that the kernel now makes. What comes later Linux acknowledges
// and keeps, unread; of a Unix socket, the peer's send(2) fails.
void Connection::endReceiving()
{
    if (m_receivingEnded || m_gotFin || m_state == State::Closed) {
        return;
    }
    m_receivingEnded = true;
    if (m_context.calls.shutdown(m_fd, SHUT_RD, m_id) < 0) {
        failed(errno, CallName::Shutdown);
        return;
    }
    m_context.outbox.add(RecordKind::Note, m_id, NoteInfo{NoteCode::ReceivingEnded, 0, 0, {}});
    updateInterest();
}

// Everything that had come before SHUT_RD is read. Whether the peer sends its FIN cannot be seen any more: our own end of the
// stream hides it.
void Connection::readToEnd()
{
    m_gotFin = true;
    if (m_state == State::Finishing) {
        close(LeftReason::DisconnectedByUs);
    } else {
        updateInterest();
    }
}

// After SHUT_RD, SHUT_WR makes Linux answer whatever still comes by RST (tcp_rcv_state_process(); RFC 1122 §4.2.2.13), which
// destroys what of our last answer is still under way. So SHUT_WR waits until all of it has arrived; its FIN could not have gone
// out earlier anyway. Unix sockets need none of this: their peer cannot send any more, and what was sent has arrived.
bool Connection::waitsForArrival()
{
    int underWay = 0;
    if (!m_receivingEnded || m_transport != Transport::Tcp || m_context.calls.raw().outputQueue(m_fd, &underWay) != 0
        || underWay == 0) {
        return false;
    }
    if (m_answerTimer == 0) {
        m_arrivalStep = std::clamp(m_arrivalStep * 2, kFirstArrivalStep, kLongestArrivalStep);
        m_answerTimer = m_context.loop.runAt(m_context.loop.now() + m_arrivalStep, [this] {
            m_answerTimer = 0;
            if (m_gotFin) {
                discard();
            }
            sendFin();
        });
    }
    return true;
}

// What came after SHUT_RD: unread, it would make a RST of close(2) (RFC 2525 §2.17). MSG_TRUNC: nothing is copied (tcp(7)).
void Connection::discard()
{
    constexpr int kFlags = MSG_DONTWAIT | MSG_TRUNC;
    std::size_t most = m_receivingEnded && m_transport == Transport::Tcp ? kMostRestBytes : 0;
    ssize_t count = 1;
    while (most > 0 && count > 0) {
        const TimePoint begin = m_dataTraced ? Clock::now() : TimePoint();
        count = m_context.calls.raw().recv(m_fd, nullptr, most, kFlags);
        if (m_dataTraced) {
            m_context.calls.noteData({.call = CallName::Recv, .fd = m_fd, .size = most, .flags = kFlags, .result = count}, begin,
                                     m_id);
        }
        most -= static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        count = count < 0 && errno == EINTR ? 1 : count;
    }
}

// Now: of what the recorder has no room for, nobody hears.
void Connection::abort()
{
    bool isRead = m_state == State::Closed;
    do {
        isRead = isRead || readAllowedRest();
    } while (!isRead && m_restLeft > 0 && m_context.refillRest());
    closeGivenUp(isRead);
}

// The wait for its end is over. All such waits may be over at the same time, and what has come of all those peers would be too
// much for one turn, and for a recorder that is behind: it is read in several turns then.
void Connection::giveUp()
{
    const TimePoint now = m_context.loop.now();
    m_givenUp = m_givenUp == TimePoint() ? now : m_givenUp;
    const bool isRead = readAllowedRest();
    const bool isWaitOver = now - std::max(m_givenUp, m_context.restFilled) >= kRestWait;
    if (isRead || m_restLeft == 0 || isWaitOver) {
        closeGivenUp(isRead);
    } else {
        m_context.loop.cancel(m_timer);
        m_timer = m_context.loop.runAt(now + kRestStep, [this] { giveUp(); });
    }
}

// The error says that there was something left which the recorder had no room for.
void Connection::closeGivenUp(bool isRead)
{
    if (m_state != State::Closed) {
        const bool isCut = !isRead && m_restLeft > 0 && hasUnread();
        const bool isOrderly = m_gotFin && m_state == State::Finishing && !m_receivingEnded;
        close(isOrderly ? LeftReason::BothFinished : LeftReason::DisconnectedByUs,
              isCut ? Error{ENOBUFS, CallName::Recv, {}} : Error());
    }
}

// As much as may be in this turn. The end of the stream costs nothing.
bool Connection::readAllowedRest()
{
    return readRest(true, std::min(m_restLeft, m_context.restLeft)) || (!hasUnread() && readRest(true, 1));
}

bool Connection::hasUnread()
{
    std::byte byte{};
    return m_state != State::Closed && m_context.calls.raw().recv(m_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void Connection::countRest(std::size_t &most, std::size_t bytes)
{
    for (std::size_t *left : {&most, &m_restLeft, &m_context.restLeft}) {
        *left -= std::min(*left, bytes);
    }
}

// What has arrived is read and recorded before a close: unread bytes would turn it into a reset, and destroy our last answer.
// After a reset too: Linux keeps what came before it. The end of the stream is then no FIN.
bool Connection::readRest(bool endIsFin, std::size_t most)
{
    const bool couldAnswer = std::exchange(m_finishAsked, true);
    bool isRead = false;
    while (!isRead && most > 0 && !m_gotFin && m_state != State::Closed) {
        const std::span<std::byte> room = m_context.outbox.roomToRead();
        const ssize_t count = receive(room.first(std::min({room.size(), std::size_t{kMaxPayload}, most})));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            if (count == 0 && endIsFin && !m_receivingEnded) {
                m_gotFin = true;
                m_context.outbox.add(RecordKind::PeerFinished, m_id);
            }
            isRead = true;
            break;
        }
        countRest(most, static_cast<std::size_t>(count));
        received(m_context.outbox.commit(static_cast<std::size_t>(count)), static_cast<std::uint32_t>(count));
    }
    m_finishAsked = couldAnswer;
    return isRead || m_gotFin || m_state == State::Closed;
}

void Connection::setReadingStopped(bool stopped)
{
    if (stopped == m_readingStopped || m_state == State::Closed) {
        return;
    }
    m_readingStopped = stopped;
    m_context.outbox.add(RecordKind::Note, m_id,
                         NoteInfo{stopped ? NoteCode::ReadingStopped : NoteCode::ReadingGoesOn, 0, 0, {}});
    updateInterest();
}

void Connection::shutdownBoth()
{
    if (m_bothAsked || m_state == State::Closed) {
        return;
    }
    m_context.room.flush();
    if (m_state == State::Closed) {
        return;
    }
    m_bothAsked = true;
    m_finishAsked = true;
    if (m_queue.isEmpty() || m_state == State::Finishing) {
        endBoth();
    }
}

// What has arrived is read before, up to the peer's FIN where that has come: afterwards our own end of the stream hides it (see
// readToEnd()), so there is nothing to wait for, and the socket is closed. What the peer still sends is answered by RST.
void Connection::endBoth()
{
    readRest(true, kMostRestBytes);
    if (m_state == State::Closed) {
        return;
    }
    const bool hasFin = m_gotFin && !m_receivingEnded;
    if (m_context.calls.shutdown(m_fd, SHUT_RDWR, m_id) < 0) {
        int error = errno;
        if (error == ENOTCONN) { // the peer's RST has come: why is what it left behind
            error = m_context.calls.pendingError(m_fd, m_id);
            error = error == 0 ? ECONNRESET : error;
        }
        failed(error, CallName::Shutdown);
        return;
    }
    if (!m_finSent) {
        m_finSent = true;
        m_context.room.leave(*this);
        m_context.outbox.add(RecordKind::Finished, m_id);
    }
    m_state = State::Finishing;
    readRest(false, kMostRestBytes); // what came between the two calls: left unread, it would make a reset of our FIN
    close(hasFin ? LeftReason::BothFinished : LeftReason::DisconnectedByUs);
}

} // namespace tincan

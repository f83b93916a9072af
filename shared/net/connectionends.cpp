// SPDX-License-Identifier: MIT
// Of net/connection.h: not to read, for a while or for good, and the end of both directions by one call.
#include <cerrno>

#include "net/connection.h"
#include "net/room.h"

namespace tincan {

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
    readRest(true);
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
    readRest(false); // what came between the two calls: left unread, it would make a reset of our FIN
    close(hasFin ? LeftReason::BothFinished : LeftReason::DisconnectedByUs);
}

} // namespace tincan

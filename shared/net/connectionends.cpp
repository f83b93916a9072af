// SPDX-License-Identifier: MIT
// Of net/connection.h: the end of both directions by one call.
#include <cerrno>

#include "net/connection.h"
#include "net/room.h"

namespace tincan {

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

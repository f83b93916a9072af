// SPDX-License-Identifier: MIT
// Of net/datagramlink.h: what is done wrong on purpose (see net/faultylane.h).
#include <utility>

#include "net/datagramlink.h"
#include "net/datagramport.h"

namespace tincan {

namespace {

constexpr std::chrono::seconds kTellDropped{1};

} // namespace

void DatagramLink::setFaults(const Faults &faults)
{
    if (m_state == State::Closed) {
        return;
    }
    m_port->flushGathered(); // it was there before
    if (m_state == State::Closed) {
        return;
    }
    sayDropped();
    m_isToBeSent = false;
    if (faults.isNothing()) {
        m_lane.reset();
        flushOrWait();
        return;
    }
    if (m_lane) {
        m_lane->setFaults(faults);
    } else {
        m_lane
            = std::make_unique<FaultyLane>(m_context.loop, FaultyLane::Unit::Messages, faults, m_id, [this] { queueChanged(); });
    }
    queueChanged();
}

// Not at once: who is told of the queue may be in the middle of it.
void DatagramLink::flushSoon()
{
    if (m_soonTimer == 0) {
        m_soonTimer = m_context.loop.runAt(m_context.loop.now(), [this] {
            m_soonTimer = 0;
            flushOrWait();
        });
    }
}

// The socket tells those who wait when it takes something again; but only once it has refused.
void DatagramLink::flushOrWait()
{
    int error = 0;
    if (m_state == State::Closed) {
        return;
    }
    if (m_port->isBlocked()) {
        m_port->waitFor(*this);
    } else if (!flushQueue(error)) {
        m_port->waitFor(*this);
        m_port->stalled(error);
    }
}

void DatagramLink::takeIn(const std::byte *data, std::uint32_t size)
{
    if (!m_lane || !m_lane->drops()) {
        received(data, size);
        return;
    }
    m_lane->countDropped(size);
    if (m_dropTimer == 0) {
        m_dropTimer = m_context.loop.runAt(m_context.loop.now() + kTellDropped, [this] { sayDropped(); });
    }
}

void DatagramLink::sayDropped()
{
    m_context.loop.cancel(m_dropTimer);
    if (const auto dropped = m_lane ? m_lane->takeDropped() : std::nullopt) {
        m_context.outbox.add(RecordKind::Note, m_id, *dropped);
    }
}

void DatagramLink::laneTook(std::size_t bytes)
{
    if (!m_lane->took(1, bytes)) {
        return;
    }
    const Faults faults = m_lane->faults();
    m_context.outbox.add(RecordKind::Note, m_id,
                         NoteInfo{NoteCode::FaultsStopped, static_cast<std::int64_t>(faults.stopAfterBytes), 0, {}});
    if (faults.resetAtStop) { // there is nothing to reset: it is forgotten, or its socket closed
        reset();
    }
}

// One at a time: each may be dropped, and each may be the last that goes at all. What is held back is no reason to wait for the
// socket: the lane tells when it may go.
bool DatagramLink::flushFaulty(int &error)
{
    error = 0;
    iovec next{};
    while (m_queue.fill({&next, 1}) > 0 && m_lane->limit({&next, 1}) > 0) {
        const std::size_t size = next.iov_len;
        const bool drops = !m_isToBeSent && m_lane->drops(); // each is tossed for once, however often it is tried
        const bool isTaken = !drops && m_port->hand(*this, {&next, 1}, error) == 1;
        if (!drops && !isTaken && DatagramPort::isForNow(error)) {
            m_isToBeSent = true;
            m_port->countQueue(*this);
            sayDrained();
            return false;
        }
        m_isToBeSent = false;
        m_queue.takeMessages(1, [&](const Slice &message) {
            m_taken += message.size + 1;
            if (drops) {
                refuse({message.data, message.size}, RefusedReason::Dropped);
            } else if (isTaken) {
                recordSent(message);
            } else {
                cannotSend(message, error);
            }
        });
        laneTook(isTaken ? size : 0);
        error = 0;
        if (m_state == State::Closed) {
            return true;
        }
    }
    queueChanged();
    return true;
}

// What we hold back ourselves is not the peer's fault, nor what does not get past messages that others have not read.
void DatagramLink::sweep()
{
    if (m_lane && !m_lane->isReady()) {
        sayRefused();
        return;
    }
    Rare &state = rare();
    const bool standsStill = !m_queue.isEmpty() && m_taken == state.takenAtSweep && !state.stalled;
    const std::int64_t full = standsStill ? m_port->fullBuffer() : 0;
    if (full == 0) {
        Link::sweep();
        return;
    }
    sayRefused();
    if (!std::exchange(m_isBehindOthers, true)) {
        m_context.outbox.add(RecordKind::Note, m_id,
                             NoteInfo{NoteCode::PeerNotReading, static_cast<std::int64_t>(m_queue.bytes()), full, {}});
    }
}

} // namespace tincan

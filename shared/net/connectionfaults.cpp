// SPDX-License-Identifier: MIT
// Of net/connection.h: what is done wrong on purpose (see net/faultylane.h).
#include <algorithm>
#include <climits>

#include "net/connection.h"

namespace tincan {

namespace {

// "If the socket uses TCP, its data are paced by the kernel": SO_MAX_PACING_RATE of socket(7), since Linux 4.13 without a
// queueing discipline of its own. ~0U is no limit.
int pacingRate(std::uint64_t bytesPerSecond)
{
    return bytesPerSecond == 0 ? -1 : static_cast<int>(std::min<std::uint64_t>(bytesPerSecond, INT_MAX));
}

} // namespace

void Connection::setFaults(const Faults &faults)
{
    if (m_state == State::Closed) {
        return;
    }
    const std::uint64_t pacedBefore = m_lane ? m_lane->faults().bytesPerSecond : 0;
    if (m_transport == Transport::Tcp && pacedBefore != faults.bytesPerSecond) {
        m_context.calls.setOption(m_fd, SOL_SOCKET, SO_MAX_PACING_RATE, pacingRate(faults.bytesPerSecond), m_id);
    }
    if (faults.isNothing()) {
        m_lane.reset();
    } else if (m_lane) {
        m_lane->setFaults(faults);
    } else {
        const auto unit = tincan::keepsBorders(m_transport) ? FaultyLane::Unit::Messages : FaultyLane::Unit::Bytes;
        m_lane = std::make_unique<FaultyLane>(m_context.loop, unit, faults, m_id, [this] {
            if (m_state != State::Closed) {
                flush();
            }
        });
    }
    queueChanged(); // what waits may go, or has to wait
}

// How much waits, as the lane counts it.
void Connection::tellLane()
{
    if (m_lane) {
        m_lane->grown(tincan::keepsBorders(m_transport) ? m_queue.messages() : m_queue.bytes());
    }
}

// The kernel took this of the queue. False where the connection is over by that.
bool Connection::laneTook(std::size_t messages, std::size_t bytes)
{
    if (!m_lane || !m_lane->took(tincan::keepsBorders(m_transport) ? messages : bytes, bytes)) {
        return true;
    }
    const Faults faults = m_lane->faults();
    m_context.outbox.add(RecordKind::Note, m_id,
                         NoteInfo{NoteCode::FaultsStopped, static_cast<std::int64_t>(faults.stopAfterBytes), 0, {}});
    if (faults.resetAtStop) {
        reset();
    }
    return m_state != State::Closed;
}

// What we hold back ourselves is not the peer's fault.
void Connection::sweep()
{
    if (m_lane && !m_lane->isReady()) {
        sayRefused();
        return;
    }
    Link::sweep();
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/tcpstream.h"

#include <algorithm>

namespace tincan {

namespace {

// An acknowledgement may stand in a capture before what it acknowledges, when two processors or interfaces captured. So what it
// says to be missing is waited for, for that many packets of the connection or that long.
constexpr std::uint8_t kMostPackets = 4;
constexpr std::int64_t kLongest = 1'000'000'000;

} // namespace

void TcpStream::synchronise(std::uint32_t sequence) noexcept
{
    if (!m_begun) {
        m_begun = true;
        m_synchronised = true;
        m_next0 = sequence;
        m_next = sequence + 1;
    }
}

void TcpStream::beginMidway(std::uint32_t sequence) noexcept
{
    m_begun = true;
    m_next = sequence;
}

void TcpStream::add(StreamPiece piece, const Context &context)
{
    const std::int32_t early = distance(m_next, piece.sequence);
    if (early < 0) {
        const std::uint32_t old = std::min(m_next - piece.sequence, piece.size);
        const StreamPiece again = piece.first(old);
        const bool keepAlive = piece.size <= 1 && m_next - piece.sequence == 1; // RFC 9293 §3.8.4: the byte may be any
        if (!keepAlive && old > 0) {
            countAgain(again, context.history.differing(m_last, again), context);
        }
        piece.dropFirst(old);
    }
    if (piece.size == 0 || m_finished) {
        return;
    }
    if (early <= 0 && (!m_held || m_held->empty())) {
        deliver(piece, context);
    } else {
        hold(piece, context);
    }
    drain(context);
    while (m_held && (m_held->size() > kMostHeld || m_heldBytes > kMostHeldBytes || context.heldOfAll > kMostHeldOfAll)
           && isWaiting()) {
        giveUp(context);
    }
}

void TcpStream::countAgain(const StreamPiece &again, std::uint64_t differing, const Context &context)
{
    context.rows.totals().retransmitted += again.size;
    context.rows.totals().differing += differing;
}

void TcpStream::deliver(const StreamPiece &piece, const Context &context)
{
    if (piece.captured > 0) {
        context.rows.message(context.peer, context.kind, piece.offset, piece.captured);
        m_last = context.history.add(m_last, piece);
    }
    if (piece.captured < piece.size) {
        context.rows.missing(context.peer, context.kind, piece.size - piece.captured, true);
    }
    m_next += piece.size;
}

// Puts what is new of the piece between those that wait: of two that overlap, what came first is kept.
void TcpStream::hold(StreamPiece piece, const Context &context)
{
    if (!m_held) {
        m_held = std::make_unique<Held>();
    }
    const auto startsBefore = [this](const StreamPiece &held, std::uint32_t sequence) {
        return distance(m_next, held.sequence) < distance(m_next, sequence);
    };
    auto at = std::lower_bound(m_held->begin(), m_held->end(), piece.sequence, startsBefore);
    if (at != m_held->begin() && distance(piece.sequence, std::prev(at)->end()) > 0) {
        --at;
    }
    while (piece.size > 0) {
        if (at == m_held->end() || distance(piece.end(), at->sequence) >= 0) {
            insert(at, piece, context);
            return;
        }
        if (const std::int32_t before = distance(piece.sequence, at->sequence); before > 0) {
            const auto count = static_cast<std::uint32_t>(before);
            const auto index = at - m_held->begin();
            insert(at, piece.first(count), context);
            at = m_held->begin() + index + 1;
            piece.dropFirst(count);
        }
        const StreamPiece again = piece.first(std::min(piece.size, at->end() - piece.sequence));
        countAgain(again, context.history.differing(*at, again), context);
        piece.dropFirst(again.size);
        ++at;
    }
}

void TcpStream::insert(Held::iterator before, const StreamPiece &piece, const Context &context)
{
    m_held->insert(before, piece);
    m_heldBytes += piece.size;
    ++context.heldOfAll;
}

void TcpStream::drain(const Context &context)
{
    std::size_t count = 0;
    while (m_held && count < m_held->size() && distance(m_next, (*m_held)[count].sequence) <= 0) {
        m_heldBytes -= (*m_held)[count].size;
        deliver((*m_held)[count], context);
        ++count;
    }
    if (count > 0) {
        m_held->erase(m_held->begin(), m_held->begin() + static_cast<std::ptrdiff_t>(count));
        context.heldOfAll -= count;
    }
    if (m_finishing && !m_finished && distance(m_next, m_finishAt) <= 0) {
        m_finished = true;
        m_next += m_next == m_finishAt ? 1 : 0;
        context.rows.event(context.peer, context.kind == RecordKind::Received ? RecordKind::PeerFinished : RecordKind::Finished);
        context.heldOfAll -= m_held ? m_held->size() : 0; // numbers behind a FIN: none that can be
        m_held.reset();
        m_heldBytes = 0;
    }
}

void TcpStream::finishAt(std::uint32_t sequence, const Context &context)
{
    if (!m_finishing && distance(m_next, sequence) >= 0) {
        m_finishing = true;
        m_finishAt = sequence;
        drain(context);
    }
}

void TcpStream::acknowledge(std::uint32_t sequence) noexcept
{
    if (m_begun && (!m_acknowledged || distance(m_acknowledgedTo, sequence) > 0)) {
        m_acknowledged = true;
        m_acknowledgedTo = sequence;
    }
}

std::uint32_t TcpStream::firstWaiting() const noexcept
{
    if (!m_held || m_held->empty()) {
        return m_finishAt;
    }
    const std::uint32_t held = m_held->front().sequence;
    return m_finishing && distance(m_finishAt, held) > 0 ? m_finishAt : held;
}

// What is before the first that waits is missing.
void TcpStream::giveUp(const Context &context)
{
    const std::uint32_t to = firstWaiting();
    context.rows.missing(context.peer, context.kind, to - m_next, false);
    m_next = to;
    drain(context);
}

void TcpStream::settle(const Context &context)
{
    if (!isWaiting() || !isCovered()) {
        m_packetsSinceCovered = 0;
        return;
    }
    if (m_packetsSinceCovered == 0) {
        m_coveredSince = context.rows.time();
    }
    const bool isLong = context.rows.time() > m_coveredSince && context.rows.time() - kLongest > m_coveredSince;
    if (++m_packetsSinceCovered > kMostPackets || isLong) {
        while (isWaiting() && isCovered()) {
            giveUp(context);
        }
        m_packetsSinceCovered = 0;
    }
}

void TcpStream::flush(const Context &context)
{
    while (isWaiting()) {
        giveUp(context);
    }
    // The other side has got more than we have: one more may be a FIN.
    constexpr std::int32_t kMostBelieved = 1 << 30;
    const std::int32_t more = m_acknowledged && m_begun && !m_finished ? distance(m_next, m_acknowledgedTo) : 0;
    if (more > 1 && more <= kMostBelieved) {
        context.rows.missing(context.peer, context.kind, static_cast<std::uint32_t>(more), false);
        m_next = m_acknowledgedTo;
    }
    m_held.reset();
    m_heldBytes = 0;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/delivery.h"

#include <algorithm>

#include "transcript/conversationcursor.h"

namespace tincan {

namespace {

constexpr std::size_t kMostMany = 512; // rows to many that are remembered: more than a view has laid out

// How far `a` is beyond `b`; below 0 where it is not.
constexpr std::int32_t beyond(std::uint32_t a, std::uint32_t b) noexcept
{
    return static_cast<std::int32_t>(a - b);
}

bool isOrderly(LeftReason reason)
{
    return reason == LeftReason::BothFinished || reason == LeftReason::DisconnectedByUs;
}

} // namespace

Delivery::Peer &Delivery::peerOf(PeerId id)
{
    if (m_peers.size() <= id) {
        m_peers.resize(std::max<std::size_t>(id + std::size_t{1}, m_peers.size() * 2));
    }
    return m_peers[id];
}

void Delivery::rowsCame(RowNumber first)
{
    for (RowNumber number = first; number < m_index.size(); ++number) {
        const Row &row = m_index.row(number);
        switch (row.kind) {
        case RecordKind::Joined:
            if (const auto *info = m_index.detailOf<PeerInfo>(row)) {
                m_flows.joined(row.peer, *info);
                peerOf(row.peer) = {};
                peerOf(row.peer).transport = info->transport;
            }
            break;
        case RecordKind::Sent:
            if (Flow *flow = m_flows.find(row.peer)) {
                flow->sent += row.size;
            }
            break;
        case RecordKind::FanOut:
            m_flows.fanOut(row.peer, m_index.detailOf<FanOutInfo>(row), row.size);
            break;
        case RecordKind::Finished:
            m_flows.finished(row.peer);
            break;
        case RecordKind::Left:
            if (const Flow *flow = m_flows.find(row.peer)) {
                Peer &peer = peerOf(row.peer);
                peer.total = m_flows.sentNumber(*flow);
                peer.left = number;
                m_flows.left(row.peer);
                ++m_version;
            }
            break;
        default:
            break;
        }
    }
}

void Delivery::apply(const std::vector<RowBatch::Acknowledgement> &acks)
{
    for (const RowBatch::Acknowledgement &ack : acks) {
        Peer &peer = peerOf(ack.peer);
        peer.acknowledged = static_cast<std::uint32_t>(ack.info.bytes);
        peer.isFollowed = true;
        if (ack.peer == m_timed) {
            moveForward(ack.peer, peer, &ack);
        }
    }
    m_version += static_cast<std::uint64_t>(!acks.empty());
}

void Delivery::setTimed(PeerId peer)
{
    m_timed = peer;
    if (peer != kNoPeer) {
        peerOf(peer);
        boundaryOf(peer); // what was acknowledged before has no time
    }
}

std::uint32_t Delivery::totalOf(PeerId id, const Peer &peer) const
{
    const Flow *flow = m_flows.find(id);
    return flow ? m_flows.sentNumber(*flow) : peer.total;
}

bool Delivery::isSent(RowNumber row) const noexcept
{
    const RecordKind kind = m_index.row(row).kind;
    return kind == RecordKind::Sent || kind == RecordKind::FanOut;
}

// The first sent row of the conversation that is not acknowledged, or a row between it and the one before.
RowNumber Delivery::boundaryOf(PeerId id) const
{
    Peer &peer = m_peers[id];
    if (peer.boundaryFor == peer.acknowledged) {
        return peer.boundary;
    }
    const std::uint32_t total = totalOf(id, peer);
    const std::int32_t unacknowledged = beyond(total, peer.acknowledged);
    if (unacknowledged <= 0) {
        // More than there are rows for: of a message that the kernel has a part of, or of one whose peer left before it was
        // recorded.
        peer.boundary = m_index.size();
        peer.bytesBefore = total;
        peer.boundaryFor = unacknowledged == 0 ? peer.acknowledged : total;
    } else if (beyond(peer.acknowledged, peer.bytesBefore) <= unacknowledged) {
        moveForward(id, peer, nullptr);
    } else {
        moveFromEnd(id, peer, static_cast<std::uint32_t>(unacknowledged));
    }
    return peer.boundary;
}

void Delivery::moveForward(PeerId id, Peer &peer, const RowBatch::Acknowledgement *timed) const
{
    ConversationCursor cursor(m_index, id, peer.boundary);
    peer.boundaryFor = peer.acknowledged;
    for (RowNumber row = cursor.next(); row != kNoRow; row = cursor.next()) {
        if (isSent(row)) {
            const std::uint32_t end = peer.bytesBefore + m_index.row(row).size;
            if (beyond(peer.acknowledged, end) < 0) {
                peer.boundary = row;
                return;
            }
            peer.bytesBefore = end;
            if (timed) {
                keepTime(*timed, row, end == peer.acknowledged);
            }
        }
    }
    peer.boundary = m_index.size();
    if (peer.bytesBefore != peer.acknowledged) { // see boundaryOf(): rows that come may be acknowledged already
        peer.boundaryFor = peer.bytesBefore;
    }
}

void Delivery::moveFromEnd(PeerId id, Peer &peer, std::uint32_t unacknowledged) const
{
    ConversationCursor cursor(m_index, id, m_index.size());
    std::uint32_t after = 0;
    peer.boundary = m_index.size();
    for (RowNumber row = cursor.previous(); row != kNoRow && after < unacknowledged; row = cursor.previous()) {
        if (isSent(row)) {
            after += m_index.row(row).size;
            peer.boundary = row;
        }
    }
    peer.bytesBefore = totalOf(id, peer) - after;
    peer.boundaryFor = peer.acknowledged;
}

void Delivery::keepTime(const RowBatch::Acknowledgement &ack, RowNumber row, bool isLast) const
{
    std::deque<Time> &times = m_times[ack.peer];
    const bool isExact = isLast && ack.info.nanoseconds >= 0;
    const std::int64_t atMost = std::max<std::int64_t>(0, ack.time - m_index.row(row).time);
    times.push_back({row, isExact, isExact ? ack.info.nanoseconds : atMost});
    if (times.size() > kMostTimes) {
        times.pop_front();
    }
}

void Delivery::addTime(DeliveryState &state, RowNumber row, PeerId peer) const
{
    const auto found = m_times.find(peer);
    if (found == m_times.end()) {
        return;
    }
    const std::deque<Time> &times = found->second;
    const auto at
        = std::lower_bound(times.begin(), times.end(), row, [](const Time &time, RowNumber wanted) { return time.row < wanted; });
    if (at != times.end() && at->row == row) {
        state.nanoseconds = at->nanoseconds;
        state.isExact = at->isExact;
    }
}

DeliveryState Delivery::ofOne(RowNumber row, PeerId id) const
{
    DeliveryState state;
    if (id < m_peers.size() && m_peers[id].transport != Transport::Tcp) {
        state.transport = m_peers[id].transport;
        state.silent = 1;
        state.reached = 0;
        return state;
    }
    if (id >= m_peers.size() || !m_peers[id].isFollowed) {
        return state;
    }
    if (row < boundaryOf(id)) {
        state.kind = DeliveryState::Kind::Acknowledged;
        state.acknowledged = 1;
        addTime(state, row, id);
        return state;
    }
    const Peer &peer = m_peers[id];
    if (peer.left != kNoRow) {
        state.left = m_index.detailOf<LeftInfo>(m_index.row(peer.left));
        state.kind = state.left && isOrderly(state.left->reason) ? DeliveryState::Kind::Unknown : DeliveryState::Kind::Lost;
        state.lost = 1;
    }
    return state;
}

const DeliveryState &Delivery::ofMany(RowNumber row) const
{
    if (m_many.size() >= kMostMany && !m_many.contains(row)) {
        m_many.clear();
    }
    const auto [at, isNew] = m_many.try_emplace(row);
    Many &many = at->second;
    if (isNew) {
        many.pending = m_index.reachedBy(row);
        std::erase_if(many.pending, [&](PeerId peer) {
            const DeliveryState one = ofOne(row, peer);
            if (one.silent > 0 && many.state.silent++ == 0) {
                many.state.transport = one.transport;
            }
            return one.silent > 0;
        });
        many.state.reached = static_cast<std::uint32_t>(many.pending.size());
    } else if (many.version == m_version) {
        return many.state;
    }
    many.version = m_version;
    std::erase_if(many.pending, [&](PeerId peer) {
        const DeliveryState one = ofOne(row, peer);
        many.state.acknowledged += one.acknowledged;
        many.state.lost += one.lost;
        return one.kind != DeliveryState::Kind::Taken;
    });
    if (many.state.reached > 0 && many.state.acknowledged == many.state.reached) {
        many.state.kind = DeliveryState::Kind::Acknowledged;
    }
    return many.state;
}

DeliveryState Delivery::state(RowNumber row, PeerId conversation) const
{
    const Row &here = m_index.row(row);
    if (here.kind != RecordKind::FanOut) {
        return ofOne(row, here.peer);
    }
    return conversation == kNoPeer ? ofMany(row) : ofOne(row, conversation);
}

} // namespace tincan

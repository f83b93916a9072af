// SPDX-License-Identifier: MIT
#include "transcript/recordwriter.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "transcript/packet.h"

namespace tincan {

using pcapng::Segment;

bool RecordWriter::appendEcho(ByteBuffer &into, std::uint64_t base, const Record &record)
{
    Flow *flow = m_flows.find(record.peer);
    // Of an empty message nothing can be told by where its bytes are.
    if (!m_echoesOnce || record.size == 0 || record.data != m_lastReceived.data() || record.size > m_lastReceived.size()
        || !flow) {
        return false;
    }
    flow->sent += record.size;
    pcapng::appendEcho(into, record, base + into.size() - m_lastReceivedAt);
    return true;
}

std::uint64_t RecordWriter::append(ByteBuffer &into, std::uint64_t base, const Batch &batch, const Record &record)
{
    static const Detail none;
    m_lastPeer = std::max(m_lastPeer, record.peer);
    switch (record.kind) {
    case RecordKind::Received:
        m_lastReceived = {record.data, record.size};
        m_lastReceivedAt = base + appendData(into, record, false);
        return m_lastReceivedAt;
    case RecordKind::Sent:
        return appendEcho(into, base, record) ? m_lastReceivedAt : base + appendData(into, record, true);
    case RecordKind::Acknowledged:
        appendAcknowledged(into, batch, record);
        return 0;
    default:
        break;
    }
    const Detail &detail = record.detail < batch.details.size() ? batch.details[record.detail] : none;
    const std::size_t payload = pcapng::appendRecord(into, record, detail);
    switch (record.kind) {
    case RecordKind::Joined:
        if (const auto *info = std::get_if<PeerInfo>(&detail)) {
            appendJoined(into, record, *info);
        }
        break;
    case RecordKind::FanOut:
        m_flows.fanOut(record.peer, std::get_if<FanOutInfo>(&detail), record.size);
        break;
    case RecordKind::PeerFinished:
        noteFinished(record.peer, record.time, false);
        appendFlagged(into, record, false, TcpFin | TcpAck, true);
        break;
    case RecordKind::Finished:
        m_flows.finished(record.peer);
        noteFinished(record.peer, record.time, true);
        appendFlagged(into, record, true, TcpFin | TcpAck, true);
        break;
    case RecordKind::Left:
        if (const auto *info = std::get_if<LeftInfo>(&detail)) {
            appendLeft(into, record, *info);
        }
        break;
    default:
        break;
    }
    return hasPayload(record.kind) ? base + payload : 0;
}

void RecordWriter::appendJoined(ByteBuffer &into, const Record &record, const PeerInfo &info)
{
    Flow &flow = m_flows.joined(record.peer, info);
    flow.past = std::make_unique<Flow::Past>(Flow::Past{info, record.time, 0, 0});
    if (!flow.hasPackets()) {
        return;
    }
    const PeerId before = m_addresses.joined(flowKey(flow), record.peer);
    if (Flow *other = before == record.peer ? nullptr : m_flows.find(before)) {
        other->shadowed = true;
    }
    if (!flow.isTcp()) {
        return; // nothing goes over the wire before the first datagram
    }
    std::array<char, 64> comment{};
    const int length = std::snprintf(comment.data(), comment.size(), "peer %u joined (%s, descriptor %d)", record.peer,
                                     flow.outgoing ? "outgoing" : "incoming", info.fd);
    pcapng::appendPacket(into, flow,
                         {.time = record.time,
                          .outbound = flow.outgoing,
                          .flags = TcpSyn,
                          .comment = {comment.data(), static_cast<std::size_t>(length)}});
    pcapng::appendPacket(into, flow,
                         {.time = record.time, .outbound = !flow.outgoing, .flags = TcpSyn | TcpAck, .acknowledgement = 1});
    flow.sent = 1;
    flow.received = 1;
}

std::size_t RecordWriter::appendData(ByteBuffer &into, const Record &record, bool outbound)
{
    Flow *flow = m_flows.find(record.peer);
    if (!flow) { // data of a peer that never joined: nothing we make, but nothing is lost
        return pcapng::appendRecord(into, record, {});
    }
    const std::uint32_t ours = m_flows.sentNumber(*flow);
    std::uint32_t &counter = outbound ? flow->sent : flow->received;
    if (flow->shadowed || !flow->hasPackets() || record.size > mostPayload(*flow)) {
        counter += record.size;
        return pcapng::appendRecord(into, record, {});
    }
    const Segment segment{.time = record.time,
                          .outbound = outbound,
                          .flags = TcpPsh | TcpAck,
                          .sequence = outbound ? ours : flow->received,
                          .acknowledgement = outbound ? flow->received : ours,
                          .payload = {record.data, record.size}};
    counter += record.size;
    return pcapng::appendPacket(into, *flow, segment);
}

void RecordWriter::appendFlagged(ByteBuffer &into, const Record &record, bool outbound, std::uint8_t flags, bool counted)
{
    Flow *flow = m_flows.find(record.peer);
    if (!flow || !flow->isTcp()) {
        return;
    }
    const std::uint32_t ours = m_flows.sentNumber(*flow);
    pcapng::appendPacket(into, *flow,
                         {.time = record.time,
                          .outbound = outbound,
                          .flags = flags,
                          .sequence = outbound ? ours : flow->received,
                          .acknowledgement = outbound ? flow->received : ours});
    if (counted) { // a FIN has a number of its own
        ++(outbound ? flow->sent : flow->received);
    }
}

void RecordWriter::appendAcknowledged(ByteBuffer &into, const Batch &batch, const Record &record)
{
    const auto *info = batch.detailOf<AcknowledgedInfo>(record);
    const Flow *flow = m_flows.find(record.peer);
    if (info && flow && flow->isTcp() && !flow->shadowed) {
        pcapng::appendPacket(into, *flow,
                             {.time = record.time,
                              .outbound = false,
                              .flags = TcpAck,
                              .sequence = flow->received,
                              .acknowledgement = static_cast<std::uint32_t>(info->bytes + 1)});
    }
}

void RecordWriter::appendLeft(ByteBuffer &into, const Record &record, const LeftInfo &info)
{
    if (info.reason == LeftReason::ResetByPeer) {
        appendFlagged(into, record, false, TcpRst | TcpAck, false);
    } else if (info.reason == LeftReason::ResetByUs) {
        appendFlagged(into, record, true, TcpRst | TcpAck, false);
    }
    if (const Flow *flow = m_flows.find(record.peer); flow && flow->hasPackets()) {
        m_addresses.left(flowKey(*flow), record.peer);
    }
    m_flows.left(record.peer);
}

void RecordWriter::noteFinished(PeerId peer, std::int64_t time, bool ours)
{
    Flow *flow = m_flows.find(peer);
    if (flow && flow->past) {
        (ours ? flow->past->finished : flow->past->peerFinished) = time;
    }
}

void RecordWriter::appendState(ByteBuffer &into, const pcapng::Begin &begin)
{
    m_lastReceived = {};
    pcapng::Begin with = begin;
    with.lastPeer = m_lastPeer;
    pcapng::appendMark(into, with);
    for (const PeerId peer : m_flows.known()) {
        const Flow &flow = *m_flows.find(peer);
        if (!flow.past) {
            continue;
        }
        pcapng::appendMark(into,
                           pcapng::Carried{.peer = peer,
                                           .info = flow.past->info,
                                           .joined = flow.past->joined,
                                           .finished = flow.past->finished,
                                           .peerFinished = flow.past->peerFinished,
                                           .sent = m_flows.sentNumber(flow),
                                           .received = flow.received,
                                           .inRoom = flow.inRoom,
                                           .shadowed = flow.shadowed});
    }
}

} // namespace tincan

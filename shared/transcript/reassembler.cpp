// SPDX-License-Identifier: MIT
#include "transcript/reassembler.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "transcript/packet.h"

namespace tincan {

namespace {

Endpoint endpointOf(const Transported::Side &side, bool ipv6)
{
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), side.address.data(), bytes.size());
    if (ipv6) {
        return Endpoint::ipv6(bytes, side.port);
    }
    const std::uint32_t address = (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U)
        | (std::uint32_t{bytes[2]} << 8U) | std::uint32_t{bytes[3]};
    return Endpoint::ipv4(address, side.port);
}

bool has(const Transported &packet, TcpFlags flag) noexcept
{
    return (packet.flags & flag) != 0;
}

std::size_t sideOf(const Transported &packet) noexcept
{
    return ConversationTable::isFromHigher(packet) ? 1 : 0;
}

bool isSourceLocal(const Transported &packet)
{
    constexpr std::uint16_t kFirstUnprivileged = 1024;
    const std::uint16_t from = packet.source.port;
    const std::uint16_t to = packet.destination.port;
    if (packet.datagram) {
        return from < kFirstUnprivileged && to >= kFirstUnprivileged;
    }
    if (has(packet, TcpSyn)) {
        return has(packet, TcpAck);
    }
    return from < to;
}

RecordKind kindOf(const Conversation &conversation, std::size_t side) noexcept
{
    return conversation.higherIsLocal == (side == 1) ? RecordKind::Sent : RecordKind::Received;
}

void addComment(PeerId peer, std::string_view comment, CaptureRows &rows)
{
    if (!comment.empty()) {
        rows.detailed(peer, RecordKind::Note, NoteInfo{NoteCode::Other, 0, 0, std::string(comment)});
    }
}

} // namespace

TcpStream::Context Reassembler::contextOf(const Conversation &conversation, std::size_t side, CaptureRows &rows)
{
    return {rows, m_history, m_held, conversation.peer, kindOf(conversation, side)};
}

std::optional<PassedOverReason> Reassembler::add(const Transported &packet, std::string_view comment, CaptureRows &rows)
{
    Conversation *conversation = m_table.findOrAdd(packet);
    if (!conversation) {
        return PassedOverReason::TooMany;
    }
    return packet.datagram ? addDatagram(*conversation, packet, comment, rows) : addSegment(*conversation, packet, comment, rows);
}

// False where there are too many.
bool Reassembler::join(Conversation &into, const Transported &packet, CaptureRows &rows)
{
    if (m_lastPeer >= ConversationTable::kMost) {
        return false;
    }
    into.streams = {};
    into.isOver = false;
    into.peer = ++m_lastPeer;
    const bool sourceIsLocal = isSourceLocal(packet);
    into.higherIsLocal = sourceIsLocal == (sideOf(packet) == 1);
    PeerInfo info;
    info.local = endpointOf(sourceIsLocal ? packet.source : packet.destination, packet.ipv6);
    info.remote = endpointOf(sourceIsLocal ? packet.destination : packet.source, packet.ipv6);
    info.transport = packet.datagram ? Transport::Udp : Transport::Tcp;
    info.midway = !packet.datagram && !has(packet, TcpSyn);
    rows.detailed(into.peer, RecordKind::Joined, std::move(info));
    return true;
}

std::optional<PassedOverReason> Reassembler::addDatagram(Conversation &to, const Transported &packet, std::string_view comment,
                                                         CaptureRows &rows)
{
    if (to.peer == kNoPeer && !join(to, packet, rows)) {
        return PassedOverReason::TooMany;
    }
    addComment(to.peer, comment, rows);
    const RecordKind kind = kindOf(to, sideOf(packet));
    rows.message(to.peer, kind, packet.offset, packet.captured);
    if (packet.captured < packet.size) {
        rows.missing(to.peer, kind, packet.size - packet.captured, true);
    }
    return {};
}

// Whether the packet begins another connection with the same addresses and ports.
bool Reassembler::isNewConnection(const Conversation &old, const Transported &packet) const
{
    if (!has(packet, TcpSyn) || has(packet, TcpRst)) {
        return false;
    }
    const TcpStream &stream = old.streams.at(sideOf(packet));
    if (stream.beganAt(packet.sequence)) {
        return false; // the same SYN again
    }
    // An answer to a SYN may also have been captured before it.
    return old.isOver || (!has(packet, TcpAck) && stream.isBegun());
}

std::optional<PassedOverReason> Reassembler::addSegment(Conversation &to, const Transported &packet, std::string_view comment,
                                                        CaptureRows &rows)
{
    if (to.peer == kNoPeer) {
        if (has(packet, TcpRst)) {
            return PassedOverReason::AfterTheEnd;
        }
        if (!join(to, packet, rows)) {
            return PassedOverReason::TooMany;
        }
    } else if (isNewConnection(to, packet)) {
        if (!to.isOver) {
            end(to, LeftReason::Unseen, rows);
        }
        if (!join(to, packet, rows)) {
            return PassedOverReason::TooMany;
        }
    } else if (to.isOver) {
        return packet.size > 0 ? std::optional(PassedOverReason::AfterTheEnd) : std::nullopt;
    }
    addComment(to.peer, comment, rows);
    takeData(to, packet, rows);
    return {};
}

void Reassembler::takeData(Conversation &to, const Transported &packet, CaptureRows &rows)
{
    if (has(packet, TcpRst)) {
        takeReset(to, packet, rows);
        return;
    }
    const std::size_t side = sideOf(packet);
    TcpStream &stream = to.streams.at(side);
    TcpStream &other = to.streams.at(1 - side);
    const TcpStream::Context context = contextOf(to, side, rows);
    std::uint32_t sequence = packet.sequence;
    if (has(packet, TcpSyn)) {
        stream.synchronise(sequence);
        ++sequence;
    } else if (!stream.isBegun()) {
        stream.beginMidway(sequence);
    }
    if (packet.size > 0) {
        stream.add({packet.offset, sequence, packet.captured, packet.size}, context);
    }
    if (has(packet, TcpFin)) {
        stream.finishAt(sequence + packet.size, context);
    }
    if (has(packet, TcpAck)) {
        other.acknowledge(packet.acknowledgement);
    }
    stream.settle(context);
    other.settle(contextOf(to, 1 - side, rows));
    if (stream.isFinished() && other.isFinished()) {
        end(to, LeftReason::BothFinished, rows);
    }
}

// One that is far from where the stream is was not believed by the other side either (RFC 5961).
void Reassembler::takeReset(Conversation &to, const Transported &packet, CaptureRows &rows)
{
    constexpr std::int64_t kMostWindow = 16 * 1024 * 1024;
    const std::size_t side = sideOf(packet);
    const TcpStream &stream = to.streams.at(side);
    const std::int64_t off = distance(stream.next(), packet.sequence);
    if (!stream.isBegun() || std::abs(off) <= kMostWindow) {
        end(to, kindOf(to, side) == RecordKind::Received ? LeftReason::ResetByPeer : LeftReason::ResetByUs, rows);
    }
}

void Reassembler::flushStreams(Conversation &which, CaptureRows &rows)
{
    for (const std::size_t side : {0U, 1U}) {
        which.streams.at(side).flush(contextOf(which, side, rows));
    }
}

void Reassembler::end(Conversation &which, LeftReason reason, CaptureRows &rows)
{
    flushStreams(which, rows);
    LeftInfo info;
    info.reason = reason;
    if (reason == LeftReason::ResetByPeer) {
        info.error = {ECONNRESET, CallName::Recv, {}};
    }
    rows.detailed(which.peer, RecordKind::Left, std::move(info));
    which.isOver = true;
}

bool Reassembler::flush(CaptureRows &rows, std::size_t most)
{
    const std::size_t before = rows.batch().rows.size();
    for (; m_flushed < m_table.size(); ++m_flushed) {
        Conversation &conversation = m_table[m_flushed];
        if (!conversation.isOver && !conversation.isDatagrams && conversation.peer != kNoPeer) {
            flushStreams(conversation, rows);
        }
        if (rows.batch().rows.size() - before >= most) {
            ++m_flushed;
            return true;
        }
    }
    return false;
}

} // namespace tincan

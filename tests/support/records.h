// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>

#include <QByteArray>

#include "base/batch.h"

namespace tincan::test {

inline constexpr qsizetype kMostDatagram4 = 65'507; // 65 535 less the headers of IPv4 and UDP
inline constexpr qsizetype kMostDatagram6 = 65'527; // 65 535 less that of UDP

// A peer of that kind, as a net thread tells of it: port and descriptor of IP peers are told apart by its number, Unix peers by
// nothing at all.
inline PeerInfo peerInfo(PeerId peer, Transport transport, bool v6 = false, Direction direction = Direction::Incoming)
{
    PeerInfo info;
    info.direction = direction;
    info.transport = transport;
    info.fd = transport == Transport::Udp ? -1 : 9;
    if (isUnix(transport)) {
        info.local = Endpoint::unixPath("/run/app.sock");
        info.process = {4242, 0, 0, "socat", "root"};
        return info;
    }
    const auto port = static_cast<std::uint16_t>(50'000 + peer);
    info.local = v6 ? *Endpoint::fromAddress("::1", 6666) : Endpoint::ipv4(0x7f000001, 6666);
    info.remote = v6 ? *Endpoint::fromAddress("2001:db8::7", port) : Endpoint::ipv4(0xc0000207, port);
    return info;
}

// Makes a batch by hand, as a net thread would.
class BatchMaker
{
public:
    BatchMaker() = default;
    explicit BatchMaker(std::int64_t time)
        : m_time(time)
    {
    }

    BatchMaker &add(RecordKind kind, PeerId peer, const QByteArray &payload = {}, Detail detail = {})
    {
        Record record;
        record.time = m_time += 1000;
        record.kind = kind;
        record.peer = peer;
        record.size = static_cast<std::uint32_t>(payload.size());
        if (!payload.isEmpty()) {
            if (batch.chunks.empty() || m_used + record.size > Chunk::kSize) {
                batch.chunks.push_back(ChunkRef::make());
                m_used = 0;
            }
            std::byte *where = batch.chunks.back()->data() + m_used;
            std::memcpy(where, payload.constData(), record.size);
            record.data = where;
            m_used += record.size;
            batch.bytes += record.size;
        }
        if (!std::holds_alternative<std::monostate>(detail)) {
            record.detail = static_cast<std::uint32_t>(batch.details.size());
            batch.details.push_back(std::move(detail));
        }
        batch.records.push_back(record);
        return *this;
    }
    BatchMaker &joined(PeerId peer, bool v6 = false, Direction direction = Direction::Incoming)
    {
        return joined(peer, Transport::Tcp, v6, direction);
    }
    BatchMaker &joined(PeerId peer, Transport transport, bool v6 = false, Direction direction = Direction::Incoming)
    {
        return add(RecordKind::Joined, peer, {}, peerInfo(peer, transport, v6, direction));
    }
    // As an answer to what came last, out of the same memory: under load its bytes are not written again.
    BatchMaker &echo()
    {
        Record record = batch.records.back();
        record.time = m_time += 1000;
        record.kind = RecordKind::Sent;
        batch.records.push_back(record);
        batch.bytes += record.size;
        return *this;
    }
    BatchMaker &left(PeerId peer, LeftReason reason)
    {
        LeftInfo info;
        info.reason = reason;
        return add(RecordKind::Left, peer, {}, info);
    }

    Batch batch;

private:
    std::int64_t m_time = 1'700'000'000'000'000'000;
    std::uint32_t m_used = 0;
};

} // namespace tincan::test

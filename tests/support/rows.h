// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstring>

#include <QByteArray>

#include "support/records.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"

namespace tincan::test {

// Makes rows by hand, with payloads in memory, for the models and the view.
class Rows final : public PayloadSource
{
public:
    // Adds to the batch that the next append() takes.
    Rows &add(RecordKind kind, PeerId peer, const QByteArray &payload = {}, Detail detail = {})
    {
        Row row;
        row.time = m_time;
        m_time += 1'000'000;
        row.peer = peer;
        row.kind = kind;
        row.offset = static_cast<std::uint64_t>(m_bytes.size());
        row.size = static_cast<std::uint32_t>(payload.size());
        m_bytes += payload;
        if (!std::holds_alternative<std::monostate>(detail)) {
            row.detail = static_cast<std::uint32_t>(m_batch.details.size());
            m_batch.details.push_back(std::move(detail));
        }
        m_batch.rows.push_back(row);
        return *this;
    }

    Rows &joined(PeerId peer, std::uint16_t port = 0)
    {
        PeerInfo info;
        info.local = Endpoint::ipv4(0x7f000001, 6666);
        info.remote = Endpoint::ipv4(0x7f000001, port != 0 ? port : static_cast<std::uint16_t>(50'000 + peer));
        info.fd = static_cast<int>(peer) + 10;
        return add(RecordKind::Joined, peer, {}, info);
    }
    Rows &joined(PeerId peer, Transport transport) { return add(RecordKind::Joined, peer, {}, peerInfo(peer, transport)); }
    Rows &received(PeerId peer, const QByteArray &payload) { return add(RecordKind::Received, peer, payload); }
    Rows &sent(PeerId peer, const QByteArray &payload) { return add(RecordKind::Sent, peer, payload); }
    Rows &left(PeerId peer, LeftReason reason = LeftReason::BothFinished)
    {
        LeftInfo info;
        info.reason = reason;
        return add(RecordKind::Left, peer, {}, info);
    }

    // Hands what was added to the index; the number of the first row.
    RowNumber append(Index &index)
    {
        const RowNumber first = index.append(m_batch);
        m_batch.clear();
        return first;
    }

    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override
    {
        const auto size = static_cast<std::uint64_t>(m_bytes.size());
        const std::size_t count = offset < size ? std::min<std::size_t>(into.size(), size - offset) : 0;
        std::memcpy(into.data(), m_bytes.constData() + offset, count);
        *error = count < into.size() ? readError : 0;
        return count;
    }

    int readError = ENODATA; // of what is not there

private:
    RowBatch m_batch;
    QByteArray m_bytes;
    std::int64_t m_time = 1'700'000'000'000'000'000;
};

} // namespace tincan::test

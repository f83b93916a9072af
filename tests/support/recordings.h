// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>

#include <QByteArray>
#include <QList>
#include <QRandomGenerator>
#include <QString>

#include "support/records.h"
#include "transcript/detailcodec.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"
#include "transcript/sessionfiles.h"

namespace tincan::test {

// Rows with all they lead to, to be compared.
struct Kept {
    struct One {
        RecordKind kind = RecordKind::Note;
        PeerId peer = kNoPeer;
        std::int64_t time = 0;
        std::uint32_t size = 0;
        QByteArray payload;
        QByteArray detail;

        friend bool operator==(const One &, const One &) = default;
        QString text() const
        {
            return QStringLiteral("kind %1 peer %2 time %3 size %4 payload %5 detail %6")
                .arg(static_cast<int>(kind))
                .arg(peer)
                .arg(time)
                .arg(size)
                .arg(QString::fromLatin1(payload.left(20).toHex()), QString::fromLatin1(detail.toHex()));
        }
    };
    QList<One> rows;
    QList<One> calls;

    static QByteArray encoded(const Detail &detail)
    {
        ByteBuffer bytes;
        encodeDetail(detail, bytes);
        return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
    }
    void add(const RowBatch &batch, const PayloadSource &source)
    {
        for (const Row &row : batch.rows) {
            One one{row.kind, row.peer, row.time, row.size, hasPayload(row.kind) ? source.read(row) : QByteArray(), {}};
            if (row.detail != kNoDetail) {
                one.detail = encoded(batch.details.at(row.detail));
            }
            rows << one;
        }
        for (const RowBatch::Call &call : batch.calls) {
            calls << One{RecordKind::Call, call.peer, call.time, 0, {}, encoded(call.info)};
        }
    }
    // What the first difference is; empty where there is none.
    QString difference(const Kept &other) const
    {
        for (qsizetype i = 0; i < std::min(rows.size(), other.rows.size()); ++i) {
            if (rows.at(i) != other.rows.at(i)) {
                return QStringLiteral("row %1: %2 and not %3").arg(i).arg(rows.at(i).text(), other.rows.at(i).text());
            }
        }
        if (rows.size() != other.rows.size()) {
            return QStringLiteral("%1 rows and not %2").arg(rows.size()).arg(other.rows.size());
        }
        return calls == other.calls ? QString() : QStringLiteral("other calls");
    }
    bool isBeginningOf(const Kept &whole) const { return rows == whole.rows.first(std::min(rows.size(), whole.rows.size())); }
    bool isEndOf(const Kept &whole) const { return rows == whole.rows.last(std::min(rows.size(), whole.rows.size())); }
    bool has(const One &row) const { return rows.contains(row); }
    int notes(NoteCode code) const
    {
        int count = 0;
        for (const One &row : rows) {
            const auto bytes = std::as_bytes(std::span(row.detail.constData(), static_cast<std::size_t>(row.detail.size())));
            const auto detail = decodeDetail(bytes);
            const auto *note = detail ? std::get_if<NoteInfo>(&*detail) : nullptr;
            count += static_cast<int>(note && note->code == code);
        }
        return count;
    }
    Kept only(RecordKind kind) const
    {
        Kept some;
        for (const One &row : rows) {
            if (row.kind == kind) {
                some.rows << row;
            }
        }
        return some;
    }
};

// Batches of everything that may happen, as a net thread could make them.
class RandomTraffic
{
public:
    explicit RandomTraffic(quint32 seed)
        : m_random(seed)
    {
    }

    Batch next()
    {
        BatchMaker maker(m_time);
        const bool load = m_random.bounded(8) == 0;
        const int records = m_random.bounded(1, 40);
        for (int i = 0; i < records; ++i) {
            one(maker, load);
        }
        if (load) {
            maker.batch.bytes += std::size_t{512} * 1024; // as much as makes the recorder write echoes once
        }
        m_time += 1'000'000;
        return std::move(maker.batch);
    }

private:
    // Messages of what keeps borders may be empty, and longer.
    QByteArray payload(Transport transport = Transport::Tcp)
    {
        static constexpr std::array sizes{1, 3, 20, 100, 3000};
        const std::uint32_t most = keepsBorders(transport) ? kMaxMessage : kMaxPayload;
        if (keepsBorders(transport) && m_random.bounded(5) == 0) {
            return {};
        }
        QByteArray bytes(
            m_random.bounded(m_random.bounded(60) == 0 ? static_cast<int>(most) : sizes.at(m_random.bounded(quint32{5}))) + 1,
            Qt::Uninitialized);
        for (char &byte : bytes) {
            byte = static_cast<char>(m_random.bounded(256));
        }
        return bytes.left(most);
    }
    Transport transportOf(PeerId peer) const { return m_transports.value(static_cast<qsizetype>(peer), Transport::Tcp); }
    PeerId any() { return static_cast<PeerId>(1 + m_random.bounded(static_cast<quint32>(m_last + 1))); }
    std::vector<PeerId> some()
    {
        std::vector<PeerId> peers(m_random.bounded(quint32{5}));
        for (PeerId &peer : peers) {
            peer = any();
        }
        return peers;
    }
    void join(BatchMaker &maker)
    {
        const PeerId peer = ++m_last;
        if (m_random.bounded(4) == 0) {
            maker.add(RecordKind::Connecting, peer, {}, ConnectInfo{"example.org", 80});
            if (m_random.bounded(3) == 0) {
                FailureInfo failure;
                failure.host = "example.org";
                failure.attempts = {{Endpoint::ipv4(0xc0000201, 80), {ECONNREFUSED, CallName::Connect, {}}}};
                maker.add(RecordKind::ConnectFailed, peer, {}, failure);
                return;
            }
        }
        const Transport transport = m_random.bounded(2) == 0 ? Transport::Tcp : kTransports.at(m_random.bounded(quint32{5}));
        while (m_transports.size() <= static_cast<qsizetype>(peer)) {
            m_transports << Transport::Tcp;
        }
        m_transports[static_cast<qsizetype>(peer)] = transport;
        maker.joined(peer, transport, m_random.bounded(3) == 0,
                     m_random.bounded(2) == 0 ? Direction::Incoming : Direction::Outgoing);
    }
    void received(BatchMaker &maker, bool load)
    {
        const PeerId peer = any();
        maker.add(RecordKind::Received, peer, payload(transportOf(peer)));
        if (m_random.bounded(2) == 0) { // an echo, under load written once; sometimes of its beginning
            Record echo = maker.batch.records.back();
            echo.kind = RecordKind::Sent;
            echo.size -= load && m_random.bounded(4) == 0 ? echo.size / 2 : 0;
            maker.batch.records.push_back(echo);
        }
    }
    void sent(BatchMaker &maker)
    {
        const PeerId peer = any();
        maker.add(RecordKind::Sent, peer, payload(transportOf(peer)));
    }
    void fanOut(BatchMaker &maker)
    {
        const PeerId from = m_random.bounded(2) == 0 ? kNoPeer : any();
        if (m_random.bounded(2) == 0) {
            maker.add(RecordKind::FanOut, from, payload(transportOf(from)));
        } else {
            maker.add(RecordKind::FanOut, from, payload(), FanOutInfo{m_random.bounded(2) == 0, some()});
        }
    }
    void event(BatchMaker &maker)
    {
        switch (m_random.bounded(8)) {
        case 0:
            maker.add(RecordKind::PeerFinished, any());
            break;
        case 1:
            maker.add(RecordKind::Finished, any());
            break;
        case 2:
            maker.left(any(), static_cast<LeftReason>(m_random.bounded(5)));
            break;
        case 3:
            maker.add(RecordKind::Note, m_random.bounded(2) == 0 ? kNoPeer : any(), {},
                      NoteInfo{NoteCode::PeerNotReading, m_random.bounded(1000), 0, "text"});
            break;
        case 4:
            maker.add(RecordKind::Call, any(), {}, CallInfo{.call = CallName::Accept, .fd = m_random.bounded(100), .text = "x"});
            break;
        case 5:
            maker.add(RecordKind::Listening, kNoPeer, {}, ListenInfo{Endpoint::ipv4(0, 6666), 4, 128, true});
            break;
        case 6:
            maker.add(RecordKind::Stopped, kNoPeer);
            break;
        default:
            maker.add(RecordKind::Refused, any(), payload(), RefusedInfo{RefusedReason::QueueFull, 5});
        }
    }
    void one(BatchMaker &maker, bool load)
    {
        switch (m_random.bounded(10)) {
        case 0:
            join(maker);
            break;
        case 1:
            event(maker);
            break;
        case 2:
            fanOut(maker);
            break;
        case 3:
        case 4:
            sent(maker);
            break;
        default:
            received(maker, load);
        }
    }

    QRandomGenerator m_random;
    QList<Transport> m_transports; // by peer
    PeerId m_last = kNoPeer;
    std::int64_t m_time = 1'700'000'000'000'000'000;
};

// Whether the file is known for one of ours, with all that makes a session.
inline bool isOwn(const QString &path)
{
    const Result<SessionFiles> files = openSessionFiles(path);
    return files && files->isOwn;
}

} // namespace tincan::test

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QtEndian>

#include "transcript/index.h"
#include "transcript/packet.h"
#include "transcript/sessionfiles.h"

namespace tincan::test {

// Captures by hand, byte by byte.

inline QByteArray be16(quint16 value)
{
    QByteArray bytes(2, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}
inline QByteArray be32(quint32 value)
{
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

inline constexpr quint16 kServer = 6666;
inline constexpr quint16 kClient = 50'000;

struct Segment {
    bool fromServer = false;
    quint32 sequence = 0;
    quint8 flags = TcpAck;
    QByteArray payload;
    quint32 acknowledgement = 0;
    quint16 client = kClient;
};

inline QByteArray ipv4(quint8 protocol, bool fromServer, const QByteArray &payload, const QByteArray &options = {},
                       quint16 fragment = 0)
{
    const QByteArray server = QByteArray::fromHex("0a000001");
    const QByteArray client = QByteArray::fromHex("0a000002");
    const auto header = static_cast<char>(0x45 + options.size() / 4);
    return QByteArray(1, header) + '\0' + be16(static_cast<quint16>(20 + options.size() + payload.size())) + be16(1)
        + be16(fragment) + char(64) + static_cast<char>(protocol) + be16(0) + (fromServer ? server + client : client + server)
        + options + payload;
}
inline QByteArray ipv6(quint8 next, bool fromServer, const QByteArray &payload)
{
    const QByteArray server = QByteArray::fromHex("20010db8000000000000000000000001");
    const QByteArray client = QByteArray::fromHex("20010db8000000000000000000000002");
    return be32(0x60000000) + be16(static_cast<quint16>(payload.size())) + static_cast<char>(next) + char(64)
        + (fromServer ? server + client : client + server) + payload;
}
inline QByteArray tcpOf(const Segment &segment, const QByteArray &options = {})
{
    const quint16 from = segment.fromServer ? kServer : segment.client;
    const quint16 to = segment.fromServer ? segment.client : kServer;
    return be16(from) + be16(to) + be32(segment.sequence) + be32(segment.acknowledgement)
        + static_cast<char>((5 + options.size() / 4) << 4) + static_cast<char>(segment.flags) + be16(0xffff) + be16(0) + be16(0)
        + options + segment.payload;
}
inline QByteArray udpOf(bool fromServer, const QByteArray &payload, quint16 client = kClient)
{
    return be16(fromServer ? kServer : client) + be16(fromServer ? client : kServer)
        + be16(static_cast<quint16>(8 + payload.size())) + be16(0) + payload;
}
inline QByteArray tcp4(const Segment &segment)
{
    return ipv4(6, segment.fromServer, tcpOf(segment));
}

// Integers of a file in one byte order or the other.
struct Order {
    bool big = false;
    QByteArray u16(quint16 value) const { return big ? be16(value) : be16(qbswap(value)); }
    QByteArray u32(quint32 value) const { return big ? be32(value) : be32(qbswap(value)); }
    QByteArray u64(quint64 value) const
    {
        const QByteArray high = u32(static_cast<quint32>(value >> 32U));
        const QByteArray low = u32(static_cast<quint32>(value));
        return big ? high + low : low + high;
    }
};

inline constexpr quint32 kSeconds = 1'700'000'000;

struct PcapOptions {
    Order order;
    quint32 magic = 0xa1b2c3d4;
    quint32 linkType = 101;
    quint32 snap = 262'144; // packets are cut to that
    quint16 minor = 4;
};
// The n-th packet comes n ms after kSeconds.
inline QByteArray pcap(const QList<QByteArray> &packets, const PcapOptions &with = {})
{
    const Order &order = with.order;
    QByteArray file = order.u32(with.magic) + order.u16(2) + order.u16(with.minor) + order.u32(0) + order.u32(0)
        + order.u32(with.snap) + order.u32(with.linkType);
    quint32 number = 0;
    for (const QByteArray &packet : packets) {
        const quint32 part = number++ * (with.magic == 0xa1b23c4d ? 1'000'000 : 1000);
        const QByteArray kept = packet.left(with.snap);
        file += order.u32(kSeconds) + order.u32(part) + order.u32(static_cast<quint32>(kept.size()))
            + order.u32(static_cast<quint32>(packet.size()));
        if (with.magic == 0xa1b2cd34) {
            file += order.u32(1) + order.u16(0x0800) + QByteArray(2, '\0');
        }
        file += kept;
    }
    return file;
}

inline QByteArray padded(const QByteArray &bytes)
{
    return bytes + QByteArray((4 - bytes.size() % 4) % 4, '\0');
}
inline QByteArray block(const Order &order, quint32 type, const QByteArray &body)
{
    const QByteArray length = order.u32(static_cast<quint32>(padded(body).size() + 12));
    return order.u32(type) + length + padded(body) + length;
}
inline QByteArray option(const Order &order, quint16 code, const QByteArray &value)
{
    return order.u16(code) + order.u16(static_cast<quint16>(value.size())) + padded(value);
}
inline QByteArray sectionHeader(const Order &order, const QByteArray &options = {})
{
    return block(order, 0x0a0d0d0a, order.u32(0x1a2b3c4d) + order.u16(1) + order.u16(0) + order.u64(UINT64_MAX) + options);
}
inline QByteArray interfaceBlock(const Order &order, quint16 linkType, const QByteArray &options = {}, quint32 snap = 0)
{
    return block(order, 1, order.u16(linkType) + order.u16(0) + order.u32(snap) + options);
}
inline QByteArray packetBlock(const Order &order, quint32 interface, quint64 ticks, const QByteArray &packet,
                              const QByteArray &options = {})
{
    const auto size = static_cast<quint32>(packet.size());
    return block(order, 6,
                 order.u32(interface) + order.u32(static_cast<quint32>(ticks >> 32U)) + order.u32(static_cast<quint32>(ticks))
                     + order.u32(size) + order.u32(size) + padded(packet) + options);
}

inline bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

// A capture read to its end.
struct Opened {
    std::unique_ptr<RowSource> source;
    Index index;
    Error error;

    explicit Opened(const QString &path, std::size_t most = 7)
    {
        auto opened = openAnySession(path);
        if (!opened) {
            error = opened.error();
            return;
        }
        source = std::move(*opened);
        RowBatch batch;
        for (;;) {
            const Result<bool> more = source->readRows(batch, most);
            if (!more) {
                error = more.error();
                return;
            }
            index.append(batch);
            if (!*more) {
                return;
            }
        }
    }
    QByteArray bytes(RecordKind kind, PeerId peer = 1) const
    {
        QByteArray all;
        for (RowNumber number = 0; number < index.size(); ++number) {
            if (const Row &row = index.row(number); row.kind == kind && row.peer == peer) {
                all += source->read(row);
            }
        }
        return all;
    }
    // What happened with the peer (kNoPeer: what is said at the end), in short: "Joined R:hello S:yes Missing(5) Left"
    QByteArray story(PeerId peer = 1) const
    {
        QByteArrayList words;
        for (RowNumber number = 0; number < index.size(); ++number) {
            if (const Row &row = index.row(number); row.peer == peer) {
                words += word(row);
            }
        }
        return words.join(' ');
    }
    PeerId peers() const
    {
        PeerId count = 0;
        while (index.peerInfo(count + 1)) {
            ++count;
        }
        return count;
    }

private:
    QByteArray word(const Row &row) const
    {
        const auto *note = index.detailOf<NoteInfo>(row);
        const auto *left = index.detailOf<LeftInfo>(row);
        switch (row.kind) {
        case RecordKind::Joined:
            return "Joined";
        case RecordKind::Received:
            return "R:" + source->read(row);
        case RecordKind::Sent:
            return "S:" + source->read(row);
        case RecordKind::PeerFinished:
            return "PeerFinished";
        case RecordKind::Finished:
            return "Finished";
        case RecordKind::Left:
            return "Left(" + QByteArray::number(left ? static_cast<int>(left->reason) : -1) + ')';
        default:
            return note ? noteWord(*note) : QByteArray("?");
        }
    }
    static QByteArray noteWord(const NoteInfo &note)
    {
        const QByteArray count = QByteArray::number(static_cast<qlonglong>(note.a));
        const QByteArray second = QByteArray::number(static_cast<qlonglong>(note.b));
        switch (note.code) {
        case NoteCode::BytesMissing:
            return (note.b >= 2 ? "Cut(" : "Missing(") + count + ')';
        case NoteCode::PassedOver:
            return "PassedOver(" + count + ',' + second + ')' + QByteArray::fromStdString(note.text);
        case NoteCode::CameAgain:
            return "Again(" + count + ',' + second + ')';
        case NoteCode::CaptureIsTorn:
            return "Torn(" + count + ')';
        default:
            return "Note:" + QByteArray::fromStdString(note.text);
        }
    }
};

} // namespace tincan::test

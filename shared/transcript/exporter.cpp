// SPDX-License-Identifier: MIT
#include "transcript/exporter.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <cerrno>

#include <QFile>
#include <QFileInfo>

#include "transcript/packet.h"
#include "transcript/pcapng.h"

namespace tincan {

namespace {

constexpr std::uint64_t kMostNumbersSkipped = 1'000'000; // by connections that were tried and never made

// Goes through the blocks of a live file in order, keeping each conversation's numbers as the recorder did.
class FullWriter
{
public:
    FullWriter(std::span<const std::byte> file, QFile &out)
        : m_file(file)
        , m_out(out)
    {
    }

    bool add(const pcapng::Block &block)
    {
        if (const auto own = pcapng::recordOf(block)) {
            return addRecord(*own, block);
        }
        if (const auto packet = pcapng::packetOf(block)) {
            follow(*packet);
            ++m_packets;
        }
        return copy(block.whole);
    }
    bool flush()
    {
        const auto size = static_cast<qint64>(m_buffer.size());
        const bool good = m_out.write(reinterpret_cast<const char *>(m_buffer.data()), size) == size;
        m_buffer.clear();
        return good;
    }
    std::uint64_t packets() const { return m_packets; }

private:
    // A packet knows nothing of the scope that a session's addresses may have (fe80::1%eth0).
    using Side = std::tuple<Endpoint::Family, std::array<std::uint8_t, 16>, std::uint16_t>;
    using Key = std::pair<Side, Side>; // local, remote
    static Side side(const Endpoint &endpoint) { return {endpoint.family(), endpoint.addressBytes(), endpoint.port()}; }

    bool copy(std::span<const std::byte> bytes)
    {
        m_buffer.append(bytes.data(), bytes.size());
        constexpr std::size_t kFlushAt = 1024 * 1024;
        return m_buffer.size() < kFlushAt || flush();
    }

    bool addRecord(const pcapng::OwnRecord &own, const pcapng::Block &block)
    {
        const Record &record = own.record;
        switch (record.kind) {
        case RecordKind::FanOut:
            return writeOut(own);
        case RecordKind::Sent:
            if (own.back > 0) {
                return writeEcho(own, block);
            }
            break;
        case RecordKind::Joined:
            // Numbers are given one after the other: one that is far off is damage, and would cost memory for all before it.
            if (const auto *info = std::get_if<PeerInfo>(&own.detail); info && record.peer < m_lastPeer + kMostNumbersSkipped) {
                m_lastPeer = std::max(m_lastPeer, record.peer);
                m_flows.joined(record.peer, *info);
                m_peers[{side(info->local), side(info->remote)}] = record.peer;
            }
            break;
        case RecordKind::Finished:
            m_flows.finished(record.peer);
            break;
        case RecordKind::Left:
            m_flows.left(record.peer);
            break;
        default:
            break;
        }
        return copy(block.whole);
    }

    bool writeOut(const pcapng::OwnRecord &own)
    {
        const auto *info = std::get_if<FanOutInfo>(&own.detail);
        const Record &record = own.record;
        for (const PeerId peer : m_flows.recipients(record.peer, info)) {
            Flow *flow = m_flows.find(peer);
            if (!flow) {
                continue;
            }
            pcapng::appendPacket(m_buffer, *flow,
                                 {.time = record.time,
                                  .outbound = true,
                                  .flags = TcpPsh | TcpAck,
                                  .sequence = m_flows.sentNumber(*flow),
                                  .acknowledgement = flow->received,
                                  .payload = {record.data, record.size}});
            ++m_packets;
            if (!copy({})) {
                return false;
            }
        }
        m_flows.fanOut(record.peer, info, record.size);
        return true;
    }

    // The bytes stand before the block, in the file that is mapped.
    bool writeEcho(const pcapng::OwnRecord &own, const pcapng::Block &block)
    {
        const Record &record = own.record;
        Flow *flow = m_flows.find(record.peer);
        const auto before = static_cast<std::uint64_t>(block.whole.data() - m_file.data());
        if (!flow || own.back > before || record.size > own.back) {
            return copy(block.whole);
        }
        pcapng::appendPacket(m_buffer, *flow,
                             {.time = record.time,
                              .outbound = true,
                              .flags = TcpPsh | TcpAck,
                              .sequence = m_flows.sentNumber(*flow),
                              .acknowledgement = flow->received,
                              .payload = {block.whole.data() - own.back, record.size}});
        flow->sent += record.size;
        ++m_packets;
        return copy({});
    }

    void follow(const pcapng::Packet &packet)
    {
        const auto parsed = parsePacket(packet.bytes);
        if (!parsed) {
            return;
        }
        const Side source = side(parsed->source);
        const Side destination = side(parsed->destination);
        const auto found = m_peers.find(packet.outbound ? Key{source, destination} : Key{destination, source});
        Flow *flow = found == m_peers.end() ? nullptr : m_flows.find(found->second);
        if (flow) {
            const bool counts = (parsed->flags & (TcpSyn | TcpFin)) != 0;
            (packet.outbound ? flow->sent : flow->received)
                += static_cast<std::uint32_t>(parsed->payload.size()) + static_cast<std::uint32_t>(counts);
        }
    }

    std::span<const std::byte> m_file;
    QFile &m_out;
    ByteBuffer m_buffer;
    FlowTable m_flows;
    std::map<Key, PeerId> m_peers;
    PeerId m_lastPeer = kNoPeer;
    std::uint64_t m_packets = 0;
};

tl::unexpected<Error> failed(const QFile &file, CallName call, int code)
{
    return fail(code == 0 ? EIO : code, call, file.fileName().toStdString());
}

} // namespace

Result<ExportResult> exportFull(const QString &in, const QString &out, const std::function<bool(int)> &progress)
{
    QFile source(in);
    if (!source.open(QIODevice::ReadOnly)) {
        return failed(source, CallName::Open, errno);
    }
    const qint64 size = source.size();
    const uchar *mapped = size > 0 ? source.map(0, size) : nullptr;
    std::span<const std::byte> rest(reinterpret_cast<const std::byte *>(mapped), mapped ? static_cast<std::size_t>(size) : 0);
    if (const auto first = pcapng::firstBlock(rest); !first || first->type != pcapng::kSectionHeader) {
        return fail(0, CallName::Parse, in.toStdString() + " is no pcapng file");
    }
    if (QFileInfo(in) == QFileInfo(out)) {
        return fail(EEXIST, CallName::Open, out.toStdString());
    }
    QFile target(out);
    if (!target.open(QIODevice::WriteOnly | QIODevice::Truncate, QFile::ReadOwner | QFile::WriteOwner)) {
        return failed(target, CallName::Open, errno);
    }
    FullWriter writer(rest, target);
    int told = -1;
    while (const auto block = pcapng::firstBlock(rest)) {
        if (!writer.add(*block)) {
            return failed(target, CallName::Write, errno);
        }
        rest = rest.subspan(block->whole.size());
        const auto done = static_cast<int>(1000 - rest.size() * 1000 / static_cast<std::size_t>(size));
        if (progress && done != told && !progress(told = done)) {
            target.remove();
            return fail(ECANCELED, CallName::Write, out.toStdString());
        }
    }
    if (!writer.flush() || !target.flush()) {
        return failed(target, CallName::Write, errno);
    }
    return ExportResult{writer.packets(), rest.size()};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/exporter.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

#include <QFile>

#include "transcript/packet.h"
#include "transcript/pcapng.h"
#include "transcript/recordingplace.h"
#include "transcript/sessionscanner.h"

namespace tincan {

namespace {

// Goes through a session in order, keeping each conversation's numbers as the recorder did.
class FullWriter
{
public:
    using Item = SessionScanner::Item;

    FullWriter(const SessionScanner &session, QFile &out)
        : m_session(session)
        , m_out(out)
    {
    }

    bool add(const Item &item)
    {
        switch (item.kind) {
        case Item::Kind::Record:
            return addRecord(item);
        case Item::Kind::Mark:
            return addMark(item);
        case Item::Kind::Packet:
        case Item::Kind::Acknowledgement:
            ++m_packets;
            break;
        case Item::Kind::Header:
            return item.file > 0 || copy(item.block); // all segments become one file
        case Item::Kind::Other:
            break;
        }
        return copy(item.block);
    }
    bool flush()
    {
        const auto size = static_cast<qint64>(m_buffer.size());
        const bool good = m_out.write(reinterpret_cast<const char *>(m_buffer.data()), size) == size;
        m_buffer.clear();
        return good;
    }
    ExportResult result() const { return {m_packets, m_messages, m_session.cutBytes()}; }

private:
    bool copy(std::span<const std::byte> bytes)
    {
        m_buffer.append(bytes.data(), bytes.size());
        constexpr std::size_t kFlushAt = 1024 * 1024;
        return m_buffer.size() < kFlushAt || flush();
    }

    bool addRecord(const Item &item)
    {
        if (item.block.empty()) { // follows from marks
            return true;
        }
        const Record &record = item.record;
        Flow *flow = m_flows.find(record.peer);
        switch (record.kind) {
        case RecordKind::FanOut:
            return writeOut(item);
        case RecordKind::Sent:
        case RecordKind::Received:
            return addData(item, flow);
        case RecordKind::Joined:
            if (const auto *info = item.hasDetail ? std::get_if<PeerInfo>(&item.detail) : nullptr) {
                Flow &joined = m_flows.joined(record.peer, *info);
                joined.sent = joined.received = static_cast<std::uint32_t>(joined.isTcp()); // the SYNs
            }
            break;
        case RecordKind::PeerFinished:
            if (flow && flow->isTcp()) {
                ++flow->received; // a FIN has a number of its own
            }
            break;
        case RecordKind::Finished:
            m_flows.finished(record.peer);
            if (flow && flow->isTcp()) {
                ++flow->sent;
            }
            break;
        case RecordKind::Left:
            m_flows.left(record.peer);
            break;
        default:
            break;
        }
        return copy(item.block);
    }

    bool addMark(const Item &item)
    {
        if (std::holds_alternative<pcapng::Begin>(item.mark)) {
            m_flows = {}; // all that are there come now
            return true;
        }
        const auto *carried = std::get_if<pcapng::Carried>(&item.mark);
        if (carried) {
            Flow &flow = m_flows.joined(carried->peer, carried->info);
            flow.sent = carried->sent;
            flow.received = carried->received;
            flow.inRoom = carried->inRoom;
        }
        return (carried && !item.isNews) || copy(item.block);
    }

    bool addData(const Item &item, Flow *flow)
    {
        const Record &record = item.record;
        const bool outbound = record.kind == RecordKind::Sent;
        if (!flow) {
            return copy(item.block);
        }
        if (item.isPacket) {
            (outbound ? flow->sent : flow->received) += record.size;
            ++m_packets;
            return copy(item.block);
        }
        return writeWhole(item, *flow, outbound);
    }

    // As packets where the peer has any; else as a block of our own, which is what is left of a Unix socket's.
    void put(const Flow &flow, PeerId peer, std::int64_t time, bool outbound, std::span<const std::byte> payload)
    {
        if (!flow.hasPackets() || (!flow.isTcp() && payload.size() > mostPayload(flow))) {
            Record record;
            record.kind = outbound ? RecordKind::Sent : RecordKind::Received;
            record.peer = peer;
            record.time = time;
            record.data = payload.data();
            record.size = static_cast<std::uint32_t>(payload.size());
            pcapng::appendRecord(m_buffer, record, {});
            ++m_messages;
            return;
        }
        const std::uint32_t ours = m_flows.sentNumber(flow);
        std::uint32_t ahead = 0;
        do { // a message of a transport that keeps borders may be longer than what a segment carries
            const auto part = payload.subspan(ahead, std::min<std::size_t>(payload.size() - ahead, mostPayload(flow)));
            pcapng::appendPacket(m_buffer, flow,
                                 {.time = time,
                                  .outbound = outbound,
                                  .flags = TcpPsh | TcpAck,
                                  .sequence = (outbound ? ours : flow.received) + ahead,
                                  .acknowledgement = outbound ? flow.received : ours,
                                  .payload = part});
            ++m_packets;
            ahead += static_cast<std::uint32_t>(part.size());
        } while (ahead < payload.size());
    }

    bool writeOut(const Item &item)
    {
        const auto *info = item.hasDetail ? std::get_if<FanOutInfo>(&item.detail) : nullptr;
        const Record &record = item.record;
        for (const PeerId peer : m_flows.recipients(record.peer, info)) {
            const Flow *flow = m_flows.find(peer);
            if (!flow) {
                continue;
            }
            put(*flow, peer, record.time, true, {record.data, record.size});
            if (!copy({})) {
                return false;
            }
        }
        m_flows.fanOut(record.peer, info, record.size);
        return true;
    }

    // What no packet shows in the live file: an echo, data of a peer whose addresses another one has, too, or of one without.
    bool writeWhole(const Item &item, Flow &flow, bool outbound)
    {
        const Record &record = item.record;
        m_payload.resize(record.size);
        int error = 0;
        if (m_session.readInto(item.payloadAt, m_payload, &error) < m_payload.size()) {
            return copy(item.block);
        }
        put(flow, record.peer, record.time, outbound, m_payload);
        (outbound ? flow.sent : flow.received) += record.size;
        return copy({});
    }

    const SessionScanner &m_session;
    QFile &m_out;
    ByteBuffer m_buffer;
    FlowTable m_flows;
    std::vector<std::byte> m_payload;
    std::uint64_t m_packets = 0;
    std::uint64_t m_messages = 0;
};

tl::unexpected<Error> failed(const QFile &file, CallName call, int code)
{
    return fail(code == 0 ? EIO : code, call, file.fileName().toStdString());
}

bool isAmong(const QString &path, const SessionFiles &session)
{
    struct stat target {
    };
    if (::stat(QFile::encodeName(path).constData(), &target) < 0) {
        return false;
    }
    return std::any_of(session.files.begin(), session.files.end(), [&](const auto &file) {
        struct stat own {
        };
        return ::fstat(file->fd.get(), &own) == 0 && own.st_dev == target.st_dev && own.st_ino == target.st_ino;
    });
}

} // namespace

Result<ExportResult> exportFull(const QString &in, const QString &out, const std::function<bool(int)> &progress)
{
    const Result<std::unique_ptr<SessionScanner>> opened = SessionScanner::open(in);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    SessionScanner &session = **opened;
    if (isAmong(out, session.files())) {
        return fail(0, CallName::Parse,
                    out.toStdString() + " is a part of the session itself: choose another name to write it to");
    }
    if (isBeingRecorded(out)) {
        return fail(EBUSY, CallName::Open, out.toStdString());
    }
    QFile target(out);
    if (!target.open(QIODevice::WriteOnly | QIODevice::Truncate, QFile::ReadOwner | QFile::WriteOwner)) {
        return failed(target, CallName::Open, errno);
    }
    FullWriter writer(session, target);
    SessionScanner::Item item;
    int told = -1;
    Result<bool> more = session.next(item);
    for (; more && *more; more = session.next(item)) {
        if (!writer.add(item)) {
            return failed(target, CallName::Write, errno);
        }
        const auto done = static_cast<int>(session.bytesRead() * 1000 / session.files().bytes);
        if (progress && done != told && !progress(told = done)) {
            target.remove();
            return fail(ECANCELED, CallName::Write, out.toStdString());
        }
    }
    if (!more) {
        return tl::unexpected(more.error());
    }
    if (!writer.flush() || !target.flush()) {
        return failed(target, CallName::Write, errno);
    }
    return writer.result();
}

} // namespace tincan

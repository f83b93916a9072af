// SPDX-License-Identifier: MIT
#include "transcript/sessionreader.h"

#include <algorithm>
#include <unordered_map>

#include "transcript/flowtable.h"
#include "transcript/rowmaking.h"
#include "transcript/sessionscanner.h"

namespace tincan {

namespace {

class SessionReader final : public RowSource
{
public:
    explicit SessionReader(std::unique_ptr<SessionScanner> scanner)
        : m_scanner(std::move(scanner))
    {
    }

    Result<bool> readRows(RowBatch &into, std::size_t most) override
    {
        using Kind = SessionScanner::Item::Kind;
        const auto made = [&into] { return into.rows.size() + into.calls.size() + into.acks.size(); };
        const std::size_t enough = made() + most;
        while (made() < enough) {
            const Result<bool> more = m_scanner->next(m_item);
            if (!more || !*more) {
                return more;
            }
            if (m_item.kind == Kind::Mark) {
                carry(m_item.mark);
            } else {
                follow(m_item);
            }
            if (m_item.kind == Kind::Record || m_item.kind == Kind::Acknowledgement) {
                addRow(into, m_item.record, m_item.payloadAt, m_item.hasDetail ? &m_item.detail : nullptr);
            }
        }
        return true;
    }

    Report report() const override
    {
        Report report;
        report.bytes = m_scanner->files().bytes;
        report.bytesRead = m_scanner->bytesRead();
        report.cutBytes = m_scanner->cutBytes();
        report.passedOver = m_scanner->passedOver();
        report.application = m_scanner->files().application;
        report.own = true;
        report.finished = m_scanner->files().finished;
        return report;
    }

    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override
    {
        return m_scanner->readInto(offset, into, error);
    }

private:
    // Acknowledgements count all bytes of a connection, the rows only those that are there: how many were sent in what is missing
    // is taken off.
    void carry(const pcapng::AnyMark &mark)
    {
        if (const auto *carried = std::get_if<pcapng::Carried>(&mark); carried && carried->info.transport == Transport::Tcp) {
            const Flow *flow = m_flows.find(carried->peer);
            // Sequence numbers count SYN and FIN as well.
            const std::uint32_t bytes = carried->sent - (carried->finished > 0 ? 2U : 1U);
            const std::uint32_t missing = bytes - (flow ? m_flows.sentNumber(*flow) : 0);
            if (missing != 0) {
                m_missing[carried->peer] = missing;
            }
        }
    }
    void follow(SessionScanner::Item &item)
    {
        const Record &record = item.record;
        if (item.kind == SessionScanner::Item::Kind::Acknowledgement) {
            subtractMissing(item);
        } else if (item.kind == SessionScanner::Item::Kind::Record) {
            count(record, item.hasDetail ? &item.detail : nullptr);
        }
    }
    void subtractMissing(SessionScanner::Item &item) const
    {
        auto *info = std::get_if<AcknowledgedInfo>(&item.detail);
        if (const auto found = m_missing.find(item.record.peer); info && found != m_missing.end()) {
            const auto there = static_cast<std::int32_t>(static_cast<std::uint32_t>(info->bytes) - found->second);
            info->bytes = static_cast<std::uint64_t>(std::max(there, 0));
        }
    }
    void count(const Record &record, const Detail *detail)
    {
        switch (record.kind) {
        case RecordKind::Joined:
            if (const auto *info = detail ? std::get_if<PeerInfo>(detail) : nullptr) {
                m_flows.joined(record.peer, *info);
            }
            break;
        case RecordKind::Sent:
            if (Flow *flow = m_flows.find(record.peer)) {
                flow->sent += record.size;
            }
            break;
        case RecordKind::FanOut:
            m_flows.fanOut(record.peer, detail ? std::get_if<FanOutInfo>(detail) : nullptr, record.size);
            break;
        case RecordKind::Finished:
            m_flows.finished(record.peer);
            break;
        case RecordKind::Left:
            m_flows.left(record.peer);
            m_missing.erase(record.peer);
            break;
        default:
            break;
        }
    }

    FlowTable m_flows;
    std::unordered_map<PeerId, std::uint32_t> m_missing; // bytes sent to it of which no rows are there, modulo 2^32
    std::unique_ptr<SessionScanner> m_scanner;
    SessionScanner::Item m_item;
};

} // namespace

Result<std::unique_ptr<RowSource>> openOwnSession(const QString &path)
{
    Result<SessionFiles> files = openSessionFiles(path);
    if (!files) {
        return tl::unexpected(files.error());
    }
    if (!isOwnApplication(files->application)) {
        return fail(0, CallName::Parse, path.toStdString() + " is no session that Tincan recorded");
    }
    return readSession(std::move(*files));
}

std::unique_ptr<RowSource> readSession(SessionFiles files)
{
    return std::make_unique<SessionReader>(std::make_unique<SessionScanner>(std::move(files)));
}

} // namespace tincan

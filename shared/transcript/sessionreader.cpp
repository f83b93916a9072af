// SPDX-License-Identifier: MIT
#include "transcript/sessionreader.h"

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
    std::unique_ptr<SessionScanner> m_scanner;
    SessionScanner::Item m_item;
};

} // namespace

Result<std::unique_ptr<RowSource>> openOwnSession(const QString &path)
{
    Result<std::unique_ptr<SessionScanner>> scanner = SessionScanner::open(path);
    if (!scanner) {
        return tl::unexpected(scanner.error());
    }
    if (!(*scanner)->files().application.starts_with("tincan")) {
        return fail(0, CallName::Parse, path.toStdString() + " is no session that Tincan recorded");
    }
    return std::make_unique<SessionReader>(std::move(*scanner));
}

} // namespace tincan

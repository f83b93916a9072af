// SPDX-License-Identifier: MIT
#include "transcript/capturereader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "transcript/capturefile.h"
#include "transcript/linklayer.h"
#include "transcript/reassembler.h"

namespace tincan {

namespace {

class CaptureReader final : public RowSource
{
public:
    CaptureReader(std::unique_ptr<CaptureFile> file, std::string path)
        : m_file(std::move(file))
        , m_path(std::move(path))
        , m_reassembler(*this)
    {
    }

    Result<bool> readRows(RowBatch &into, std::size_t most) override;
    Report report() const override;
    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override;

private:
    enum class Phase : std::uint8_t { Packets, Flushing, Summary, Done };
    static constexpr std::size_t kReasons = static_cast<std::size_t>(PassedOverReason::AfterTheEnd) + 1;
    static constexpr std::size_t kMostComments = 1000; // of sections without packets
    static constexpr std::size_t kPacketsBetween = 65'536;

    Result<bool> readPackets(RowBatch &into, std::size_t most);
    void take(const CapturedPacket &packet, RowBatch &into);
    void note(NoteInfo info) { m_rows.detailed(kNoPeer, RecordKind::Note, std::move(info)); }
    void summarise();

    std::unique_ptr<CaptureFile> m_file;
    std::string m_path;
    CaptureRows m_rows;
    Reassembler m_reassembler;
    Phase m_phase = Phase::Packets;
    std::vector<std::string> m_comments; // of sections, until a packet gives them a time
    std::array<std::uint64_t, kReasons> m_passedOver{};
    std::uint32_t m_unknownLink = 0;
};

Result<bool> CaptureReader::readRows(RowBatch &into, std::size_t most)
{
    if (m_phase == Phase::Packets) {
        return readPackets(into, most);
    }
    m_rows.begin(into, m_rows.time());
    if (m_phase == Phase::Flushing && !m_reassembler.flush(m_rows, most)) {
        m_phase = Phase::Summary;
    }
    if (m_phase == Phase::Summary) {
        summarise();
        m_phase = Phase::Done;
    }
    return m_phase != Phase::Done;
}

// Comes back now and then also where packets give no rows, so that progress can be shown and reading given up.
Result<bool> CaptureReader::readPackets(RowBatch &into, std::size_t most)
{
    const std::size_t before = into.rows.size();
    CapturedPacket packet;
    for (std::size_t count = 0; count < kPacketsBetween && into.rows.size() - before < std::max<std::size_t>(most, 1); ++count) {
        switch (m_file->next(packet)) {
        case CaptureFile::Item::Packet:
            take(packet, into);
            break;
        case CaptureFile::Item::Comment:
            if (m_comments.size() < kMostComments) {
                m_comments.emplace_back(packet.comment);
            }
            break;
        case CaptureFile::Item::Failed:
            return fail(m_file->error(), CallName::Read, m_path);
        case CaptureFile::Item::End:
            m_phase = Phase::Flushing;
            return true;
        }
    }
    return true;
}

void CaptureReader::take(const CapturedPacket &packet, RowBatch &into)
{
    m_rows.begin(into, packet.time);
    for (std::string &comment : m_comments) {
        note({NoteCode::Other, 0, 0, std::move(comment)});
    }
    m_comments.clear();
    Transported transported;
    std::optional<PassedOverReason> reason = unwrap(packet, transported);
    if (!reason) {
        reason = m_reassembler.add(transported, packet.comment, m_rows);
    } else if (reason == PassedOverReason::UnknownLink) {
        m_unknownLink = packet.linkType;
    }
    if (reason) {
        ++m_passedOver.at(static_cast<std::size_t>(*reason));
    }
}

void CaptureReader::summarise()
{
    for (std::string &comment : m_comments) {
        note({NoteCode::Other, 0, 0, std::move(comment)});
    }
    for (std::size_t reason = 0; reason < kReasons; ++reason) {
        if (const std::uint64_t count = m_passedOver.at(reason); count > 0) {
            const bool isLink = reason == static_cast<std::size_t>(PassedOverReason::UnknownLink);
            note({NoteCode::PassedOver, static_cast<std::int64_t>(count), static_cast<std::int64_t>(reason),
                  isLink ? std::to_string(m_unknownLink) : std::string()});
        }
    }
    const CaptureRows::Totals &totals = m_rows.totals();
    if (totals.retransmitted > 0) {
        note({NoteCode::CameAgain,
              static_cast<std::int64_t>(totals.retransmitted),
              static_cast<std::int64_t>(totals.differing),
              {}});
    }
    if (m_file->cutBytes() > 0) {
        note({NoteCode::CaptureIsTorn, static_cast<std::int64_t>(m_file->cutBytes()), 0, {}});
    }
}

RowSource::Report CaptureReader::report() const
{
    Report report;
    report.bytes = m_file->size();
    report.bytesRead = m_file->position();
    report.cutBytes = m_file->cutBytes();
    for (const std::uint64_t count : m_passedOver) {
        report.passedOver += count;
    }
    report.retransmitted = m_rows.totals().retransmitted;
    report.missing = m_rows.totals().missing;
    report.application = m_file->application();
    return report;
}

std::size_t CaptureReader::readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const
{
    const std::size_t filled = readFile(m_file->fd(), offset, into, error);
    if (filled < into.size() && *error == 0) {
        *error = ENODATA;
    }
    return filled;
}

} // namespace

Result<std::unique_ptr<RowSource>> openCapture(const QString &path)
{
    auto file = CaptureFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    return std::make_unique<CaptureReader>(std::move(*file), path.toStdString());
}

} // namespace tincan

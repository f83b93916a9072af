// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include <QByteArray>
#include <QSemaphore>
#include <QString>

#include "transcript/rowsource.h"

namespace tincan::test {

// What a made file holds, and how it reads: for OpenedSession and its window. Rows are `peers` that join, then messages in turn
// from each ("message 0", "message 1" …), then, where `isEnded`, their ends.
struct MadeFile {
    int peers = 1;
    int messages = 10;
    bool isEnded = true;
    RowSource::Report report;   // bytes and bytesRead are made up
    std::optional<int> failsAt; // the message before which reading fails (EIO)
    std::optional<Error> cannotOpen;
    // Where it is given, each read takes one of it first: the test says how far reading goes.
    std::shared_ptr<QSemaphore> pace;
};

class MadeSource final : public RowSource
{
public:
    explicit MadeSource(MadeFile file)
        : m_file(std::move(file))
    {
        m_report = m_file.report;
        m_report.bytes = static_cast<std::uint64_t>(all());
    }

    static Result<std::unique_ptr<RowSource>> open(const MadeFile &file)
    {
        if (file.cannotOpen) {
            return tl::unexpected(*file.cannotOpen);
        }
        return std::make_unique<MadeSource>(file);
    }
    static auto opener(const MadeFile &file)
    {
        return [file](const QString & /*path*/) { return open(file); };
    }

    Result<bool> readRows(RowBatch &into, std::size_t most) override
    {
        if (m_file.pace) {
            m_file.pace->acquire();
        }
        for (std::size_t count = 0; count < most && m_next < all(); ++count, ++m_next) {
            if (m_file.failsAt && m_next == m_file.peers + *m_file.failsAt) {
                return fail(EIO, CallName::Read, "made.pcapng");
            }
            add(into, m_next);
        }
        m_report.bytesRead = static_cast<std::uint64_t>(m_next);
        return m_next < all();
    }
    Report report() const override { return m_report; }

    // Message n stands at n · 32.
    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override
    {
        const QByteArray bytes = payload(static_cast<int>(offset / kPlace)).mid(static_cast<qsizetype>(offset % kPlace));
        const auto count = std::min(into.size(), static_cast<std::size_t>(bytes.size()));
        std::memcpy(into.data(), bytes.constData(), count);
        *error = count < into.size() ? ENODATA : 0;
        return count;
    }
    static QByteArray payload(int message) { return "message " + QByteArray::number(message) + "\n"; }

private:
    static constexpr std::uint64_t kPlace = 32;
    int all() const { return m_file.peers + m_file.messages + (m_file.isEnded ? m_file.peers : 0); }

    void add(RowBatch &into, int number) const
    {
        Row row;
        row.time = 1'700'000'000'000'000'000 + number * std::int64_t{1'000'000};
        const int message = number - m_file.peers;
        if (message < 0) {
            row.peer = static_cast<PeerId>(number + 1);
            row.kind = RecordKind::Joined;
            PeerInfo info;
            info.local = Endpoint::ipv4(0x7f000001, 6666);
            info.remote = Endpoint::ipv4(0x7f000001, static_cast<std::uint16_t>(50'001 + number));
            row.detail = static_cast<std::uint32_t>(into.details.size());
            into.details.emplace_back(info);
            CallInfo call;
            call.call = CallName::Accept;
            call.result = number + 10;
            into.calls.push_back({row.time, row.peer, call});
        } else if (message < m_file.messages) {
            row.peer = static_cast<PeerId>(message % m_file.peers + 1);
            row.kind = message % 2 == 0 ? RecordKind::Received : RecordKind::Sent;
            row.offset = static_cast<std::uint64_t>(message) * kPlace;
            row.size = static_cast<std::uint32_t>(payload(message).size());
        } else {
            row.peer = static_cast<PeerId>(message - m_file.messages + 1);
            row.kind = RecordKind::Left;
            row.detail = static_cast<std::uint32_t>(into.details.size());
            into.details.emplace_back(LeftInfo{});
        }
        into.rows.push_back(row);
    }

    MadeFile m_file;
    Report m_report;
    int m_next = 0;
};

} // namespace tincan::test

// SPDX-License-Identifier: MIT
#include "transcript/savedtext.h"

#include <algorithm>
#include <array>

namespace tincan {

namespace {

constexpr qsizetype kLongestTail = 3;
constexpr std::size_t kSearch = 4096; // rows in which the rest of a character is looked for
constexpr std::int64_t kSecond = 1'000'000'000;

} // namespace

// Whether more of the row's stream comes.
bool SavedText::goesOn(const SavedRow &row) const
{
    const ConversationView::Stream stream = m_conversation.streamOf(row.row);
    const std::size_t end = std::min(m_conversation.size(), row.at + kSearch);
    for (std::size_t at = row.at + 1; at < end; ++at) {
        const Row &next = m_conversation.row(at);
        if (next.kind == row.row.kind && m_conversation.streamOf(next) == stream) {
            return true;
        }
    }
    return false;
}

TextRuns SavedText::decode(const SavedRow &row)
{
    if (row.row.kind != RecordKind::Received && row.row.kind != RecordKind::Sent) {
        return decodeMessage({}, row.view(), true, 0);
    }
    const ConversationView::Stream stream = m_conversation.streamOf(row.row);
    QByteArray before;
    if (const auto found = m_carried.find(stream); found != m_carried.end()) {
        before = found->second;
        m_carried.erase(found);
    }
    const QByteArrayView bytes = row.view();
    const QByteArray end = before + bytes.last(std::min(bytes.size(), kLongestTail)).toByteArray();
    const qsizetype tail = row.isWhole ? Decoder::incompleteTail(end) : 0;
    const bool isLast = tail == 0 || !goesOn(row);
    if (!isLast) {
        m_carried.emplace(stream, end.last(tail));
    }
    return decodeMessage(before, bytes, isLast, 0);
}

QByteArray SavedTime::text(std::int64_t time)
{
    const std::int64_t rest = (time % kSecond + kSecond) % kSecond;
    const std::time_t second = (time - rest) / kSecond;
    if (second != m_second) {
        m_second = second;
        std::tm parts{};
        m_as == As::Utc ? gmtime_r(&second, &parts) : localtime_r(&second, &parts);
        std::array<char, 64> begin{};
        const std::size_t size
            = std::strftime(begin.data(), begin.size(), m_as == As::Utc ? "%Y-%m-%dT%H:%M:%S." : "%Y-%m-%d %H:%M:%S.", &parts);
        m_begin = QByteArray(begin.data(), static_cast<qsizetype>(size));
    }
    return m_as == As::Utc ? m_begin + QByteArray::number(qint64{rest}).rightJustified(9, '0') + 'Z'
                           : m_begin + QByteArray::number(qint64{rest / 1000}).rightJustified(6, '0');
}

QByteArrayView savedKind(RecordKind kind) noexcept
{
    static constexpr std::array<QByteArrayView, 15> kNames
        = {"connecting", "joined",         "received",  "sent",          "sent-to-many", "refused", "peer-finished", "finished",
           "left",       "connect-failed", "listening", "listen-failed", "stopped",      "note",    "call"};
    return kNames.at(std::min<std::size_t>(static_cast<std::size_t>(kind), kNames.size() - 1));
}

QByteArrayView savedDirection(RecordKind kind) noexcept
{
    return kind == RecordKind::Received ? QByteArrayView("in") : hasPayload(kind) ? QByteArrayView("out") : QByteArrayView();
}

QByteArray missingText(const SavedRow &row)
{
    return row.isWhole ? QByteArray()
                       : QByteArray::number(row.row.size - static_cast<quint32>(row.bytes.size())) + " bytes were not kept";
}

void appendHex(ByteBuffer &into, std::span<const std::byte> bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::byte *where = into.extend(bytes.size() * 2);
    for (const std::byte value : bytes) {
        const auto byte = std::to_integer<unsigned>(value);
        *where++ = static_cast<std::byte>(kDigits[byte >> 4U]);
        *where++ = static_cast<std::byte>(kDigits[byte & 15U]);
    }
}

} // namespace tincan

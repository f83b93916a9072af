// SPDX-License-Identifier: MIT
#include "transcript/savedtext.h"

#include <algorithm>
#include <array>

#include "transcript/streamcontext.h"

namespace tincan {

namespace {

constexpr std::size_t kSearch = 4096; // rows in which another of the same stream is looked for
constexpr std::int64_t kSecond = 1'000'000'000;

} // namespace

// Whether more of the row's stream comes.
bool SavedText::goesOn(const SavedRow &row) const
{
    const Stream stream = conversation().streamOf(row.row);
    const std::size_t end = std::min(conversation().size(), row.at + kSearch);
    for (std::size_t at = row.at + 1; at < end; ++at) {
        const Row &next = conversation().row(at);
        if (isMessage(next.kind) && conversation().streamOf(next) == stream) {
            return true;
        }
    }
    return false;
}

// What the stream holds before a row of it, as far back as it is wanted and kept.
QByteArray SavedText::bytesBefore(std::size_t at, Stream stream, qsizetype most) const
{
    QByteArray bytes;
    const std::size_t last = at - std::min(at, kSearch);
    while (at > last && bytes.size() < most) {
        const Row &row = conversation().row(--at);
        if (isMessage(row.kind) && conversation().streamOf(row) == stream) {
            const auto wanted = std::min(row.size, static_cast<std::uint32_t>(most - bytes.size()));
            const QByteArray part = m_context.payloads.read(row, row.size - wanted, wanted);
            if (part.size() < static_cast<qsizetype>(wanted)) {
                break; // not kept: what stands before it says nothing
            }
            bytes.prepend(part);
        }
    }
    return bytes;
}

// Goes once through all rows before the first one that is saved.
void SavedText::measureBefore()
{
    const std::size_t first = conversation().placeOf(m_context.request.first);
    for (std::size_t at = 0; at < first && !m_isMeasured; ++at) {
        const Row &row = conversation().row(at);
        if (isMessage(row.kind)) {
            m_before[conversation().streamOf(row)] += row.size;
        }
    }
    m_isMeasured = true;
}

// The stream's, which begins with what an earlier row has cut, where that is not saved.
Decoder &SavedText::decoderOf(const SavedRow &row)
{
    const Stream stream = conversation().streamOf(row.row);
    const Encoding &encoding = *m_context.request.encoding;
    const auto [at, isNew] = m_decoders.try_emplace(stream, encoding);
    if (isNew && m_context.request.first > 0) {
        const std::size_t first = conversation().placeOf(m_context.request.first);
        const auto bytes = [&](qsizetype most) { return bytesBefore(first, stream, most); };
        const auto offset = [&] {
            measureBefore();
            return m_before[stream];
        };
        at->second.setCarried(carriedInto(encoding, {bytes, offset}));
    }
    return at->second;
}

TextRuns SavedText::decode(const SavedRow &row)
{
    if (!isMessage(row.row.kind) || row.row.isApart) { // what was refused is part of no stream, and a datagram is whole
        return decodeMessage({}, row.view(), true, 0, *m_context.request.encoding);
    }
    Decoder &decoder = decoderOf(row);
    TextRuns runs;
    decoder.decode(row.view(), runs);
    if (!decoder.carried().isEmpty() && (!row.isWhole || !goesOn(row))) {
        decoder.finish(runs);
    }
    return runs;
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

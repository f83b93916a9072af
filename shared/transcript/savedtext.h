// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <unordered_map>

#include <QByteArray>

#include "transcript/decoder.h"
#include "transcript/savewriter.h"

namespace tincan {

// The bytes of rows as text, in order, in the encoding that is asked for: a character cut between two messages of a stream is in
// the one that completes it, also where the first of them is not saved. The one place where saving decodes. One thread.
class SavedText
{
public:
    explicit SavedText(const SaveContext &context)
        : m_context(context)
    {
    }
    TextRuns decode(const SavedRow &row);

private:
    using Stream = ConversationView::Stream;
    const ConversationView &conversation() const noexcept { return m_context.request.conversation; }
    bool goesOn(const SavedRow &row) const;
    Decoder &decoderOf(const SavedRow &row);
    QByteArray bytesBefore(std::size_t at, Stream stream, qsizetype most) const;
    void measureBefore();

    SaveContext m_context;
    std::unordered_map<Stream, Decoder> m_decoders;
    std::unordered_map<Stream, std::uint64_t> m_before; // bytes of each stream before the first row that is saved
    bool m_isMeasured = false;
};

// Wall clock nanoseconds as "2026-11-21T14:02:13.118042000Z", or as "2026-11-21 14:02:13.118042" in the local time of this
// computer. One thread; asks the C library once a second of what is said.
class SavedTime
{
public:
    enum class As : std::uint8_t { Utc, Local };
    explicit SavedTime(As as)
        : m_as(as)
    {
    }
    QByteArray text(std::int64_t time);

private:
    As m_as;
    std::time_t m_second = -1;
    QByteArray m_begin;
};

// "received", "sent", "left" … as CSV and JSON Lines name what a row is.
QByteArrayView savedKind(RecordKind kind) noexcept;
// "in", "out"; empty of what is no message.
QByteArrayView savedDirection(RecordKind kind) noexcept;
// Without a payload that is all there: why, in a few words. Empty where it is whole.
QByteArray missingText(const SavedRow &row);

// "68656c6c6f", appended.
void appendHex(ByteBuffer &into, std::span<const std::byte> bytes);

} // namespace tincan

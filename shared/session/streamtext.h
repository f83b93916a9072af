// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include <QByteArray>

#include "transcript/conversationview.h"
#include "transcript/decoder.h"
#include "transcript/payloadsource.h"

namespace tincan {

// The messages of a conversation as text, any of them at any time: the character that a read has cut is looked for in those
// before it of the same stream (peer and direction). One thread at a time.
class StreamText
{
public:
    // `source` outlives it.
    explicit StreamText(const PayloadSource &source)
        : m_source(source)
    {
    }

    const Encoding &encoding() const noexcept { return *m_encoding; }
    void setEncoding(const Encoding &encoding) { m_encoding = &encoding; }

    struct Text {
        TextRuns runs;
        bool open = false; // ends in bytes that nothing has completed yet: shown as escapes, and otherwise once more has come
    };
    // What of a message is to be made text.
    struct Shown {
        std::size_t at = 0;                 // the row that it begins in
        std::uint32_t from = 0;             // … with this byte
        QByteArray bytes;                   // from its beginning on
        bool whole = true;                  // that is all of it
        std::vector<std::uint32_t> borders; // where in the bytes another read begins: shown as TextRun::Border
        std::function<bool()> goesOn
            = nullptr; // whether anything follows the message in its stream; asked only when that matters
    };
    // With what the bytes before it have cut. The view is of the same conversation each time, and has only grown.
    Text text(const ConversationView &view, const Shown &shown) const;
    // The bytes before the row's byte `from` that begin its first character (0 to 3).
    QByteArray carriedInto(const ConversationView &view, std::size_t at, std::uint32_t from) const;
    // How many bytes of its stream went before the row. Looks at every row before it once, then remembers.
    std::uint64_t offsetOf(const ConversationView &view, std::size_t at) const;

private:
    struct Mark {
        std::size_t at = 0;
        std::uint64_t offset = 0;
    };
    struct Offsets {
        std::vector<Mark> marks; // of some of its rows, in order
        std::uint64_t size = 0;  // of the rows seen
        std::uint64_t rows = 0;
    };
    TextRuns withBorders(const QByteArray &carried, const Shown &shown, bool isPart) const;
    QByteArray bytesBefore(const ConversationView &view, std::size_t at, std::uint32_t from, qsizetype most) const;

    const PayloadSource &m_source;
    const Encoding *m_encoding = &utf8();
    mutable std::unordered_map<ConversationView::Stream, Offsets> m_offsets;
    mutable std::size_t m_seen = 0; // rows that are in m_offsets
};

} // namespace tincan

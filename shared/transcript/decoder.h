// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <memory>
#include <vector>

#include <QByteArrayView>
#include <QString>

#include "transcript/encoding.h"

namespace tincan {

// A piece of shown text: plain as the peer wrote it, or an escape that stands for what cannot or must not be shown as it is.
struct TextRun {
    enum class Kind : std::uint8_t {
        Plain,
        LineEnd, // "\r\n", "\n": a new line follows on the screen
        Control, // "\x07", "\e", "\t", bidi overrides as "\u202e"
        Invalid, // "\xff": bytes that are no character in this encoding
        Border,  // no byte at all: here another read begins
        Fold,    // "\x00 × 1012": a run of one byte (in UTF-16: of one unit) at the payload's end
    };
    Kind kind = Kind::Plain;
    QString text;
    std::uint32_t size = 0; // bytes that it stands for; those of a run after it follow on them
};

using TextRuns = std::vector<TextRun>;

// Bytes to text, as a stream: the beginning of a character that a read has cut is carried over, and the character shows whole in
// the message that completes it. One for each peer and direction.
class Decoder
{
public:
    explicit Decoder(const Encoding &encoding = utf8())
        : m_encoding(&encoding)
    {
    }

    // Appends the runs of `bytes` to `into`. Bytes that may begin a character are held back for the next call.
    void decode(QByteArrayView bytes, TextRuns &into);
    // What is held back, as Invalid runs: at the end of a conversation.
    void finish(TextRuns &into);
    // The bytes held back (0 to 3).
    QByteArrayView carried() const noexcept;
    // Begins with these bytes held back.
    void setCarried(QByteArrayView bytes);
    void reset() { m_carriedSize = 0; }

    // How many bytes at the end of `bytes` begin a UTF-8 character that more bytes would complete (0 to 3).
    static qsizetype incompleteTail(QByteArrayView bytes) noexcept;

private:
    const Encoding *m_encoding;
    std::array<char, 4> m_carried{};
    qsizetype m_carriedSize = 0;
};

// `bytes` as runs, on their own, with a run of one byte (of one unit in UTF-16) at the end folded where it is longer than
// `foldAbove` (0: never). The runs stand for what was carried and the bytes together, without those that are held back at the
// end where it is not the stream's.
TextRuns decodeMessage(QByteArrayView carriedFromBefore, QByteArrayView bytes, bool endOfStream, int foldAbove = 16,
                       const Encoding &encoding = utf8());

// "00000010  68 65 6c 6c 6f …  |hello…|" lines of 16, LF between them.
QString hexDump(QByteArrayView bytes, quint32 firstOffset = 0);

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/bytemap.h"

#include <algorithm>

#include "transcript/decodedtext.h"

namespace tincan {

namespace {

constexpr int utf8Size(char32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

int charSize(char32_t point, const Encoding &encoding)
{
    switch (encoding.form) {
    case Encoding::Form::Utf8:
        return utf8Size(point);
    case Encoding::Form::Utf16Le:
    case Encoding::Form::Utf16Be:
        return point > 0xffff ? 4 : 2;
    case Encoding::Form::SingleByte:
        return 1;
    case Encoding::Form::MultiByte:
        break;
    }
    return 2; // of those that are escapes; GB18030 alone has some of four
}

// Goes through the characters of the runs, and says of each what bytes it stands for.
class Walk
{
public:
    explicit Walk(std::vector<CharSpan> &into, const std::vector<ByteSpan> &spans)
        : m_into(into)
        , m_spans(spans)
    {
    }

    void skipBytes(std::int64_t count) { m_byte -= count; } // that stood before the payload
    bool isDone() const { return m_next == m_spans.size(); }

    void step(int chars, std::int64_t bytes)
    {
        const std::int64_t end = m_byte + bytes;
        for (std::size_t at = m_next; at < m_spans.size() && m_spans[at].from < end; ++at) {
            const ByteSpan &span = m_spans[at];
            if (span.to > m_byte) {
                mark(at, chars);
            }
        }
        m_byte = end;
        m_char += chars;
        while (m_next < m_spans.size() && m_spans[m_next].to <= m_byte) {
            ++m_next;
        }
    }

    // `bytes`: those of the run.
    void plain(const QString &text, QByteArrayView bytes, const Encoding &encoding)
    {
        if (encoding.form == Encoding::Form::MultiByte) {
            const DecodedText decoded(encoding, {}, bytes);
            for (qsizetype at = 0; at < decoded.text().size() && !isDone();) {
                const DecodedText::Span span = decoded.bytesOf(at, 1);
                const DecodedText::Span chars = decoded.textOf(span.at, span.size);
                const qsizetype size = std::max<qsizetype>(1, chars.at + chars.size - at);
                step(static_cast<int>(size), span.size);
                at += size;
            }
            return;
        }
        for (qsizetype at = 0; at < text.size() && !isDone();) {
            const bool isPair = text[at].isHighSurrogate() && at + 1 < text.size();
            const char32_t point = isPair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode();
            step(isPair ? 2 : 1, charSize(point, encoding));
            at += isPair ? 2 : 1;
        }
    }

    // "\x07", "\t", "\u202e". Of bytes that are no character one each.
    void escapes(const TextRun &run, const Encoding &encoding)
    {
        const int unit = encoding.isUtf16() && run.kind != TextRun::Kind::Invalid ? 2 : 1;
        const QString &text = run.text;
        for (qsizetype at = 0; at < text.size() && !isDone();) {
            const char16_t letter = at + 1 < text.size() ? text[at + 1].unicode() : u' ';
            const int digits = letter == u'x' ? 2 : letter == u'u' ? 4 : letter == u'U' ? 8 : 0;
            const bool isPoint = digits > 2;
            step(2 + digits, isPoint ? charSize(text.mid(at + 2, digits).toUInt(nullptr, 16), encoding) : unit);
            at += 2 + digits;
        }
    }

private:
    void mark(std::size_t span, int chars)
    {
        if (!m_into.empty() && m_last == span && m_into.back().start + m_into.back().length == m_char) {
            m_into.back().length += chars;
        } else {
            m_into.push_back({m_char, chars, m_spans[span].isCurrent});
        }
        m_last = span;
    }

    std::vector<CharSpan> &m_into;
    const std::vector<ByteSpan> &m_spans;
    std::size_t m_next = 0;
    std::size_t m_last = SIZE_MAX;
    std::int64_t m_byte = 0;
    int m_char = 0;
};

} // namespace

std::vector<CharSpan> charsOf(const TextRuns &runs, const DecodedBytes &of, const std::vector<ByteSpan> &spans)
{
    std::vector<CharSpan> chars;
    Walk walk(chars, spans);
    walk.skipBytes(of.carried.size());
    const QByteArray all = of.carried + of.bytes;
    qsizetype from = 0;
    for (std::size_t at = 0; at < runs.size() && !walk.isDone(); ++at) {
        const TextRun &run = runs[at];
        const auto size = std::min<qsizetype>(run.size, all.size() - from);
        switch (run.kind) {
        case TextRun::Kind::Plain:
            walk.plain(run.text, QByteArrayView(all).sliced(from, size), of.encoding);
            break;
        case TextRun::Kind::LineEnd:
            walk.escapes(run, of.encoding);
            if (at + 1 < runs.size()) {
                walk.step(1, 0); // the line separator
            }
            break;
        case TextRun::Kind::Control:
        case TextRun::Kind::Invalid:
            walk.escapes(run, of.encoding);
            break;
        case TextRun::Kind::Border:
        case TextRun::Kind::Fold: // marked as one
            walk.step(static_cast<int>(run.text.size()), size);
            break;
        }
        from += size;
    }
    return chars;
}

std::vector<CharSpan> dumpCharsOf(int dumpAt, int perLine, std::int64_t size, const std::vector<ByteSpan> &spans)
{
    constexpr int kHexAt = 10;
    const int textAt = perLine == 16 ? 61 : 12 + 3 * perLine; // as RowLayout cuts its lines
    const int lineLength = textAt + perLine + 2;              // with the bar and the line separator
    std::vector<CharSpan> chars;
    for (const ByteSpan &span : spans) {
        const std::int64_t end = std::min(span.to, size);
        for (std::int64_t from = std::max<std::int64_t>(0, span.from); from < end;) {
            const int column = static_cast<int>(from % perLine);
            const int count = static_cast<int>(std::min<std::int64_t>(end - from, perLine - column));
            const int line = dumpAt + static_cast<int>(from / perLine) * lineLength;
            const auto hex = [](int at) { return kHexAt + 3 * at + (at >= 8 ? 1 : 0); };
            chars.push_back({line + hex(column), hex(column + count - 1) + 2 - hex(column), span.isCurrent});
            chars.push_back({line + textAt + column, count, span.isCurrent});
            from += count;
        }
    }
    return chars;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/decodedtext.h"

#include <algorithm>

#include "transcript/charreader.h"
#include "transcript/escapes.h"

namespace tincan {

// Takes the decoder's runs apart again: a run knows where its bytes begin, and within it the units tell the rest.
class DecodedText::Builder
{
public:
    Builder(DecodedText &into, const Encoding &encoding, QByteArrayView all, qsizetype carried, Limits limits)
        : m_into(into)
        , m_encoding(encoding)
        , m_reader(encoding)
        , m_all(all)
        , m_carried(carried)
        , m_limits(limits)
    {
    }

    void add(const TextRun &run)
    {
        const qsizetype end = m_at + run.size;
        if (run.kind == TextRun::Kind::Plain) {
            addPlain(run);
        } else if (run.kind == TextRun::Kind::LineEnd) {
            addEscape(run.text, false);
            put(u"\n");
            newLine();
        } else {
            while (m_at < end && !isFull()) {
                const bool invalid = run.kind == TextRun::Kind::Invalid;
                const CharReader::Char c = invalid ? CharReader::Char{0, 1} : characterAt(m_at);
                addEscape(invalid ? byteEscape(static_cast<unsigned char>(m_all[m_at])) : shown(c.point), invalid);
                m_at += c.size;
            }
            return;
        }
        if (!isFull() || run.kind == TextRun::Kind::LineEnd) {
            m_at = end;
        }
    }
    bool isFull() const { return m_lines >= m_limits.lines; }
    qsizetype at() const { return m_at; }

private:
    static QString shown(char32_t point)
    {
        return point < 0x20 || point == 0x7f ? controlEscape(static_cast<unsigned char>(point)) : pointEscape(point);
    }
    CharReader::Char characterAt(qsizetype at) const
    {
        const auto *bytes = reinterpret_cast<const unsigned char *>(m_all.data()) + at;
        if (m_encoding.form != Encoding::Form::Utf8) {
            return m_reader.next(bytes, m_all.size() - at);
        }
        // Of sound UTF-8: the decoder has seen to that.
        const qsizetype size = *bytes < 0x80 ? 1 : *bytes < 0xe0 ? 2 : *bytes < 0xf0 ? 3 : 4;
        char32_t point = size == 1 ? *bytes : *bytes & (0xffU >> (size + 1));
        for (qsizetype next = 1; next < size; ++next) {
            point = point << 6U | (bytes[next] & 0x3fU);
        }
        return {point, size, CharReader::Char::State::Whole};
    }
    void put(QStringView units)
    {
        m_into.m_text += units;
        m_into.m_byteOf.insert(m_into.m_byteOf.end(), static_cast<std::size_t>(units.size()),
                               static_cast<std::uint32_t>(std::max<qsizetype>(0, m_at - m_carried)));
        m_column += units.size();
    }
    void newLine()
    {
        ++m_lines;
        m_column = 0;
    }
    void breakLong()
    {
        if (m_column >= m_limits.lineLength) {
            put(u"\n");
            newLine();
        }
    }
    void addPlain(const TextRun &run)
    {
        const qsizetype end = m_at + run.size;
        while (m_at < end && !isFull()) {
            const CharReader::Char c = characterAt(m_at);
            put(QChar::fromUcs4(c.point));
            m_at += c.size;
            breakLong();
        }
    }
    void addEscape(const QString &text, bool invalid)
    {
        auto &escapes = m_into.m_escapes;
        const qsizetype from = m_into.m_text.size();
        if (!escapes.empty() && escapes.back().invalid == invalid && escapes.back().at + escapes.back().size == from) {
            escapes.back().size += text.size();
        } else {
            escapes.push_back({from, text.size(), invalid});
        }
        put(text);
        breakLong();
    }

    DecodedText &m_into;
    const Encoding &m_encoding;
    CharReader m_reader;
    QByteArrayView m_all;
    qsizetype m_carried;
    Limits m_limits;
    qsizetype m_at = 0; // in m_all
    qsizetype m_lines = 0;
    qsizetype m_column = 0;
};

DecodedText::DecodedText(const Encoding &encoding, QByteArrayView carried, QByteArrayView bytes, Limits limits)
{
    const QByteArray all = carried.toByteArray() + bytes.toByteArray();
    const TextRuns runs = decodeMessage(carried, bytes, true, 0, encoding);
    Builder builder(*this, encoding, all, carried.size(), limits);
    for (const TextRun &run : runs) {
        if (builder.isFull()) {
            break;
        }
        builder.add(run);
    }
    m_size = static_cast<std::uint32_t>(std::max<qsizetype>(0, builder.at() - carried.size()));
}

DecodedText::Span DecodedText::bytesOf(qsizetype from, qsizetype size) const
{
    const auto end = static_cast<qsizetype>(m_byteOf.size());
    const auto byteAt
        = [&](qsizetype unit) { return static_cast<qsizetype>(unit < end ? m_byteOf[static_cast<std::size_t>(unit)] : m_size); };
    from = std::clamp<qsizetype>(from, 0, end);
    qsizetype last = std::clamp<qsizetype>(from + size, from, end);
    const qsizetype first = byteAt(from);
    if (last == from) {
        return {first, 0};
    }
    while (last < end && byteAt(last) == byteAt(last - 1)) {
        ++last; // to the end of the character that was begun
    }
    return {first, byteAt(last) - first};
}

DecodedText::Span DecodedText::textOf(qsizetype from, qsizetype size) const
{
    // The first unit of the last character that begins at or before a byte.
    const auto unitOf = [this](qsizetype byte) {
        const auto after = std::upper_bound(m_byteOf.begin(), m_byteOf.end(), byte);
        const auto first = after == m_byteOf.begin() ? after : std::lower_bound(m_byteOf.begin(), after, *(after - 1));
        return first - m_byteOf.begin();
    };
    const auto units = static_cast<qsizetype>(m_byteOf.size());
    if (from >= m_size) {
        return {units, 0};
    }
    const qsizetype at = unitOf(from);
    const auto end = std::lower_bound(m_byteOf.begin(), m_byteOf.end(), from + size) - m_byteOf.begin();
    return {at, size > 0 ? std::max<qsizetype>(end - at, 0) : 0};
}

} // namespace tincan

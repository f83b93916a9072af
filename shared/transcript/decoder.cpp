// SPDX-License-Identifier: MIT
#include "transcript/decoder.h"

#include <algorithm>
#include <cstring>

namespace tincan {

namespace {

constexpr unsigned kHighBit = 0x80;

// How many bytes the character that begins with `lead` has (RFC 3629); 0 for a byte that begins none.
qsizetype lengthOf(unsigned char lead) noexcept
{
    if (lead < kHighBit) {
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        return 3;
    }
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

// Whether `second` may follow `lead`: keeps overlong forms, surrogates and what is above U+10FFFF out (RFC 3629 §4).
bool mayFollow(unsigned char lead, unsigned char second) noexcept
{
    switch (lead) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return second >= 0x80 && second <= 0xbf;
    }
}

// How many of the bytes, at most a whole character, are a right beginning of one.
qsizetype soundPrefix(const unsigned char *bytes, qsizetype count) noexcept
{
    const qsizetype length = lengthOf(bytes[0]);
    qsizetype at = 1;
    while (at < std::min(length, count) && (at == 1 ? mayFollow(bytes[0], bytes[1]) : (bytes[at] & 0xc0U) == kHighBit)) {
        ++at;
    }
    return length == 0 ? 0 : at;
}

QString byteEscape(unsigned char byte)
{
    return QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

QString controlEscape(unsigned char byte)
{
    switch (byte) {
    case '\t':
        return QStringLiteral("\\t");
    case '\a':
        return QStringLiteral("\\a");
    case '\b':
        return QStringLiteral("\\b");
    case '\f':
        return QStringLiteral("\\f");
    case '\v':
        return QStringLiteral("\\v");
    case 0x1b:
        return QStringLiteral("\\e");
    default:
        return byteEscape(byte);
    }
}

// Characters that would act on the text around them, or cannot be seen: shown, never obeyed. The joiners of scripts and emoji
// (U+200C, U+200D) and variation selectors are left to the font.
bool isHidden(char32_t point) noexcept
{
    struct Range {
        char32_t first;
        char32_t last;
    };
    static constexpr std::array kHidden = {
        Range{0x80, 0x9f},     Range{0xad, 0xad},     Range{0x61c, 0x61c},   Range{0x115f, 0x1160}, Range{0x180e, 0x180e},
        Range{0x200b, 0x200b}, Range{0x200e, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f}, Range{0x3164, 0x3164},
        Range{0xfdd0, 0xfdef}, Range{0xfeff, 0xfeff}, Range{0xfff0, 0xfffb}, Range{0xffa0, 0xffa0}, Range{0xe0000, 0xe0fff},
    };
    return (point & 0xfffeU) == 0xfffe || std::any_of(kHidden.begin(), kHidden.end(), [point](Range range) {
               return point >= range.first && point <= range.last;
           });
}

QString pointEscape(char32_t point)
{
    return point > 0xffff ? QStringLiteral("\\U%1").arg(static_cast<uint>(point), 8, 16, QLatin1Char('0'))
                          : QStringLiteral("\\u%1").arg(static_cast<uint>(point), 4, 16, QLatin1Char('0'));
}

char32_t codePoint(const unsigned char *bytes, qsizetype length) noexcept
{
    static constexpr std::array<unsigned, 5> kMasks = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t point = bytes[0] & kMasks.at(static_cast<std::size_t>(length));
    for (qsizetype at = 1; at < length; ++at) {
        point = (point << 6U) | (bytes[at] & 0x3fU);
    }
    return point;
}

void append(TextRuns &into, TextRun::Kind kind, const QString &text)
{
    if (!into.empty() && into.back().kind == kind && kind != TextRun::Kind::LineEnd) {
        into.back().text += text;
    } else {
        into.push_back({kind, text});
    }
}

class Cutter
{
public:
    Cutter(const unsigned char *bytes, qsizetype count, TextRuns &into)
        : m_bytes(bytes)
        , m_count(count)
        , m_into(into)
    {
    }

    // Returns how many bytes at the end are held back.
    qsizetype cut()
    {
        while (m_at < m_count) {
            const unsigned char byte = m_bytes[m_at];
            if (byte >= 0x20 && byte < 0x7f) {
                ++m_at;
                continue;
            }
            if (byte < kHighBit) {
                control(byte);
                continue;
            }
            const qsizetype sound = soundPrefix(m_bytes + m_at, m_count - m_at);
            const qsizetype length = lengthOf(byte);
            if (sound == length && length > 0) {
                character(length);
            } else if (sound > 0 && m_at + sound == m_count) {
                break; // the rest may come
            } else {
                flushPlain();
                append(m_into, TextRun::Kind::Invalid, byteEscape(byte));
                m_plain = ++m_at;
            }
        }
        flushPlain();
        return m_count - m_at;
    }

private:
    void flushPlain()
    {
        if (m_at > m_plain) {
            append(m_into, TextRun::Kind::Plain,
                   QString::fromUtf8(reinterpret_cast<const char *>(m_bytes + m_plain), m_at - m_plain));
        }
        m_plain = m_at;
    }
    void character(qsizetype length)
    {
        const char32_t point = codePoint(m_bytes + m_at, length);
        if (isHidden(point)) {
            flushPlain();
            append(m_into, TextRun::Kind::Control, pointEscape(point));
            m_plain = m_at + length;
        }
        m_at += length;
    }
    void control(unsigned char byte)
    {
        flushPlain();
        if (byte == '\r' && m_at + 1 < m_count && m_bytes[m_at + 1] == '\n') {
            append(m_into, TextRun::Kind::LineEnd, QStringLiteral("\\r\\n"));
            ++m_at;
        } else if (byte == '\n' || byte == '\r') {
            append(m_into, TextRun::Kind::LineEnd, byte == '\n' ? QStringLiteral("\\n") : QStringLiteral("\\r"));
        } else {
            append(m_into, TextRun::Kind::Control, controlEscape(byte));
        }
        m_plain = ++m_at;
    }

    const unsigned char *m_bytes;
    qsizetype m_count;
    TextRuns &m_into;
    qsizetype m_at = 0;
    qsizetype m_plain = 0; // where the plain part under way begins
};

} // namespace

void Decoder::decode(QByteArrayView bytes, TextRuns &into)
{
    QByteArray joined;
    if (m_carriedSize > 0) {
        joined = QByteArray(m_carried.data(), m_carriedSize);
        joined.append(bytes);
        bytes = joined;
    }
    const qsizetype held = Cutter(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), into).cut();
    setCarried(bytes.last(held));
}

void Decoder::finish(TextRuns &into)
{
    for (qsizetype at = 0; at < m_carriedSize; ++at) {
        append(into, TextRun::Kind::Invalid, byteEscape(static_cast<unsigned char>(m_carried[static_cast<std::size_t>(at)])));
    }
    m_carriedSize = 0;
}

QByteArrayView Decoder::carried() const noexcept
{
    return {m_carried.data(), m_carriedSize};
}

void Decoder::setCarried(QByteArrayView bytes)
{
    m_carriedSize = std::min(bytes.size(), static_cast<qsizetype>(m_carried.size()));
    std::copy_n(bytes.data(), m_carriedSize, m_carried.begin());
}

qsizetype Decoder::incompleteTail(QByteArrayView bytes) noexcept
{
    const auto *data = reinterpret_cast<const unsigned char *>(bytes.data());
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, bytes.size()); ++back) {
        const unsigned char *lead = data + bytes.size() - back;
        if (lengthOf(*lead) > 1) {
            return lengthOf(*lead) > back && soundPrefix(lead, back) == back ? back : 0;
        }
        if ((*lead & 0xc0U) != kHighBit) {
            break;
        }
    }
    return 0;
}

TextRuns decodeMessage(QByteArrayView carriedFromBefore, QByteArrayView bytes, bool endOfStream, int foldAbove)
{
    qsizetype run = 0;
    while (run < bytes.size() && bytes[bytes.size() - 1 - run] == bytes.back()) {
        ++run;
    }
    // Text is not folded to its last character's sake: only bytes that show as escapes are.
    const bool isPlain = !bytes.isEmpty() && static_cast<unsigned char>(bytes.back()) >= 0x20 && bytes.back() != 0x7f
        && static_cast<unsigned char>(bytes.back()) < kHighBit;
    const bool fold = foldAbove > 0 && run > foldAbove && !(isPlain && run < 64);
    TextRuns runs;
    Decoder decoder;
    decoder.setCarried(carriedFromBefore);
    decoder.decode(fold ? bytes.chopped(run) : bytes, runs);
    if (endOfStream || fold) {
        decoder.finish(runs);
    }
    if (fold) {
        const auto byte = static_cast<unsigned char>(bytes.back());
        const QString shown = isPlain ? QString(QLatin1Char(bytes.back()))
            : byte == '\n'            ? QStringLiteral("\\n")
            : byte == '\r'            ? QStringLiteral("\\r")
                                      : controlEscape(byte);
        runs.push_back({TextRun::Kind::Fold, shown + QStringLiteral(" × %1").arg(run)});
    }
    return runs;
}

QString hexDump(QByteArrayView bytes, quint32 firstOffset)
{
    constexpr qsizetype kPerLine = 16;
    constexpr std::string_view kDigits = "0123456789abcdef";
    QByteArray text;
    for (qsizetype line = 0; line < bytes.size(); line += kPerLine) {
        if (line > 0) {
            text += '\n';
        }
        text += QByteArray::number(firstOffset + static_cast<quint32>(line), 16).rightJustified(8, '0') + ' ';
        const QByteArrayView part = bytes.sliced(line, std::min(kPerLine, bytes.size() - line));
        for (qsizetype at = 0; at < kPerLine; ++at) {
            text += at == kPerLine / 2 ? "  " : " ";
            if (at < part.size()) {
                const auto byte = static_cast<unsigned char>(part[at]);
                text += kDigits[byte >> 4U];
                text += kDigits[byte & 15U];
            } else {
                text += "  ";
            }
        }
        text += "  |";
        for (const char byte : part) {
            text += byte >= 0x20 && byte < 0x7f ? byte : '.';
        }
        text += '|';
    }
    return QString::fromLatin1(text);
}

} // namespace tincan

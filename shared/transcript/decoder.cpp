// SPDX-License-Identifier: MIT
#include "transcript/decoder.h"

#include <algorithm>

#include "transcript/charreader.h"
#include "transcript/codedtext.h"
#include "transcript/escapes.h"

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

char32_t codePoint(const unsigned char *bytes, qsizetype length) noexcept
{
    static constexpr std::array<unsigned, 5> kMasks = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t point = bytes[0] & kMasks.at(static_cast<std::size_t>(length));
    for (qsizetype at = 1; at < length; ++at) {
        point = (point << 6U) | (bytes[at] & 0x3fU);
    }
    return point;
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
                appendRun(m_into, TextRun::Kind::Invalid, byteEscape(byte), 1);
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
            appendRun(m_into, TextRun::Kind::Plain,
                      QString::fromUtf8(reinterpret_cast<const char *>(m_bytes + m_plain), m_at - m_plain),
                      static_cast<std::uint32_t>(m_at - m_plain));
        }
        m_plain = m_at;
    }
    void character(qsizetype length)
    {
        const char32_t point = codePoint(m_bytes + m_at, length);
        if (isHidden(point)) {
            flushPlain();
            appendRun(m_into, TextRun::Kind::Control, pointEscape(point), static_cast<std::uint32_t>(length));
            m_plain = m_at + length;
        }
        m_at += length;
    }
    void control(unsigned char byte)
    {
        flushPlain();
        if (byte == '\r' && m_at + 1 < m_count && m_bytes[m_at + 1] == '\n') {
            appendRun(m_into, TextRun::Kind::LineEnd, QStringLiteral("\\r\\n"), 2);
            ++m_at;
        } else if (byte == '\n' || byte == '\r') {
            appendRun(m_into, TextRun::Kind::LineEnd, byte == '\n' ? QStringLiteral("\\n") : QStringLiteral("\\r"), 1);
        } else {
            appendRun(m_into, TextRun::Kind::Control, controlEscape(byte), 1);
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
    const qsizetype held = m_encoding->form == Encoding::Form::Utf8
        ? Cutter(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), into).cut()
        : cutCoded(*m_encoding, bytes, into);
    setCarried(bytes.last(held));
}

void Decoder::finish(TextRuns &into)
{
    appendInvalid(into, carried());
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

namespace {

// The same over and over at the end of a message.
struct Repeated {
    qsizetype count = 0;
    qsizetype size = 1; // bytes of each
    qsizetype tail = 0; // bytes behind them: half a unit of UTF-16
    QString shown;
};

QString shownUnit(char32_t point)
{
    if (point == U'\n' || point == U'\r') {
        return point == U'\n' ? QStringLiteral("\\n") : QStringLiteral("\\r");
    }
    if (point < 0x20 || point == 0x7f) {
        return controlEscape(static_cast<unsigned char>(point));
    }
    return isHidden(point) ? pointEscape(point) : QStringView(QChar::fromUcs4(point)).toString();
}

// What a byte that is repeated shows as; nothing where the byte before it decides.
QString shownByte(const Encoding &encoding, unsigned char byte)
{
    if (byte < kHighBit) {
        return encoding.form == Encoding::Form::MultiByte && byte >= encoding.firstTrail ? QString() : shownUnit(byte);
    }
    switch (encoding.form) {
    case Encoding::Form::SingleByte: {
        const CharReader::Char c = CharReader(encoding).next(&byte, 1);
        return c.state == CharReader::Char::State::Whole ? shownUnit(c.point) : byteEscape(byte);
    }
    case Encoding::Form::Utf8:
        return byteEscape(byte);
    default:
        return byte == 0xff ? byteEscape(byte) : QString(); // part of no character in any of them
    }
}

// `carried`: how many bytes of the first unit of UTF-16 stand before `bytes`.
Repeated repeatedAtEnd(const Encoding &encoding, qsizetype carried, QByteArrayView bytes)
{
    Repeated found;
    const auto *data = reinterpret_cast<const unsigned char *>(bytes.data());
    if (encoding.isUtf16()) {
        found.size = 2;
        found.tail = (carried + bytes.size()) % 2;
    }
    const qsizetype end = bytes.size() - found.tail;
    const auto same = [&](qsizetype a) { return std::equal(data + a, data + a + found.size, data + end - found.size); };
    while ((found.count + 1) * found.size <= end && same(end - (found.count + 1) * found.size)) {
        ++found.count;
    }
    if (found.count == 0) {
        return found;
    }
    if (encoding.isUtf16()) {
        const CharReader::Char c = CharReader(encoding).next(data + end - 2, 2);
        found.shown = c.state == CharReader::Char::State::Whole ? shownUnit(c.point) : QString();
    } else {
        found.shown = shownByte(encoding, data[end - 1]);
    }
    return found;
}

} // namespace

TextRuns decodeMessage(QByteArrayView carriedFromBefore, QByteArrayView bytes, bool endOfStream, int foldAbove,
                       const Encoding &encoding)
{
    TextRuns runs;
    Decoder decoder(encoding);
    decoder.setCarried(carriedFromBefore);
    const Repeated run = foldAbove > 0 ? repeatedAtEnd(encoding, carriedFromBefore.size(), bytes) : Repeated();
    // Text is not folded to its last character's sake: only what shows as escapes is.
    const bool isPlain = run.shown.size() == 1;
    const bool fold = run.count > foldAbove && !run.shown.isEmpty() && !(isPlain && run.count < 64);
    if (fold) {
        decoder.decode(bytes.chopped(run.count * run.size + run.tail), runs);
        decoder.finish(runs);
        runs.push_back({TextRun::Kind::Fold, run.shown + QStringLiteral(" × %1").arg(run.count),
                        static_cast<std::uint32_t>(run.count * run.size)});
        bytes = bytes.last(run.tail);
    }
    decoder.decode(bytes, runs);
    if (endOfStream) {
        decoder.finish(runs);
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

// SPDX-License-Identifier: MIT
#include "transcript/payload.h"

#include <optional>

#include "transcript/charreader.h"
#include "transcript/decoder.h"

namespace tincan {

namespace {

using Failure = tl::unexpected<PayloadError>;

int hexDigit(QChar c)
{
    const char16_t u = c.unicode();
    if (u >= u'0' && u <= u'9') {
        return u - u'0';
    }
    if (u >= u'a' && u <= u'f') {
        return u - u'a' + 10;
    }
    return u >= u'A' && u <= u'F' ? u - u'A' + 10 : -1;
}

QByteArrayView lineEndWithin(LineEnding ending)
{
    return ending == LineEnding::Cr || ending == LineEnding::CrLf ? bytesOf(ending) : bytesOf(LineEnding::Lf);
}

// Appends `text` in an encoding. Returns what it has no character for, with its place.
std::optional<PayloadError> encode(QStringView text, const Encoding &encoding, QByteArray &into)
{
    if (encoding.form == Encoding::Form::Utf8 && text.isValidUtf16()) {
        into += text.toUtf8();
        return {};
    }
    const CharReader writer(encoding);
    for (qsizetype at = 0; at < text.size();) {
        const bool isPair = at + 1 < text.size() && text[at].isHighSurrogate() && text[at + 1].isLowSurrogate();
        const qsizetype size = isPair ? 2 : 1;
        const char32_t point = isPair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode();
        if (encoding.form == Encoding::Form::Utf8 && !QChar::isSurrogate(point)) {
            into += text.mid(at, size).toUtf8();
        } else if (encoding.form == Encoding::Form::Utf8 || !writer.write(point, into)) {
            return PayloadError{PayloadError::Kind::NotInEncoding, at, text.mid(at, size).toString(), &encoding};
        }
        at += size;
    }
    return {};
}

// An ASCII text; every encoding has those.
QByteArray encodedAscii(QByteArrayView text, const Encoding &encoding)
{
    QByteArray bytes;
    encode(QString::fromLatin1(text), encoding, bytes);
    return bytes;
}

QString withLineEnds(QStringView text, LineEnding ending)
{
    return text.toString().replace(u'\n', QString::fromLatin1(lineEndWithin(ending)));
}

// As encode(); line ends are sent as `ending` says.
std::optional<PayloadError> encodeLines(QStringView text, LineEnding ending, const Encoding &encoding, QByteArray &into)
{
    if (!lineEndWithin(ending).startsWith('\n') && text.contains(u'\n')) {
        QByteArray bytes;
        const auto error = encode(text, encoding, bytes); // for the place of what is wrong
        return error ? error : encode(withLineEnds(text, ending), encoding, into);
    }
    return encode(text, encoding, into);
}

// Reads C's escapes, and knows where it is for the sake of the errors.
class EscapeReader
{
public:
    EscapeReader(QStringView text, LineEnding ending, const Encoding &encoding)
        : m_text(text)
        , m_ending(ending)
        , m_encoding(encoding)
    {
    }

    tl::expected<QByteArray, PayloadError> read()
    {
        while (m_at < m_text.size()) {
            const auto next = m_text.indexOf(u'\\', m_at);
            if (const auto error = readPlain(next < 0 ? m_text.size() : next)) {
                return Failure(*error);
            }
            if (next < 0) {
                break;
            }
            m_at = next;
            if (const auto error = readEscape()) {
                return Failure(*error);
            }
        }
        return m_bytes;
    }

private:
    std::optional<PayloadError> readPlain(qsizetype end)
    {
        auto error = encodeLines(m_text.mid(m_at, end - m_at), m_ending, m_encoding, m_bytes);
        if (error) {
            error->position += m_at;
        }
        m_at = end;
        return error;
    }

    PayloadError error(PayloadError::Kind kind, qsizetype length) const
    {
        return {kind, m_at, m_text.mid(m_at, length).toString()};
    }

    std::optional<PayloadError> readEscape()
    {
        if (m_at + 1 >= m_text.size()) {
            return error(PayloadError::Kind::IncompleteEscape, 1);
        }
        const char16_t letter = m_text[m_at + 1].unicode();
        static constexpr std::u16string_view kLetters = u"nrtabefv\\\"'?";
        static constexpr std::string_view kBytes = "\n\r\t\a\b\x1b\f\v\\\"'?";
        if (const auto known = kLetters.find(letter); known != std::u16string_view::npos) {
            m_bytes += encodedAscii(QByteArrayView(kBytes).sliced(static_cast<qsizetype>(known), 1), m_encoding);
            m_at += 2;
            return {};
        }
        switch (letter) {
        case u'\n': // joins lines
            m_at += 2;
            return {};
        case u'x':
            return readHex();
        case u'u':
            return readCodePoint(4);
        case u'U':
            return readCodePoint(8);
        default:
            return letter >= u'0' && letter <= u'7' ? readOctal() : error(PayloadError::Kind::UnknownEscape, 2);
        }
    }

    std::optional<PayloadError> readHex()
    {
        const int high = m_at + 2 < m_text.size() ? hexDigit(m_text[m_at + 2]) : -1;
        const int low = m_at + 3 < m_text.size() ? hexDigit(m_text[m_at + 3]) : -1;
        if (high < 0 || low < 0) {
            return error(PayloadError::Kind::IncompleteEscape, 4);
        }
        m_bytes += static_cast<char>(high * 16 + low);
        m_at += 4;
        return {};
    }

    std::optional<PayloadError> readOctal()
    {
        int value = 0;
        qsizetype at = m_at + 1;
        for (; at < m_text.size() && at < m_at + 4 && m_text[at] >= u'0' && m_text[at] <= u'7'; ++at) {
            value = value * 8 + (m_text[at].unicode() - u'0');
        }
        if (value > 0xff) {
            return error(PayloadError::Kind::CodePointTooLarge, at - m_at);
        }
        m_bytes += static_cast<char>(value);
        m_at = at;
        return {};
    }

    std::optional<PayloadError> readCodePoint(int digits)
    {
        char32_t point = 0;
        for (int i = 0; i < digits; ++i) {
            const int digit = m_at + 2 + i < m_text.size() ? hexDigit(m_text[m_at + 2 + i]) : -1;
            if (digit < 0) {
                return error(PayloadError::Kind::IncompleteEscape, 2 + i);
            }
            point = point * 16 + static_cast<char32_t>(digit);
        }
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
            return error(PayloadError::Kind::CodePointTooLarge, digits + 2);
        }
        if (encode(QChar::fromUcs4(point), m_encoding, m_bytes)) {
            PayloadError none = error(PayloadError::Kind::NotInEncoding, digits + 2);
            none.encoding = &m_encoding;
            return none;
        }
        m_at += 2 + digits;
        return {};
    }

    QStringView m_text;
    LineEnding m_ending;
    const Encoding &m_encoding;
    QByteArray m_bytes;
    qsizetype m_at = 0;
};

tl::expected<QByteArray, PayloadError> hex(QStringView text)
{
    QByteArray bytes;
    qsizetype at = 0;
    while (at < text.size()) {
        const QChar c = text[at];
        if (c.isSpace() || c == u',' || c == u':' || c == u';' || c == u'-') {
            ++at;
            continue;
        }
        if (c == u'0' && at + 1 < text.size() && (text[at + 1] == u'x' || text[at + 1] == u'X')) {
            at += 2;
            if (at >= text.size() || hexDigit(text[at]) < 0) {
                return Failure({PayloadError::Kind::OddHexDigits, at - 2, text.mid(at - 2, 2).toString()});
            }
            continue;
        }
        const int high = hexDigit(c);
        if (high < 0) {
            return Failure({PayloadError::Kind::NotHex, at, QString(c)});
        }
        const int low = at + 1 < text.size() ? hexDigit(text[at + 1]) : -1;
        if (low < 0) {
            return Failure({PayloadError::Kind::OddHexDigits, at, QString(c)});
        }
        bytes += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return bytes;
}

} // namespace

QByteArrayView bytesOf(LineEnding ending)
{
    switch (ending) {
    case LineEnding::Lf:
        return "\n";
    case LineEnding::Cr:
        return "\r";
    case LineEnding::CrLf:
        return "\r\n";
    case LineEnding::Nul:
        return {"\0", 1};
    case LineEnding::None:
        break;
    }
    return {};
}

tl::expected<QByteArray, PayloadError> payloadFromText(QStringView text, ComposeAs as, LineEnding ending,
                                                       const Encoding &encoding)
{
    const auto withEnding = [&](QByteArray bytes) { return bytes.append(encodedAscii(bytesOf(ending), encoding)); };
    switch (as) {
    case ComposeAs::Text: {
        QByteArray bytes;
        if (const auto error = encodeLines(text, ending, encoding, bytes)) {
            return Failure(*error);
        }
        return withEnding(bytes);
    }
    case ComposeAs::Escapes:
        return EscapeReader(text, ending, encoding).read().map(withEnding);
    case ComposeAs::Hex:
        break;
    }
    return hex(text).map(withEnding);
}

QByteArray escaped(QByteArrayView bytes)
{
    QByteArray text;
    TextRuns runs;
    Decoder decoder;
    decoder.decode(bytes, runs);
    decoder.finish(runs);
    for (const TextRun &run : runs) {
        QByteArray part = run.text.toUtf8();
        if (run.kind == TextRun::Kind::Plain) {
            part.replace('\\', "\\\\").replace('"', "\\\"");
        }
        text += part;
    }
    return text;
}

} // namespace tincan

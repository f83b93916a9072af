// SPDX-License-Identifier: MIT
#include "transcript/codedtext.h"

#include "transcript/charreader.h"
#include "transcript/escapes.h"

namespace tincan {

namespace {

using State = CharReader::Char::State;

class CodedCutter
{
public:
    CodedCutter(const Encoding &encoding, QByteArrayView bytes, TextRuns &into)
        : m_reader(encoding)
        , m_bytes(bytes)
        , m_into(into)
    {
    }

    qsizetype cut()
    {
        while (m_at < m_bytes.size()) {
            const CharReader::Char c = read(m_at);
            if (c.state == State::Cut) {
                break;
            }
            if (c.state == State::Invalid) {
                flushPlain();
                appendInvalid(m_into, m_bytes.sliced(m_at, c.size));
            } else if (c.point < 0x20 || c.point == 0x7f) {
                control(c);
            } else if (isHidden(c.point)) {
                escape(TextRun::Kind::Control, pointEscape(c.point), c.size);
            } else {
                m_plain += QStringView(QChar::fromUcs4(c.point));
                m_plainSize += c.size;
            }
            m_at += c.size;
        }
        flushPlain();
        return m_bytes.size() - m_at;
    }

private:
    CharReader::Char read(qsizetype at) const
    {
        return m_reader.next(reinterpret_cast<const unsigned char *>(m_bytes.data()) + at, m_bytes.size() - at);
    }
    void flushPlain()
    {
        if (m_plainSize > 0) {
            appendRun(m_into, TextRun::Kind::Plain, m_plain, static_cast<std::uint32_t>(m_plainSize));
            m_plain.clear();
            m_plainSize = 0;
        }
    }
    void escape(TextRun::Kind kind, const QString &text, qsizetype size)
    {
        flushPlain();
        appendRun(m_into, kind, text, static_cast<std::uint32_t>(size));
    }
    void control(const CharReader::Char &c)
    {
        if (c.point == U'\r') {
            const qsizetype after = m_at + c.size;
            const CharReader::Char next = after < m_bytes.size() ? read(after) : CharReader::Char{};
            if (next.state == State::Whole && next.point == U'\n') {
                escape(TextRun::Kind::LineEnd, QStringLiteral("\\r\\n"), c.size + next.size);
                m_at += next.size;
                return;
            }
        }
        if (c.point == U'\r' || c.point == U'\n') {
            escape(TextRun::Kind::LineEnd, c.point == U'\n' ? QStringLiteral("\\n") : QStringLiteral("\\r"), c.size);
        } else {
            escape(TextRun::Kind::Control, controlEscape(static_cast<unsigned char>(c.point)), c.size);
        }
    }

    CharReader m_reader;
    QByteArrayView m_bytes;
    TextRuns &m_into;
    qsizetype m_at = 0;
    QString m_plain; // under way
    qsizetype m_plainSize = 0;
};

} // namespace

qsizetype cutCoded(const Encoding &encoding, QByteArrayView bytes, TextRuns &into)
{
    return CodedCutter(encoding, bytes, into).cut();
}

} // namespace tincan

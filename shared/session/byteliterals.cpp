// SPDX-License-Identifier: MIT
#include "session/byteliterals.h"

#include <algorithm>

#include <QList>
#include <QRegularExpression>

#include "transcript/escapes.h"

namespace tincan {

namespace {

constexpr qsizetype kLineLength = 90;

// How many bytes from `at` on are one character beyond ASCII that looks like what it is; 0 where they are not.
qsizetype characterAt(QByteArrayView bytes, qsizetype at)
{
    for (qsizetype length = 2; length <= 4 && at + length <= bytes.size(); ++length) {
        const QByteArrayView piece = bytes.sliced(at, length);
        const QString text = QString::fromUtf8(piece);
        if (text.toUtf8() != piece || text.contains(QChar(QChar::ReplacementCharacter))) {
            continue;
        }
        const QList<uint> points = text.toUcs4();
        return points.size() == 1 && QChar::isPrint(points.front()) && !QChar::isSpace(points.front())
                && !QChar::isMark(points.front())
            ? length
            : 0;
    }
    return 0;
}

bool isHexDigit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// \n, \r, \t, \" and \\; empty where the byte has no such escape.
QString letterEscape(char byte)
{
    switch (byte) {
    case '\n':
        return QStringLiteral("\\n");
    case '\r':
        return QStringLiteral("\\r");
    case '\t':
        return QStringLiteral("\\t");
    case '"':
        return QStringLiteral("\\\"");
    case '\\':
        return QStringLiteral("\\\\");
    default:
        return {};
    }
}

// Puts the pieces of a literal together, and breaks its lines.
class LiteralMaker
{
public:
    LiteralMaker(QString open, QString indent)
        : m_open(std::move(open))
        , m_indent(std::move(indent))
        , m_text(m_open)
    {
    }
    void add(const QString &piece) { m_text += piece; }
    // Ends the literal and begins the next one on the same line: to the compiler they are one.
    void split() { m_text += QLatin1String("\" ") + m_open; }
    void endPiece(bool lineEnd, bool isLast)
    {
        ++m_pieces;
        if (!isLast && (lineEnd || m_text.size() - m_lineBegan > kLineLength)) {
            m_text += QLatin1String("\"\n") + m_indent;
            m_lineBegan = m_text.size();
            m_text += m_open;
            m_lines = true;
        }
    }
    bool hasLines() const { return m_lines; }
    QString text() const { return m_text + u'"'; }

private:
    QString m_open;
    QString m_indent;
    QString m_text;
    qsizetype m_lineBegan = 0;
    int m_pieces = 0;
    bool m_lines = false;
};

} // namespace

QString cLiteral(QByteArrayView bytes, const QString &indent)
{
    LiteralMaker maker(QStringLiteral("\""), indent);
    bool afterHex = false;
    for (qsizetype at = 0; at < bytes.size();) {
        const char byte = bytes[at];
        qsizetype length = 1;
        if (afterHex && isHexDigit(byte)) {
            maker.split(); // "\x1" "2": an escape takes all digits that follow
        }
        afterHex = false;
        if (const QString letter = letterEscape(byte); !letter.isEmpty()) {
            maker.add(letter);
        } else if (byte == '?' && at > 0 && bytes[at - 1] == '?') {
            maker.add(QStringLiteral("\\?")); // "??=" and its like are trigraphs
        } else if (byte >= 0x20 && byte < 0x7f) {
            maker.add(QString(QLatin1Char(byte)));
        } else if (const qsizetype character = characterAt(bytes, at); character > 0) {
            length = character;
            maker.add(QString::fromUtf8(bytes.sliced(at, character)));
        } else {
            maker.add(byteEscape(static_cast<unsigned char>(byte)));
            afterHex = true;
        }
        at += length;
        maker.endPiece(byte == '\n', at >= bytes.size());
    }
    return maker.text();
}

QString pythonLiteral(QByteArrayView bytes, const QString &indent)
{
    bool isAscii = true;
    bool isText = true;
    for (qsizetype at = 0; at < bytes.size();) {
        const auto byte = static_cast<unsigned char>(bytes[at]);
        const qsizetype character = byte < 0x80 ? 1 : characterAt(bytes, at);
        isAscii = isAscii && byte < 0x80;
        isText = isText && character > 0;
        at += std::max<qsizetype>(character, 1);
    }
    const bool encodes = isText && !isAscii;
    LiteralMaker maker(encodes ? QStringLiteral("\"") : QStringLiteral("b\""), indent);
    for (qsizetype at = 0; at < bytes.size();) {
        const char byte = bytes[at];
        const qsizetype length = encodes && static_cast<unsigned char>(byte) >= 0x80 ? characterAt(bytes, at) : 1;
        if (const QString letter = letterEscape(byte); !letter.isEmpty()) {
            maker.add(letter);
        } else if (length > 1) {
            maker.add(QString::fromUtf8(bytes.sliced(at, length)));
        } else {
            maker.add(byte >= 0x20 && byte < 0x7f ? QString(QLatin1Char(byte)) : byteEscape(static_cast<unsigned char>(byte)));
        }
        at += length;
        maker.endPiece(byte == '\n', at >= bytes.size());
    }
    const QString text = maker.hasLines() && encodes ? u'(' + maker.text() + u')' : maker.text();
    return encodes ? text + QLatin1String(".encode()") : text;
}

QString printfLiteral(QByteArrayView bytes)
{
    QString text(u'\'');
    for (qsizetype at = 0; at < bytes.size();) {
        const char byte = bytes[at];
        qsizetype length = 1;
        if (byte == '\n' || byte == '\r' || byte == '\t' || byte == '\\') {
            text += letterEscape(byte);
        } else if (byte == '%') {
            text += QLatin1String("%%");
        } else if (byte >= 0x20 && byte < 0x7f && byte != '\'' && !(byte == '-' && at == 0)) { // which would be an option
            text += QLatin1Char(byte);
        } else if (const qsizetype character = characterAt(bytes, at); character > 0) {
            length = character;
            text += QString::fromUtf8(bytes.sliced(at, character));
        } else {
            text += QStringLiteral("\\%1").arg(static_cast<unsigned char>(byte), 3, 8, QLatin1Char('0'));
        }
        at += length;
    }
    return text + u'\'';
}

QString shellQuoted(QString text)
{
    return u'\'' + text.replace(u'\'', QLatin1String("'\\''")) + u'\'';
}

QString shellWord(const QString &text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./:@%+,=-]+\\z"));
    return plain.match(text).hasMatch() ? text : shellQuoted(text);
}

QString socatName(const std::string &path)
{
    QString name = QString::fromStdString(path);
    for (const char16_t letter : {u'\\', u',', u':', u'!', u'"', u'\'', u'(', u'[', u'{'}) { // they mean something to socat
        name.replace(QChar(letter), QString(u'\\') + QChar(letter));
    }
    return name;
}

QString commentText(QString text)
{
    for (QChar &letter : text) {
        letter = letter.isPrint() ? letter : QChar(u' ');
    }
    return text.replace(QLatin1String("*/"), QLatin1String("* /")).replace(QLatin1String("/*"), QLatin1String("/ *"));
}

} // namespace tincan

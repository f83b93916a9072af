// SPDX-License-Identifier: MIT
#include "transcript/runtext.h"

namespace tincan {

namespace {

char32_t namedControl(char16_t letter)
{
    switch (letter) {
    case u'n':
        return U'\n';
    case u'r':
        return U'\r';
    case u't':
        return U'\t';
    case u'a':
        return U'\a';
    case u'b':
        return U'\b';
    case u'f':
        return U'\f';
    case u'v':
        return U'\v';
    default:
        return 0x1b; // \e
    }
}

// The characters that the decoder's escapes stand for. A byte that is no character ("\xff") stays an escape.
QString unescaped(const QString &escapes)
{
    QString text;
    for (qsizetype at = 0; at < escapes.size();) {
        if (escapes[at] != u'\\' || at + 1 == escapes.size()) {
            text += escapes[at++];
            continue;
        }
        const char16_t letter = escapes[at + 1].unicode();
        const int digits = letter == u'x' ? 2 : letter == u'u' ? 4 : letter == u'U' ? 8 : 0;
        const char32_t point = digits > 0 ? escapes.mid(at + 2, digits).toUInt(nullptr, 16) : namedControl(letter);
        if (letter == u'x' && point >= 0x80) {
            text += escapes.mid(at, 2 + digits);
        } else {
            text += QStringView(QChar::fromUcs4(point));
        }
        at += 2 + digits;
    }
    return text;
}

// "\x00 × 1012" is 1012 of them.
QString unfolded(const QString &fold)
{
    static const QString times = QStringLiteral(" × ");
    const qsizetype at = fold.lastIndexOf(times);
    return unescaped(fold.left(at)).repeated(fold.mid(at + times.size()).toInt());
}

} // namespace

QString shownText(const TextRuns &runs)
{
    QString text;
    for (const TextRun &run : runs) {
        if (run.kind != TextRun::Kind::Border) {
            text += run.text;
        }
    }
    return text;
}

QString meantText(const TextRun &run)
{
    switch (run.kind) {
    case TextRun::Kind::Border:
        return {};
    case TextRun::Kind::Plain:
    case TextRun::Kind::Invalid:
        break;
    case TextRun::Kind::LineEnd:
    case TextRun::Kind::Control:
        return unescaped(run.text);
    case TextRun::Kind::Fold:
        return unfolded(run.text);
    }
    return run.text;
}

QString meantText(const TextRuns &runs)
{
    QString text;
    for (const TextRun &run : runs) {
        text += meantText(run);
    }
    return text;
}

} // namespace tincan

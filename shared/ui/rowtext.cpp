// SPDX-License-Identifier: MIT
#include "ui/rowtext.h"

#include "session/words.h"

namespace tincan {

namespace {

constexpr std::uint32_t kSpoken = 1024; // bytes of a payload that are read out
constexpr qsizetype kMostCopied = qsizetype{64} * 1024 * 1024;
constexpr int kMostCopiedRows = 200'000;

QString directionWord(const Row &row)
{
    switch (row.kind) {
    case RecordKind::Received:
        return QStringLiteral("received");
    case RecordKind::Refused:
        return QStringLiteral("refused");
    default:
        return QStringLiteral("sent");
    }
}

// As exactly as the record itself says it: it names those whom it reached, or those of the room whom it did not.
QString toMany(const TranscriptModel &model, const Row &row)
{
    const auto *info = model.index().detailOf<FanOutInfo>(row);
    if (info && info->only) {
        return info->peers.size() == 1 ? QStringLiteral("to 1 peer") : QStringLiteral("to %1 peers").arg(info->peers.size());
    }
    const QString all = row.peer == kNoPeer ? QStringLiteral("to all peers") : QStringLiteral("to all others");
    return info && !info->peers.empty() ? all + QStringLiteral(" but %1").arg(info->peers.size()) : all;
}

// The other side of a message, in a sentence: "from 127.0.0.1:53422", "to all others, relayed from 127.0.0.1:53422".
QString otherSide(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    if (here.kind == RecordKind::Received) {
        return QStringLiteral("from ") + model.addressOf(here.peer);
    }
    if (here.kind != RecordKind::FanOut) {
        return here.peer == kNoPeer ? QStringLiteral("to all") : QStringLiteral("to ") + model.addressOf(here.peer);
    }
    const PeerId reader = model.conversation();
    const QString to = reader == kNoPeer ? toMany(model, here) : QStringLiteral("to ") + model.addressOf(reader);
    return here.peer == kNoPeer ? to : to + QStringLiteral(", relayed from ") + model.addressOf(here.peer);
}

QString flat(const TextRuns &runs)
{
    QString text;
    for (const TextRun &run : runs) {
        text += run.text;
    }
    return text;
}

QString moreText(const Row &row, std::uint32_t shown)
{
    return row.size > shown ? QStringLiteral(" … ") + formatBytes(row.size - shown) + QStringLiteral(" more") : QString();
}

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

// The payload as the text that it is: what the escapes of the view stand for.
QString wholeText(const TranscriptModel &model, int row)
{
    QString text;
    for (const TextRun &run : model.text(row, model.row(row).size)) {
        switch (run.kind) {
        case TextRun::Kind::Plain:
        case TextRun::Kind::Invalid:
            text += run.text;
            break;
        case TextRun::Kind::LineEnd:
        case TextRun::Kind::Control:
            text += unescaped(run.text);
            break;
        case TextRun::Kind::Fold:
            text += unfolded(run.text);
            break;
        }
    }
    return text;
}

void appendCopied(QString &text, const TranscriptModel &model, int row, CopyAs as)
{
    const Row &here = model.row(row);
    const bool message = hasPayload(here.kind);
    if (!message && as != CopyAs::TextWithTimes) {
        return;
    }
    if (!text.isEmpty() && !text.endsWith(u'\n')) {
        text += u'\n';
    }
    if (as == CopyAs::Hex) {
        text += QString::fromLatin1(model.bytes(row, here.size).toHex(' '));
        return;
    }
    if (as == CopyAs::TextWithTimes) {
        text += formatTime(here.time) + QLatin1String("  ");
        text += message ? directionWord(here) + u' ' + otherSide(model, row) + QLatin1String(": ") : noteLine(model, row);
    }
    if (message) {
        text += wholeText(model, row);
    }
}

} // namespace

QString noteLine(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    QString text = noteText(model.index(), here);
    if (model.conversation() != kNoPeer || here.peer == kNoPeer || here.kind == RecordKind::Joined) {
        return text;
    }
    const QString address = model.addressOf(here.peer);
    return address.isEmpty() ? text : address + QLatin1String("  ") + text;
}

QString spokenText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    if (!hasPayload(here.kind)) {
        return formatTime(here.time) + u' ' + noteLine(model, row);
    }
    const QString why = here.kind == RecordKind::Refused ? QStringLiteral(" (%1)").arg(noteText(model.index(), here)) : QString();
    return directionWord(here) + u' ' + formatTime(here.time) + u' ' + otherSide(model, row) + why + QLatin1String(": ")
        + flat(model.text(row, kSpoken)) + moreText(here, kSpoken);
}

QString whoText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    if (model.conversation() == kNoPeer) {
        return otherSide(model, row);
    }
    return here.kind == RecordKind::FanOut && here.peer != kNoPeer ? QStringLiteral("relayed from ") + model.addressOf(here.peer)
                                                                   : QString();
}

QString timeText(const TranscriptModel &model, int row, TimesAs times)
{
    const std::int64_t time = model.row(row).time;
    switch (times) {
    case TimesAs::Off:
        return {};
    case TimesAs::DateAndMicroseconds:
        return formatDateAndTime(time);
    case TimesAs::SincePrevious:
        if (row > 0) {
            return formatElapsed(time - model.row(row - 1).time);
        }
        break;
    case TimesAs::Time:
        break;
    }
    return formatTime(time);
}

QString sideText(const TranscriptModel &model, int row, TimesAs times)
{
    const Row &here = model.row(row);
    const QString when = timeText(model, row, times);
    QString text = (when.isEmpty() ? QString() : when + QStringLiteral(" · ")) + formatBytes(here.size);
    if (here.kind == RecordKind::Sent || here.kind == RecordKind::FanOut) {
        text += QStringLiteral(" ✓"); // the kernel took it
    } else if (here.kind == RecordKind::Refused) {
        text += QStringLiteral("  ✗ ") + noteText(model.index(), here);
    }
    if (model.piece(row).broken != 0) {
        text += QStringLiteral("  ✗ its length cannot be: from here on as it was read");
    }
    return text;
}

QString copyText(const TranscriptModel &model, int first, int last, CopyAs as)
{
    QString text;
    for (int row = first; row <= last; ++row) {
        if (text.size() > kMostCopied || row - first >= kMostCopiedRows) {
            text += QStringLiteral("\n… %1 more rows were not copied").arg(last - row + 1);
            break;
        }
        appendCopied(text, model, row, as);
    }
    return text;
}

} // namespace tincan

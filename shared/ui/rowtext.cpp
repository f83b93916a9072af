// SPDX-License-Identifier: MIT
#include "ui/rowtext.h"

#include "session/words.h"

namespace tincan {

namespace {

constexpr std::uint32_t kSpoken = 1024;
constexpr qsizetype kMostCopied = 64 * 1024 * 1024;

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

// The other side of a message, in a sentence: "from 127.0.0.1:53422", "to all peers".
QString otherSide(const TranscriptModel &model, const Row &row)
{
    if (row.kind == RecordKind::Received) {
        return QStringLiteral("from ") + model.addressOf(row.peer);
    }
    if (row.kind != RecordKind::FanOut) {
        return row.peer == kNoPeer ? QStringLiteral("to all") : QStringLiteral("to ") + model.addressOf(row.peer);
    }
    const PeerId here = model.conversation();
    if (here != kNoPeer) {
        const QString to = QStringLiteral("to ") + model.addressOf(here);
        return row.peer == kNoPeer ? to : to + QStringLiteral(", relayed from ") + model.addressOf(row.peer);
    }
    const auto *info = model.index().detailOf<FanOutInfo>(row);
    if (info && info->only) {
        return QStringLiteral("to %1 peers").arg(info->peers.size());
    }
    return row.peer == kNoPeer ? QStringLiteral("to all peers")
                               : QStringLiteral("to all others, relayed from ") + model.addressOf(row.peer);
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

} // namespace

QString spokenText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    if (!hasPayload(here.kind)) {
        return formatTime(here.time) + u' ' + noteText(model.index(), here);
    }
    const QString who = here.peer == kNoPeer && here.kind == RecordKind::Refused ? QString() : u' ' + otherSide(model, here);
    const QString why = here.kind == RecordKind::Refused ? QStringLiteral(" (%1)").arg(noteText(model.index(), here)) : QString();
    return directionWord(here) + u' ' + formatTime(here.time) + who + why + QLatin1String(": ") + flat(model.text(row, kSpoken))
        + moreText(here, kSpoken);
}

QString whoText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    if (model.conversation() == kNoPeer) {
        return otherSide(model, here);
    }
    return here.kind == RecordKind::FanOut && here.peer != kNoPeer ? QStringLiteral("relayed from ") + model.addressOf(here.peer)
                                                                   : QString();
}

QString sideText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    QString text = formatTime(here.time) + QStringLiteral(" · ") + formatBytes(here.size);
    if (here.kind == RecordKind::Sent || here.kind == RecordKind::FanOut) {
        text += QStringLiteral(" ✓"); // the kernel took it
    } else if (here.kind == RecordKind::Refused) {
        text += QStringLiteral(" ✗ ") + noteText(model.index(), here);
    }
    return text;
}

QString copyText(const TranscriptModel &model, int first, int last, CopyAs as)
{
    QString text;
    for (int row = first; row <= last; ++row) {
        const Row &here = model.row(row);
        const bool message = hasPayload(here.kind);
        if (!message && as != CopyAs::TextWithTimes) {
            continue;
        }
        if (text.size() > kMostCopied) {
            text += QStringLiteral("\n… %1 more rows were not copied").arg(last - row + 1);
            break;
        }
        if (!text.isEmpty() && !text.endsWith(u'\n')) {
            text += u'\n';
        }
        if (as == CopyAs::Hex) {
            text += QString::fromLatin1(model.bytes(row, here.size).toHex(' '));
            continue;
        }
        if (as == CopyAs::TextWithTimes) {
            text += formatTime(here.time) + QLatin1String("  ")
                + (message ? directionWord(here) + u' ' + otherSide(model, here) + QLatin1String(": ")
                           : noteText(model.index(), here));
        }
        if (message) {
            text += QString::fromUtf8(model.bytes(row, here.size));
        }
    }
    return text;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/rowtext.h"

#include "session/words.h"
#include "session/wordsdelivery.h"
#include "session/wordssockets.h"
#include "transcript/delivery.h"
#include "transcript/runtext.h"
#include "ui/carray.h"

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

QString moreText(const Row &row, std::uint32_t shown)
{
    return row.size > shown ? QStringLiteral(" … ") + formatBytes(row.size - shown) + QStringLiteral(" more") : QString();
}

bool isWithTimes(CopyAs as)
{
    return as == CopyAs::TextWithTimes || as == CopyAs::HexWithTimes || as == CopyAs::CArrayWithTimes;
}

bool isCArray(CopyAs as)
{
    return as == CopyAs::CArray || as == CopyAs::CArrayWithTimes;
}

// When it was and whose; of a note all there is to say.
QString introduction(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    return formatTime(here.time) + QLatin1String("  ")
        + (hasPayload(here.kind) ? directionWord(here) + u' ' + otherSide(model, row) : noteLine(model, row));
}

// `name`: of a C array.
void appendCopied(QString &text, const TranscriptModel &model, int row, CopyAs as, const QString &name)
{
    const Row &here = model.row(row);
    const bool message = hasPayload(here.kind);
    if (!message && !isWithTimes(as)) {
        return;
    }
    if (!text.isEmpty() && !text.endsWith(u'\n')) {
        text += u'\n';
    }
    if (isWithTimes(as)) {
        const QString said = introduction(model, row);
        text += isCArray(as) ? cComment(said) : said;
        text += !message ? QString() : isCArray(as) ? QStringLiteral("\n") : QStringLiteral(": ");
    }
    if (!message) {
        return;
    }
    if (isCArray(as)) {
        text += cArray(model.bytes(row, here.size), name) + u'\n';
    } else if (as == CopyAs::Hex || as == CopyAs::HexWithTimes) {
        text += QString::fromLatin1(model.bytes(row, here.size).toHex(' '));
    } else {
        text += meantText(model.text(row, here.size));
    }
}

DeliveryState deliveryOf(const TranscriptModel &model, int row)
{
    return model.delivery() ? model.delivery()->state(model.number(row), model.conversation()) : DeliveryState();
}

// Whether more than one of the rows is a message.
bool areSeveral(const TranscriptModel &model, int first, int last)
{
    int messages = 0;
    for (int row = first; row <= last && messages < 2; ++row) {
        messages += static_cast<int>(hasPayload(model.row(row).kind));
    }
    return messages > 1;
}

} // namespace

QString wayText(const TranscriptModel &model, int row)
{
    return directionWord(model.row(row)) + u' ' + otherSide(model, row);
}

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
        + (here.size == 0 ? emptyRowText(model, row) : shownText(model.text(row, kSpoken))) + moreText(here, kSpoken);
}

QString emptyRowText(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    return emptyText(model.index().transportOf(here.kind == RecordKind::FanOut ? model.conversation() : here.peer));
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
        text += u' ' + deliveryMarks(deliveryOf(model, row));
    } else if (here.kind == RecordKind::Refused) {
        text += QStringLiteral("  ✗ ") + noteText(model.index(), here);
    }
    if (model.piece(row).broken != 0) {
        text += QStringLiteral("  ✗ its length cannot be: from here on as it was read");
    }
    return text;
}

QString spokenDelivery(const TranscriptModel &model, int row)
{
    const RecordKind kind = model.row(row).kind;
    return kind == RecordKind::Sent || kind == RecordKind::FanOut ? deliveryText(deliveryOf(model, row)) : QString();
}

QString copyText(const TranscriptModel &model, int first, int last, CopyAs as)
{
    QString text;
    int arrays = 0;
    const bool isNumbered = isCArray(as) && areSeveral(model, first, last); // so that a compiler can tell them apart
    for (int row = first; row <= last; ++row) {
        if (text.size() > kMostCopied || row - first >= kMostCopiedRows) {
            const QString rest = QStringLiteral("… %1 more rows were not copied").arg(last - row + 1);
            text += u'\n' + (isCArray(as) ? cComment(rest) : rest);
            break;
        }
        arrays += static_cast<int>(hasPayload(model.row(row).kind));
        appendCopied(text, model, row, as, QStringLiteral("data") + (isNumbered ? QString::number(arrays) : QString()));
    }
    return text;
}

} // namespace tincan

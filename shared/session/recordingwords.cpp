// SPDX-License-Identifier: MIT
#include "session/recordingwords.h"

#include "session/words.h"

namespace tincan {

namespace {

// 12 034
QString grouped(std::uint64_t count)
{
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, QChar(0x202f)); // a narrow space that does not break
    }
    return digits;
}

// A limit as it is set: 4 GiB, 256 MiB.
QString binaryBytes(std::uint64_t bytes)
{
    constexpr std::uint64_t kMebi = std::uint64_t{1024} * 1024;
    constexpr std::uint64_t kGibi = 1024 * kMebi;
    if (bytes > 0 && bytes % kGibi == 0) {
        return QStringLiteral("%1 GiB").arg(bytes / kGibi);
    }
    return bytes > 0 && bytes % kMebi == 0 ? QStringLiteral("%1 MiB").arg(bytes / kMebi) : formatBytes(bytes);
}

QString discardedText(const NoteInfo &note)
{
    const auto count = static_cast<std::uint64_t>(note.a);
    const auto limit = static_cast<std::uint64_t>(note.b);
    const QString what = grouped(count)
        + (count == 1 ? QStringLiteral(" older message discarded: ") : QStringLiteral(" older messages discarded: "));
    return note.b < 0 ? what + QStringLiteral("%1 of the disk are left free").arg(binaryBytes(0 - limit))
                      : what + QStringLiteral("limit of ") + binaryBytes(limit);
}

QString resumedText(const NoteInfo &note)
{
    const auto count = static_cast<std::uint64_t>(note.a);
    return QStringLiteral("recording goes on; %1 %2 not kept (%3)")
        .arg(grouped(count), count == 1 ? QStringLiteral("message was") : QStringLiteral("messages were"),
             QString::fromStdString(errnoName(static_cast<int>(note.b))));
}

QString damagedText(const NoteInfo &note)
{
    return QStringLiteral("%1 is damaged: %2 from byte %3 on could not be read and are left out")
        .arg(QString::fromStdString(note.text), formatBytes(static_cast<std::uint64_t>(note.a)))
        .arg(note.b);
}

} // namespace

QString recordingNoteText(const NoteInfo &note)
{
    switch (note.code) {
    case NoteCode::MessagesDiscarded:
        return discardedText(note);
    case NoteCode::RecordingResumed:
        return resumedText(note);
    case NoteCode::RecordingDamaged:
        return damagedText(note);
    default:
        return {};
    }
}

} // namespace tincan

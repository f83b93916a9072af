// SPDX-License-Identifier: MIT
// What a SessionWindow says of what its session raises.
#include "ui/sessionwindow.h"

#include "session/words.h"
#include "ui/statusline.h"

namespace tincan {

namespace {

QString keyOf(NoteCode code)
{
    return QStringLiteral("note%1").arg(static_cast<int>(code));
}

// With a capital, but for what begins with the name of a call ("accept4: EMFILE …").
QString sentence(const QString &text)
{
    const qsizetype word = text.indexOf(u' ');
    const bool isCall = word > 0 && text.at(word - 1) == u':';
    return isCall || text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

// Said once a session: it goes on like that.
void sayDiscarded(const NoteInfo &note, QAction *settings, NoticeText &text)
{
    if (note.b < 0) {
        text.headline = QStringLiteral("The disk is nearly full: the oldest messages of this session are discarded.");
        text.remedy
            = QStringLiteral("That goes on as more come, and each time is a line in the timeline of all. Make room on the disk "
                             "to keep more.");
        return;
    }
    text.headline = QStringLiteral("This session has reached its limit of size: its oldest messages are discarded.");
    text.remedy
        = QStringLiteral("That goes on as more come, and each time is a line in the timeline of all. “Size of one session” in "
                         "the settings is the limit for sessions from the next start on; with --record FILE there is none.");
    text.actionText = QStringLiteral("Settings…");
    text.action = [settings] { settings->trigger(); };
}

QString remedyOf(NoteCode code)
{
    return code == NoteCode::ReadingPaused
        ? QStringLiteral("Nothing is lost, and nothing needs to be done: reading goes on by itself, and this line goes then.")
        : QString();
}

} // namespace

void SessionWindow::showNotice(const Notice &notice)
{
    NoticeText text;
    if (const auto *failure = std::get_if<FailureInfo>(&notice.detail)) {
        const ErrorWords said = words(*failure, notice.kind);
        text.key = notice.kind == RecordKind::ListenFailed ? QStringLiteral("listen") : QStringLiteral("connect");
        text.headline = said.headline;
        text.remedy = said.remedy;
    } else if (const auto *note = std::get_if<NoteInfo>(&notice.detail)) {
        if (note->code == NoteCode::ReadingResumed) {
            m_notices->dismiss(keyOf(NoteCode::ReadingPaused)); // all is well again
            return;
        }
        text.key = keyOf(note->code);
        text.weight = NoticeText::Weight::Hint;
        text.headline = sentence(noteText(*note));
        text.remedy = remedyOf(note->code);
        if (note->code == NoteCode::MessagesDiscarded) {
            sayDiscarded(*note, m_actions.settings, text);
        }
    } else {
        return;
    }
    addRemedy(notice, text);
    m_notices->post(text);
}

void SessionWindow::showRecordingFailed(int error)
{
    NoticeText text;
    text.key = QStringLiteral("recording");
    text.headline = recordingFailedText(error, m_live->recordingPath());
    text.remedy = QStringLiteral("The conversation goes on; what comes now is shown as not recorded. It is tried again "
                                 "every two seconds.");
    m_status->setRecordingFailed(text.headline);
    m_notices->post(text);
}

// What was not kept meanwhile is said by a note.
void SessionWindow::showRecordingRecovered()
{
    m_notices->dismiss(QStringLiteral("recording"));
    m_status->updateRecording();
}

void SessionWindow::sayNotRecorded(const Error &error)
{
    NoticeText text;
    text.key = QStringLiteral("recording");
    text.headline = fileErrorText(error);
    text.remedy = QStringLiteral("This session is recorded to %1 instead.").arg(m_live->recordingPath());
    m_notices->post(text);
}

} // namespace tincan

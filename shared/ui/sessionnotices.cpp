// SPDX-License-Identifier: MIT
// What a SessionWindow says of what its session raises.
#include "ui/sessionwindow.h"

#include <utility>

#include "session/words.h"
#include "ui/statusline.h"

namespace tincan {

void SessionWindow::showNotice(const Notice &notice)
{
    NoticeText text;
    if (const auto *failure = std::get_if<FailureInfo>(&notice.detail)) {
        const ErrorWords said = words(*failure, notice.kind);
        text.key = notice.kind == RecordKind::ListenFailed ? QStringLiteral("listen") : QStringLiteral("connect");
        text.headline = said.headline;
        text.remedy = said.remedy;
    } else if (const auto *note = std::get_if<NoteInfo>(&notice.detail)) {
        if (note->code == NoteCode::ReadingPaused && std::exchange(m_pauseSaid, true)) {
            return; // comes and goes many times in a flood, and all is well
        }
        text.key = QStringLiteral("note%1").arg(static_cast<int>(note->code));
        text.weight = NoticeText::Weight::Hint;
        text.headline = noteText(*note);
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
    text.headline = recordingFailedText(error, m_session.recordingPath());
    text.remedy = QStringLiteral("The conversation goes on; what comes now is shown as not recorded.");
    m_status->setRecordingFailed(text.headline);
    m_notices->post(text);
}

void SessionWindow::sayNotRecorded(const Error &error)
{
    NoticeText text;
    text.key = QStringLiteral("recording");
    text.headline = fileErrorText(error);
    text.remedy = QStringLiteral("This session is recorded to %1 instead.").arg(m_session.recordingPath());
    m_notices->post(text);
}

} // namespace tincan

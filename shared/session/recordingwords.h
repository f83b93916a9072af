// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/record.h"

namespace tincan {

// What a note says of the session's file: MessagesDiscarded, RecordingResumed, RecordingDamaged. Any thread.
QString recordingNoteText(const NoteInfo &note);

} // namespace tincan

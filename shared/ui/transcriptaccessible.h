// SPDX-License-Identifier: MIT
#pragma once

namespace tincan {

class TranscriptView;

// Makes a TranscriptView a list for screen readers and other programs: one item a row, made when it is asked for. GUI thread.

// Once a process is enough; more calls do nothing.
void installTranscriptAccessible();

// Rows have come: told to whoever listens, a few times a second at most.
void transcriptGrew(TranscriptView *view);

// It shows another conversation: the items of the one before are gone.
void transcriptReplaced(TranscriptView *view);

} // namespace tincan

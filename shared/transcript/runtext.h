// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "transcript/decoder.h"

namespace tincan {

// Any thread.

// The runs as the view shows them, on one line: with the escapes of line ends, control characters and invalid bytes.
QString shownText(const TextRuns &runs);

// The text that the runs are: the characters that escapes stand for. A byte that is no character stays an escape.
QString meantText(const TextRuns &runs);
QString meantText(const TextRun &run);

} // namespace tincan

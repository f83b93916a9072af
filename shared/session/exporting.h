// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/result.h"

namespace tincan {

// --export: writes a kept session (or a capture) as the suffix of `out` says: text, HTML, CSV, JSON Lines or a hex dump, as Save
// does, in UTF-8; anything else as pcapng, as exportFull() does. `in` may be any segment of a session. Any thread.
// Returns what was done, in words. Error: of the files.
Result<QString> exportSession(const QString &in, const QString &out);

} // namespace tincan

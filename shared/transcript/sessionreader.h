// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/rowsource.h"
#include "transcript/sessionfiles.h"

namespace tincan {

// A session that Tincan recorded, of one file or of segments: `path` is any of them, also a first one that was discarded. Its
// rows are those that the recorder made, but for what was discarded or torn off; a peer that joined before the first segment that
// is left joins at its beginning. Any thread. Error: of open(2); Parse where it is no session of Tincan's.
Result<std::unique_ptr<RowSource>> openOwnSession(const QString &path);

// The same of files that are open already and Tincan's (SessionFiles::isOwn).
std::unique_ptr<RowSource> readSession(SessionFiles files);

} // namespace tincan

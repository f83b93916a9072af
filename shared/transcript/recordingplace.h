// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/result.h"
#include "base/uniquefd.h"

namespace tincan {

// Where a session is written.
struct RecordingPlace {
    enum class Kind : std::uint8_t {
        StateFolder, // session-DATE-TIME.pcapng in $XDG_STATE_HOME/tincan (0700), mode 0600, never over an old one
        File,        // `path`, mode 0600; an existing file is truncated only if it is empty or a pcapng file
        Forgotten,   // a file without a name in the state folder: the window can read back, nothing is left when it ends
        Nowhere,     // nothing is written and no rows come: taps only (headless, --no-record)
    };
    Kind kind = Kind::StateFolder;
    QString path;
    bool rows = true; // false: nobody takes rows (headless), so none are made
};

struct OpenedPlace {
    UniqueFd fd;  // for reading and writing; none for Nowhere
    QString path; // absolute; empty where the file has no name
};

// $XDG_STATE_HOME/tincan (where that is not set, ~/.local/state/tincan): where sessions are kept. It need not exist. Any thread.
QString stateFolder();

// Opens (and where need be creates) it. Any thread. Error: of open(2) or mkdir(2), with the path.
Result<OpenedPlace> openRecordingPlace(const RecordingPlace &place);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/result.h"
#include "base/uniquefd.h"

namespace tincan {

inline constexpr std::uint64_t kMebibyte = std::uint64_t{1024} * 1024;
inline constexpr std::uint64_t kGibibyte = 1024 * kMebibyte;

// What a session may take of the disk.
struct RecordingLimits {
    std::uint64_t totalBytes = 4 * kGibibyte;     // of one session, without Kind::File; its oldest segments go. 0: no limit
    std::uint64_t freeBytes = kGibibyte;          // that are always left to others
    std::uint64_t segmentBytes = 256 * kMebibyte; // at most a quarter of totalBytes is taken
    int retryMilliseconds = 2000;                 // after a failure, before recording is tried again
};

// Where a session is written.
struct RecordingPlace {
    enum class Kind : std::uint8_t {
        StateFolder, // session-DATE-TIME.pcapng, then session-DATE-TIME.0002.pcapng …, in $XDG_STATE_HOME/tincan (0700), mode
                     // 0600, never over an old one
        File,        // `path`, mode 0600; an existing file is truncated only if it is empty or a pcapng file. One, of any size
        Forgotten,   // a file without a name in the state folder: the window can read back, nothing is left when it ends
        Nowhere,     // nothing is written and no rows come: taps only (headless, --no-record)
    };
    Kind kind = Kind::StateFolder;
    QString path;
    bool rows = true; // false: nobody takes rows (headless), so none are made
    RecordingLimits limits;
};

struct OpenedPlace {
    UniqueFd fd;  // for reading and writing; none for Nowhere
    QString path; // absolute; empty where the file has no name
};

// $XDG_STATE_HOME/tincan (where that is not set, ~/.local/state/tincan): where sessions are kept. It need not exist. Any thread.
QString stateFolder();

// Opens (and where need be creates) it. Any thread. Error: of open(2) or mkdir(2), with the path.
// EBUSY: somebody else records to it.
// What has a name is locked (flock) as long as it is open: nobody takes a session that is running for one that was cut off.
Result<OpenedPlace> openRecordingPlace(const RecordingPlace &place);

// A further segment of the session that began at `first` (empty: a session without a name). `number`: from 2 on; set to the
// one that was free. Any thread. Error: of open(2).
Result<OpenedPlace> openNextSegment(const QString &first, std::uint64_t &number);

// Whether somebody, this program included, is recording to the file. Any thread.
bool isBeingRecorded(const QString &path);

// The path of a segment of the session that began at `first`.
QString segmentPath(const QString &first, std::uint64_t number);

} // namespace tincan

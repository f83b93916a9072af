// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <QString>

#include "base/result.h"
#include "transcript/rowsource.h"
#include "transcript/segmentfile.h"

namespace tincan {

// The files of one session that was kept, found from the path of any of them. Any thread.
struct SessionFiles {
    SegmentFiles files;              // at least one
    std::string application;         // what wrote them
    std::uint64_t bytes = 0;         // of them altogether
    std::uint64_t unusableBytes = 0; // of files of this name that have not even a whole header: a crash when they were begun
    bool isOwn = false;              // Tincan recorded it (or exported it)
    bool finished = false;           // the last one bears the mark of an orderly end
};

// `path` may be a first segment that is gone. Error: of open(2); Parse where it is no pcapng file as this computer writes it.
Result<SessionFiles> openSessionFiles(const QString &path);

// Whether a file that says it was written by `application` was written by Tincan: "tincan-server 0.1.0", "Tincan 0.1.0".
bool isOwnApplication(std::string_view application) noexcept;

// What can be said of a session's file without reading it all. Error: as openSessionFiles().
struct SessionState {
    bool own = false;
    bool finished = false; // it was ended in an orderly way
    bool running = false;  // somebody is recording it now
};
Result<SessionState> sessionState(const QString &path);

// Whether the session in this file (of several: any of its files) was ended by its program, not by a crash or a power cut. True
// for what cannot be read, or is none of ours: there is nothing to offer then. Any thread; reads beginnings and ends only.
bool endedInOrder(const QString &path);

// Opens any file that can be shown: a session of ours with its events, or else a capture. Any thread. Error: as openCapture().
Result<std::unique_ptr<RowSource>> openAnySession(const QString &path);

} // namespace tincan

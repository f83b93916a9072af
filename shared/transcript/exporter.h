// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QString>

#include "base/result.h"

namespace tincan {

// Writes a live session file out in full: what went to many peers at once becomes one packet a recipient, and an echo that was
// written once becomes a packet of its own, so that any other program sees every conversation whole. What Unix sockets have
// carried stays in blocks that only Tincan knows, one a recipient. A session of several segments becomes one
// file. A torn last block (after a crash) is left out. Any thread; `progress` is called with 0 to 1000 now and then and ends the
// work by returning false. The file `out` must not be `in`.
struct ExportResult {
    std::uint64_t packets = 0;
    std::uint64_t messages = 0; // beside those: of Unix sockets, in blocks of our own
    std::uint64_t cutBytes = 0; // of a torn last block
};
Result<ExportResult> exportFull(const QString &in, const QString &out, const std::function<bool(int)> &progress = {});

} // namespace tincan

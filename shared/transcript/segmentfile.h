// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <QString>

#include "base/uniquefd.h"

namespace tincan {

// One file of a session, open. What readSegments() looks at does not change once it is shared with other threads.
struct SegmentFile {
    UniqueFd fd;
    QString path;               // empty: it has no name
    std::uint64_t base = 0;     // offset of its first byte, in the numbering of Row::offset
    std::uint64_t size = 0;     // of a session that is read: bytes, when it was opened
    std::uint64_t messages = 0; // of one that is written; the writer's
};

// In order; each begins where the one before it ends.
using SegmentFiles = std::vector<std::shared_ptr<SegmentFile>>;

// As PayloadSource::readInto(). Any thread.
std::size_t readSegments(const SegmentFiles &files, std::uint64_t offset, std::span<std::byte> into, int *error);

} // namespace tincan

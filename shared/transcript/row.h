// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/record.h"

namespace tincan {

// One message or event in the index: where it is and what it is, never its bytes. 32 bytes, and at most 16 more in lists.
struct Row {
    std::int64_t time = 0;    // wall clock, nanoseconds since 1970
    std::uint64_t offset = 0; // of the payload in the session file; kNotRecorded where it could not be written
    std::uint32_t size = 0;   // bytes of payload
    PeerId peer = kNoPeer;
    std::uint32_t detail = kNoDetail; // index into Index's details (or, of a batch of rows in transit, into its own)
    RecordKind kind = RecordKind::Note;
    bool isApart = false; // a message of a transport that keeps borders: what came before and after it is none of its (by Index)
};
static_assert(sizeof(Row) == 32);

// What must be known beside a row to say in words what it means.
struct RowContext {
    Transport transport = Transport::Tcp; // of its peer; of a Joined row and of none: what its detail says
    bool otherSideFinished = false;       // see Index
};

inline constexpr std::uint64_t kNotRecorded = UINT64_MAX;

} // namespace tincan

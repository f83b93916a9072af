// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/index.h"

namespace tincan {

// Adds the row of a record (or the socket call, the acknowledgement) to `made`. `detail` may be nullptr; it is moved away. The
// same from a net thread's batch and from a file, so that a session that is opened again is the one that was. Any thread.
void addRow(RowBatch &made, const Record &record, std::uint64_t offset, Detail *detail);

// Moves all that is in `from` to the end of `into`; the details get new numbers. `from` is left to be cleared.
void moveRows(RowBatch &into, RowBatch &from);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "transcript/delivery.h"

namespace tincan {

// What became of a sent message, in words (see session/words.h). Any thread.

// Beside the message: "✓" (our kernel has it), "✓✓ 48 µs" (the peer's kernel has it, after that time), "✓✓ ≤ 4.9 ms",
// "✓✓ 198 of 200", "✗ not acknowledged: the peer reset the connection".
QString deliveryMarks(const DeliveryState &state);

// The same in a sentence.
QString deliveryText(const DeliveryState &state);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/decoder.h"

namespace tincan {

// As Decoder does for UTF-8, in any other encoding: appends the runs of `bytes` to `into`. Returns how many bytes at the end
// begin a character that more would complete; no run stands for those. Any thread.
qsizetype cutCoded(const Encoding &encoding, QByteArrayView bytes, TextRuns &into);

} // namespace tincan

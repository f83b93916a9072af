// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <QByteArrayView>

#include "transcript/decoder.h"

namespace tincan {

// Bytes of a payload: [from, to).
struct ByteSpan {
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool isCurrent = false; // of several hits, the one that is looked at
};

// Characters of a laid out payload, and the same of bytes.
struct CharSpan {
    int start = 0;
    int length = 0;
    bool isCurrent = false;
};

// Which characters of the text that `runs` make (see RowLayout) stand for these bytes, which are ascending and do not overlap.
// `bytes` is the beginning of the payload, of which the first may have been shown in the row that completes their character.
std::vector<CharSpan> charsOf(const TextRuns &runs, QByteArrayView bytes, const std::vector<ByteSpan> &spans);

// The same in a dump of `size` bytes in lines of `perLine` that begins at character `dumpAt`: in its hex and in its text column.
std::vector<CharSpan> dumpCharsOf(int dumpAt, int perLine, std::int64_t size, const std::vector<ByteSpan> &spans);

} // namespace tincan

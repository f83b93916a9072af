// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <QByteArray>

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

// What was decoded: the beginning of a payload, with the bytes that were carried into it from the read before.
struct DecodedBytes {
    QByteArray carried;
    QByteArray bytes;
    const Encoding &encoding = utf8();
};

// Which characters of the text that `runs` make (see RowLayout) stand for these bytes of the payload (0 is its first; those that
// were carried are below), which are ascending and do not overlap.
std::vector<CharSpan> charsOf(const TextRuns &runs, const DecodedBytes &of, const std::vector<ByteSpan> &spans);

// The same in a dump of `size` bytes in lines of `perLine` that begins at character `dumpAt`: in its hex and in its text column.
std::vector<CharSpan> dumpCharsOf(int dumpAt, int perLine, std::int64_t size, const std::vector<ByteSpan> &spans);

} // namespace tincan

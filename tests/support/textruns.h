// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/decoder.h"

namespace tincan::test {

// The text of the runs, one after the other.
inline QString flat(const TextRuns &runs)
{
    QString text;
    for (const TextRun &run : runs) {
        text += run.text;
    }
    return text;
}

} // namespace tincan::test

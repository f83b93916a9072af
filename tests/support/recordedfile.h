// SPDX-License-Identifier: MIT
#pragma once

#include "support/recordings.h"
#include "transcript/recorder.h"
#include "transcript/sessionreader.h"

namespace tincan::test {

// A session file at this path with just this in it. False where it could not be made.
inline bool recordTo(const QString &path, Batch &batch)
{
    Recorder recorder;
    if (!recorder.open({RecordingPlace::Kind::File, path}, QStringLiteral("tincan-test"))) {
        return false;
    }
    recorder.start();
    recorder.publish(batch);
    recorder.finish();
    return true;
}

// All that a session of ours has, read so many rows at a time. Nothing where anything in it had to be passed over.
inline Kept readBack(const QString &path, std::size_t rowsAtOnce = 100)
{
    Kept kept;
    const auto source = openOwnSession(path);
    for (bool more = source.has_value(); more;) {
        RowBatch rows;
        more = (*source)->readRows(rows, rowsAtOnce).value_or(false);
        kept.add(rows, **source);
    }
    return source && (*source)->report().passedOver == 0 ? kept : Kept();
}

} // namespace tincan::test

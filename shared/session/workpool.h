// SPDX-License-Identifier: MIT
#pragma once

class QThreadPool;

namespace tincan {

// The threads for work that takes a while. Not QThreadPool::globalInstance(): Qt paints with that one (gradients, images), and
// the GUI thread waits for it; while long work keeps its threads busy the windows would stand still. Any thread.
QThreadPool &workPool();

// While one is alive, the pool has a thread more: for the one that it is in, when that is busy for as long as somebody may wait
// (saving). What comes in slices (cutting, finding, reading) would stand still behind a few of those.
class LongWork
{
public:
    LongWork();
    LongWork(const LongWork &) = delete;
    LongWork &operator=(const LongWork &) = delete;
    ~LongWork();
};

} // namespace tincan

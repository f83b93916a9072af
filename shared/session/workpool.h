// SPDX-License-Identifier: MIT
#pragma once

class QThreadPool;

namespace tincan {

// The threads for work that takes a while. Not QThreadPool::globalInstance(): Qt paints with that one (gradients, images), and
// the GUI thread waits for it; while long work keeps its threads busy the windows would stand still. Any thread.
QThreadPool &workPool();

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/workpool.h"

#include <QThreadPool>

namespace tincan {

QThreadPool &workPool()
{
    static QThreadPool pool;
    return pool;
}

LongWork::LongWork()
{
    workPool().releaseThread(); // of one that was not reserved: there may be one more
}

LongWork::~LongWork()
{
    workPool().reserveThread();
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/workpool.h"

namespace tincan {

QThreadPool &workPool()
{
    static QThreadPool pool;
    return pool;
}

std::mutex &handOver()
{
    static std::mutex mutex;
    return mutex;
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

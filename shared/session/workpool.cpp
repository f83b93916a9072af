// SPDX-License-Identifier: MIT
#include "session/workpool.h"

#include <QThreadPool>

namespace tincan {

QThreadPool &workPool()
{
    static QThreadPool pool;
    return pool;
}

} // namespace tincan

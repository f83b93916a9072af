// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/record.h"

namespace tincan {

// The call in strace's words, with its arguments decoded: "bind(9, 0.0.0.0:6666) = -1 EADDRINUSE (Address already in use)",
// "accept4(9) = 14   127.0.0.1:53422". Any thread.
QString callText(const CallInfo &call);

} // namespace tincan

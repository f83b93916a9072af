// SPDX-License-Identifier: MIT
#pragma once

#include "base/record.h"

namespace tincan {

// The process with the name of its program, as far as /proc tells it now, and the name of its user. Any thread.
Credentials processInfo(int pid, std::uint32_t uid, std::uint32_t gid);

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "base/uniquefd.h"

#include <unistd.h>

namespace tincan {

void UniqueFd::reset(int fd) noexcept
{
    const int old = std::exchange(m_fd, fd);
    if (old >= 0 && old != fd) {
        ::close(old);
    }
}

} // namespace tincan

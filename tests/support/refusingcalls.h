// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cerrno>

#include "net/syscalls.h"

namespace tincan::test {

// A kernel that names or connects nothing while an errno stands there: what root is never told of permissions. Set from any
// thread.
class RefusingCalls : public RealSyscalls
{
public:
    std::atomic<int> bindError = 0;
    std::atomic<int> connectError = 0;

    int bind(int fd, const sockaddr *address, socklen_t size) override
    {
        if (bindError != 0) {
            errno = bindError;
            return -1;
        }
        return RealSyscalls::bind(fd, address, size);
    }
    int connect(int fd, const sockaddr *address, socklen_t size) override
    {
        if (connectError != 0) {
            errno = connectError;
            return -1;
        }
        return RealSyscalls::connect(fd, address, size);
    }
};

} // namespace tincan::test

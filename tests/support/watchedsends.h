// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <vector>

#include <sys/socket.h>

#include "net/syscalls.h"

namespace tincan::test {

// What send(2) was asked for, call by call, and with which flags. Called by the loop; asked by the test, from any thread.
class WatchedSends : public RealSyscalls
{
public:
    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        const ssize_t count = RealSyscalls::send(fd, buffer, size, flags);
        if (count > 0) {
            const std::lock_guard lock(m_mutex);
            m_sizes.push_back(count);
            m_allEndRecords = m_allEndRecords && (flags & MSG_EOR) != 0;
        }
        return count;
    }
    // In bytes, in their order.
    std::vector<ssize_t> sizes() const
    {
        const std::lock_guard lock(m_mutex);
        return m_sizes;
    }
    bool allEndRecords() const
    {
        const std::lock_guard lock(m_mutex);
        return m_allEndRecords;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<ssize_t> m_sizes;
    bool m_allEndRecords = true;
};

} // namespace tincan::test

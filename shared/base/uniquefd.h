// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

namespace tincan {

// Owns one file descriptor and closes it. Not thread-safe; move it to hand it over.
class UniqueFd
{
public:
    UniqueFd() noexcept = default;
    explicit UniqueFd(int fd) noexcept
        : m_fd(fd)
    {
    }
    UniqueFd(UniqueFd &&other) noexcept
        : m_fd(other.release())
    {
    }
    UniqueFd &operator=(UniqueFd &&other) noexcept
    {
        if (this != &other) {
            reset(other.release());
        }
        return *this;
    }
    UniqueFd(const UniqueFd &) = delete;
    UniqueFd &operator=(const UniqueFd &) = delete;
    ~UniqueFd() { reset(); }

    int get() const noexcept { return m_fd; }
    explicit operator bool() const noexcept { return m_fd >= 0; }

    // Gives the descriptor up without closing it.
    int release() noexcept { return std::exchange(m_fd, -1); }

    // Closes what it holds and takes `fd`. EINTR from close(2) is not retried: on Linux the descriptor is gone by then.
    void reset(int fd = -1) noexcept;

private:
    int m_fd = -1;
};

} // namespace tincan

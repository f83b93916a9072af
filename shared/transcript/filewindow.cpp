// SPDX-License-Identifier: MIT
#include "transcript/filewindow.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace tincan {

FileWindow::FileWindow(int fd, std::uint64_t size)
    : m_fd(fd)
    , m_size(size)
    , m_bytes(
          std::make_unique_for_overwrite<std::byte[]>(std::min<std::uint64_t>(kMost, size))) // NOLINT(modernize-avoid-c-arrays)
{
}

void FileWindow::fill(std::uint64_t offset)
{
    m_begin = offset;
    m_filled = 0;
    if (offset < m_size) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kMost, m_size - offset));
        int error = 0;
        m_filled = readFile(m_fd, offset, {m_bytes.get(), count}, &error);
        m_error = error != 0 ? error : m_error;
    }
}

std::size_t readFile(int fd, std::uint64_t offset, std::span<std::byte> into, int *error)
{
    std::size_t filled = 0;
    *error = 0;
    while (filled < into.size() && offset + filled <= static_cast<std::uint64_t>(INT64_MAX)) {
        const ssize_t count = ::pread(fd, into.data() + filled, into.size() - filled, static_cast<off_t>(offset + filled));
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            *error = count == 0 ? 0 : errno;
            break;
        }
    }
    return filled;
}

} // namespace tincan

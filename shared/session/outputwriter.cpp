// SPDX-License-Identifier: MIT
#include "session/outputwriter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tincan {

namespace {

bool canBlock(int fd)
{
    struct stat about {
    };
    return ::fstat(fd, &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode) || ::isatty(fd) == 1);
}

} // namespace

OutputWriter::OutputWriter(int fd)
    : m_fd(fd)
    , m_mayBlock(canBlock(fd))
    , m_end(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

void OutputWriter::endSoon()
{
    const std::uint64_t one = 1;
    if (::write(m_end.get(), &one, sizeof one) < 0) {
        // It has been told already.
    }
}

// False where the program ends and nobody takes anything.
bool OutputWriter::waitForRoom()
{
    for (;;) {
        std::array<pollfd, 2> watched{{{m_fd, POLLOUT, 0}, {m_end.get(), POLLIN, 0}}};
        const int count = ::poll(watched.data(), m_isEnding ? 1 : 2, m_isEnding ? kPatience : -1);
        if (count == 0) {
            return false;
        }
        if (count > 0 && watched[0].revents != 0) {
            return true; // or an error, which write(2) will name
        }
        m_isEnding = m_isEnding || (count > 0 && watched[1].revents != 0);
    }
}

bool OutputWriter::write(std::string_view bytes)
{
    while (!bytes.empty() && !m_isLost) {
        if (m_mayBlock && !waitForRoom()) {
            m_isLost = true;
            break;
        }
        // poll(2) promises room for so much; a write of more would wait for the rest where we cannot be called back.
        const ssize_t written
            = ::write(m_fd, bytes.data(), m_mayBlock ? std::min<std::size_t>(bytes.size(), PIPE_BUF) : bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            m_mayBlock = true;
        } else if (errno != EINTR) {
            m_error = errno;
            m_isLost = true;
        }
    }
    return !m_isLost;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/uniquefd.h"

namespace tincan {

// Writes to a descriptor that is not ours (standard output), which may be a pipe that nobody empties: it waits, as it should,
// until it is told that the program is to end.
class OutputWriter
{
public:
    explicit OutputWriter(int fd);

    // One thread. All of it; false where that failed for good, and ever after.
    bool write(std::string_view bytes);

    // errno of the write(2) that failed for good; 0: none did, or nobody took anything at the end. The same thread.
    int error() const noexcept { return m_error; }

    // Any thread. From now on a reader that takes nothing for kPatience is given up.
    void endSoon();

    static constexpr int kPatience = 2000; // milliseconds

private:
    bool waitForRoom();

    int m_fd;
    bool m_mayBlock; // a pipe, a socket, a terminal
    int m_error = 0;
    bool m_isLost = false;
    bool m_isEnding = false; // m_end has been seen
    UniqueFd m_end;          // eventfd
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "base/record.h"

namespace tincan {

class TracedCalls;

// Who is at the other end of a connected Unix stream or seqpacket socket: SO_PEERCRED (unix(7)), which stands in the call log,
// with the program's name from /proc/<pid>/comm and the user's from getpwuid_r(3). Of one that we connected to, it is who had
// called listen(2). pid 0 where the kernel does not tell. Loop thread only.
Credentials peerCredentials(TracedCalls &calls, int fd, PeerId peer);

// The names that belong to a pid and a uid; empty where there are none. Any thread.
std::string programName(int pid);
std::string userName(std::uint32_t uid);

} // namespace tincan

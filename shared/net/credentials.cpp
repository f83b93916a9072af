// SPDX-License-Identifier: MIT
#include "net/credentials.h"

#include "net/processinfo.h"
#include "net/tracedcalls.h"

namespace tincan {

Credentials peerCredentials(TracedCalls &calls, int fd, PeerId peer)
{
    ucred told{};
    if (calls.peerCredentials(fd, told, peer) != 0 || told.pid <= 0) { // 0: of another pid namespace
        return {};
    }
    return processInfo(told.pid, told.uid, told.gid);
}

} // namespace tincan

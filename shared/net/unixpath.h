// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "base/endpoint.h"
#include "base/record.h"
#include "base/transport.h"

namespace tincan {

class TracedCalls;

// The name of a Unix socket of ours (unix(7)): gives it one, a path or an abstract one, and takes the path away again. Loop
// thread only.
//
// bind(2) makes the file, with the permissions of the socket's own inode less the umask. So those are set first, by fchmod(2) on
// the socket: there is no moment at which the path is more open than asked for. What the umask took is given back afterwards.
//
// A path at which there is a socket that nobody listens on any more is replaced: it was left behind by a program that crashed.
// That is found out by connecting to it. It is moved aside before it is removed, and looked at once more: what somebody else has
// put there meanwhile is put back. Anything that is no socket is left alone.
class UnixPath
{
public:
    struct Failure {
        Error error;     // of EADDRINUSE, `detail` is kNoSocket where a file of another kind stands in the way
        PortOwner owner; // of EADDRINUSE: who listens there
    };
    static constexpr std::string_view kNoSocket = "not a socket";

    // `mode`: permissions (0600 …), or -1: as the umask has it. Nothing where it was done.
    std::optional<Failure> bind(TracedCalls &calls, int fd, const Endpoint &address, Transport transport, int mode,
                                PeerId peer = kNoPeer);
    bool replacedStale() const noexcept { return m_replacedStale; }

    // Removes the path, if what stands there is still ours. To be called while the socket is open: as long as it is, its inode
    // is not given to another file.
    void remove(TracedCalls &calls, PeerId peer = kNoPeer);

private:
    std::optional<Failure> bound(TracedCalls &calls, int mode, PeerId peer);

    std::string m_path; // empty: none, or not ours any more
    dev_t m_device = 0;
    ino_t m_inode = 0;
    bool m_replacedStale = false;
};

// A path ("/run/app.sock") or an abstract name ("@name") as a person writes it. Any thread.
Endpoint unixEndpoint(const std::string &text);

// ENAMETOOLONG where there is no such address: paths may have 108 bytes, abstract names 107. EINVAL of an empty one. Otherwise 0.
// Any thread.
int unixNameError(const Endpoint &address);

} // namespace tincan

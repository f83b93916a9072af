// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/endpoint.h"

namespace tincan {

class Syscalls;

// An error that came over the network about a datagram of ours (ICMP), as the socket's error queue tells it (IP_RECVERR in ip(7),
// IPV6_RECVERR in ipv6(7)).
struct NetworkFailure {
    int error = 0;           // errno
    std::string destination; // the sockaddr that the datagram went to
    Endpoint offender;       // who said so; empty: not told
};

// The next one that waits; what a call of ours has been told of already is passed over. Nothing where there is none. Of sockets
// of IP only: of Unix sockets the call would read a message. Loop thread.
std::optional<NetworkFailure> readNetworkFailure(Syscalls &sys, int fd);

} // namespace tincan

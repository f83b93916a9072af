// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace tincan {

// Connections that listeners have lost, of all of them in this network namespace since it began (proc(5), /proc/net/netstat,
// the lines TcpExt). −1: not told.
struct ListenStats {
    std::int64_t overflows = -1; // ListenOverflows: the accept queue was full
    std::int64_t drops = -1;     // ListenDrops: these, and those lost for want of memory and the like
};

// Any thread.
ListenStats readListenStats();
ListenStats listenStatsOf(std::string_view netstat);

} // namespace tincan

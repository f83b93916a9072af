// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/endpoint.h"
#include "base/record.h"

namespace tincan {

// What a setsockopt(2) about multicast carries: ip(7), ipv6(7).
struct GroupOption {
    std::string group;     // as it was noted, "239.1.2.3"; empty of IP_MULTICAST_IF
    Endpoint address;      // that it is; empty where it is none, as a file may have it
    std::string interface; // its name; empty: the kernel chooses

    bool isV6 = false;
    bool joins = false; // or leaves; else only the interface is chosen
};

// Nothing where the call is about something else. Any thread.
std::optional<GroupOption> groupOptionOf(const CallInfo &call);

} // namespace tincan

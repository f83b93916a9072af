// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/endpoint.h"
#include "net/engine.h"

namespace tincan {

class TracedCalls;

// Groups and broadcasts of ip(7) and ipv6(7). Any thread, but for what makes calls: the socket's.

bool isMulticast(const Endpoint &address) noexcept;
// 255.255.255.255, the last address of one of this computer's networks, or what else an interface has for its broadcasts.
bool isBroadcast(const Endpoint &address);

// "239.1.2.3%eth0"; without the interface where the kernel chooses it.
std::string groupText(const MulticastGroup &group);

// IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP, IPV6_ADD_MEMBERSHIP, IPV6_DROP_MEMBERSHIP. errno, or 0.
int setMember(TracedCalls &calls, int fd, const MulticastGroup &group, bool member);

// IP_MULTICAST_IF, IPV6_MULTICAST_IF: by which interface datagrams to a group go out. errno, or 0.
int setMulticastInterface(TracedCalls &calls, int fd, int family, unsigned interface, PeerId peer);

} // namespace tincan

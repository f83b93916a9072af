// SPDX-License-Identifier: MIT
#include "session/localaddresses.h"

#include <algorithm>
#include <memory>

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

namespace tincan {

namespace {

socklen_t sizeOf(const sockaddr *address)
{
    return address->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

} // namespace

std::vector<LocalAddress> localAddresses()
{
    ifaddrs *first = nullptr;
    if (::getifaddrs(&first) != 0) {
        return {};
    }
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> guard(first, &::freeifaddrs);

    std::vector<LocalAddress> found;
    for (const ifaddrs *at = first; at; at = at->ifa_next) {
        const bool isIp = at->ifa_addr && (at->ifa_addr->sa_family == AF_INET || at->ifa_addr->sa_family == AF_INET6);
        if (!isIp || !(at->ifa_flags & IFF_UP) || (at->ifa_flags & IFF_LOOPBACK)) {
            continue;
        }
        const Endpoint endpoint = Endpoint::fromSockaddr(at->ifa_addr, sizeOf(at->ifa_addr));
        found.push_back({QString::fromStdString(endpoint.addressText()), QString::fromLocal8Bit(at->ifa_name)});
    }
    std::stable_partition(found.begin(), found.end(), [](const LocalAddress &one) { return !one.address.contains(u':'); });
    return found;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/localname.h"

#include <algorithm>

namespace tincan {

void dropOtherFamily(std::vector<Endpoint> &addresses, const Endpoint &local)
{
    const auto isReachable = [&](const Endpoint &address) { return address.family() == local.family(); };
    if (local.isIp() && !local.isAny() && std::any_of(addresses.begin(), addresses.end(), isReachable)) {
        std::erase_if(addresses, [&](const Endpoint &address) { return !isReachable(address); });
    }
}

std::optional<Endpoint> localFor(const Endpoint &local, const Endpoint &remote)
{
    if (!local.isIp() || local.family() == remote.family()) {
        return local;
    }
    if (!local.isAny()) {
        return {};
    }
    return remote.family() == Endpoint::Family::IPv6 ? Endpoint::ipv6({}, local.port()) : Endpoint::ipv4(0, local.port());
}

} // namespace tincan

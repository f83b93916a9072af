// SPDX-License-Identifier: MIT
#include "session/groupoption.h"

#include <netinet/in.h>

namespace tincan {

std::optional<GroupOption> groupOptionOf(const CallInfo &call)
{
    GroupOption option;
    option.isV6 = call.a == IPPROTO_IPV6;
    if (call.a == IPPROTO_IP && call.b == IP_MULTICAST_IF && !call.text.empty()) {
        option.interface = call.text;
        return option;
    }
    option.joins = (call.a == IPPROTO_IP && (call.b == IP_ADD_MEMBERSHIP || call.b == IP_DROP_MEMBERSHIP))
        || (option.isV6 && (call.b == IPV6_ADD_MEMBERSHIP || call.b == IPV6_DROP_MEMBERSHIP));
    if (!option.joins) {
        return {};
    }
    const std::string whole = call.address.isEmpty() ? call.text : call.address.addressText();
    const auto percent = whole.find('%');
    option.group = whole.substr(0, percent);
    option.interface = percent == std::string::npos ? std::string() : whole.substr(percent + 1);
    const auto family = option.isV6 ? Endpoint::Family::IPv6 : Endpoint::Family::IPv4;
    if (const Result<Endpoint> address = Endpoint::fromAddress(option.group, 0); address && address->family() == family) {
        option.address = *address;
    }
    return option;
}

} // namespace tincan

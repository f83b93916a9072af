// SPDX-License-Identifier: MIT
#include "net/multicast.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "net/tracedcalls.h"

namespace tincan {

namespace {

template<typename T>
std::span<const std::byte> bytesOf(const T &value)
{
    return std::as_bytes(std::span(&value, 1));
}

std::string interfaceName(unsigned index)
{
    std::array<char, IF_NAMESIZE> name{};
    return ::if_indextoname(index, name.data()) ? std::string(name.data()) : std::to_string(index);
}

in_addr ipv4Of(const Endpoint &address)
{
    in_addr value{};
    std::memcpy(&value, address.addressBytes().data(), sizeof value);
    return value;
}

in_addr_t ipv4Of(const sockaddr &address)
{
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return v4.sin_addr.s_addr;
}

// The last address of a network is its broadcast by the routes, whether the interface was given one or not, the loopback's too
// (fib_add_ifaddr() in net/ipv4/fib_frontend.c); not of networks of one or two addresses (RFC 3021).
bool isLastOf(in_addr_t address, in_addr_t mask, in_addr_t wanted)
{
    constexpr in_addr_t kOfTwo = 0xfffffffe;
    return ntohl(mask) < kOfTwo && (address | ~mask) == wanted;
}

} // namespace

bool isMulticast(const Endpoint &address) noexcept
{
    const std::uint8_t first = address.addressBytes()[0];
    constexpr unsigned kClassD = 0xe0;
    return (address.family() == Endpoint::Family::IPv4 && (first & 0xf0U) == kClassD)
        || (address.family() == Endpoint::Family::IPv6 && first == 0xff);
}

bool isBroadcast(const Endpoint &address)
{
    if (address.family() != Endpoint::Family::IPv4) {
        return false;
    }
    const in_addr wanted = ipv4Of(address);
    if (wanted.s_addr == INADDR_BROADCAST) {
        return true;
    }
    ifaddrs *list = nullptr;
    if (::getifaddrs(&list) != 0) {
        return false;
    }
    bool found = false;
    for (const ifaddrs *entry = list; entry && !found; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) {
            continue;
        }
        const bool hasOwn = (entry->ifa_flags & IFF_BROADCAST) != 0 && entry->ifa_broadaddr;
        found = (hasOwn && ipv4Of(*entry->ifa_broadaddr) == wanted.s_addr)
            || (entry->ifa_netmask && isLastOf(ipv4Of(*entry->ifa_addr), ipv4Of(*entry->ifa_netmask), wanted.s_addr));
    }
    ::freeifaddrs(list);
    return found;
}

std::string groupText(const MulticastGroup &group)
{
    Endpoint plain = group.group;
    plain.setPort(0);
    std::string text = plain.addressText();
    if (group.interface != 0 && text.find('%') == std::string::npos) {
        text += '%' + interfaceName(group.interface);
    }
    return text;
}

int setMember(TracedCalls &calls, int fd, const MulticastGroup &group, bool member)
{
    const std::string text = groupText(group);
    if (!isMulticast(group.group)) {
        return EINVAL;
    }
    int result = 0;
    if (group.group.family() == Endpoint::Family::IPv4) {
        ip_mreqn request{};
        request.imr_multiaddr = ipv4Of(group.group);
        request.imr_ifindex = static_cast<int>(group.interface);
        result = calls.setValue(fd, IPPROTO_IP, member ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, bytesOf(request), text);
    } else {
        ipv6_mreq request{};
        std::memcpy(&request.ipv6mr_multiaddr, group.group.addressBytes().data(), sizeof request.ipv6mr_multiaddr);
        request.ipv6mr_interface = group.interface != 0 ? group.interface : group.group.scope();
        result = calls.setValue(fd, IPPROTO_IPV6, member ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP, bytesOf(request), text);
    }
    return result < 0 ? errno : 0;
}

int setMulticastInterface(TracedCalls &calls, int fd, int family, unsigned interface, PeerId peer)
{
    int result = 0;
    if (family == AF_INET) {
        ip_mreqn request{};
        request.imr_ifindex = static_cast<int>(interface);
        result = calls.setValue(fd, IPPROTO_IP, IP_MULTICAST_IF, bytesOf(request), interfaceName(interface), peer);
    } else {
        result = calls.setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface), peer);
    }
    return result < 0 ? errno : 0;
}

} // namespace tincan

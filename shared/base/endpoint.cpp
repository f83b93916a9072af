// SPDX-License-Identifier: MIT
#include "base/endpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace tincan {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

tl::unexpected<Error> wrong(std::string detail)
{
    return fail(0, CallName::Parse, std::move(detail));
}

Result<std::uint16_t> parsePort(std::string_view text)
{
    if (text.empty()) {
        return wrong("the port is missing");
    }
    unsigned long port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
        return wrong("the port “" + std::string(text) + "” is no number");
    }
    if (error == std::errc::result_out_of_range || port > 65'535) {
        return wrong("port " + std::string(text) + " is larger than 65535");
    }
    return static_cast<std::uint16_t>(port);
}

Result<std::uint32_t> parseScope(std::string_view text)
{
    const std::string name(text);
    if (const unsigned index = ::if_nametoindex(name.c_str()); index != 0) {
        return index;
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || end != text.data() + text.size() || error != std::errc{}) {
        return wrong("this computer has no network interface “" + name + "”");
    }
    return number;
}

std::string scopeName(std::uint32_t scope)
{
    std::array<char, IF_NAMESIZE> name{};
    if (::if_indextoname(scope, name.data())) {
        return name.data();
    }
    return std::to_string(scope);
}

} // namespace

Endpoint Endpoint::ipv4(std::uint32_t hostOrderAddress, std::uint16_t port)
{
    Endpoint endpoint;
    endpoint.m_family = Family::IPv4;
    const std::uint32_t network = htonl(hostOrderAddress);
    std::memcpy(endpoint.m_address.data(), &network, sizeof network);
    endpoint.m_port = port;
    return endpoint;
}

Endpoint Endpoint::ipv6(const std::array<std::uint8_t, 16> &address, std::uint16_t port, std::uint32_t scope)
{
    Endpoint endpoint;
    endpoint.m_port = port;
    if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.begin())) {
        endpoint.m_family = Family::IPv4;
        std::copy(address.begin() + 12, address.end(), endpoint.m_address.begin());
        return endpoint;
    }
    endpoint.m_family = Family::IPv6;
    endpoint.m_address = address;
    endpoint.m_scope = scope;
    return endpoint;
}

Endpoint Endpoint::unixPath(std::string path)
{
    Endpoint endpoint;
    endpoint.m_family = Family::UnixPath;
    endpoint.m_path = std::move(path);
    return endpoint;
}

Endpoint Endpoint::unixAbstract(std::string name)
{
    Endpoint endpoint;
    endpoint.m_family = Family::UnixAbstract;
    endpoint.m_path = std::move(name);
    return endpoint;
}

Result<Endpoint> Endpoint::fromAddress(std::string_view address, std::uint16_t port)
{
    const auto percent = address.find('%');
    const std::string plain(address.substr(0, percent));
    in_addr v4{};
    if (percent == std::string_view::npos && ::inet_pton(AF_INET, plain.c_str(), &v4) == 1) {
        return ipv4(ntohl(v4.s_addr), port);
    }
    std::array<std::uint8_t, 16> v6{};
    if (::inet_pton(AF_INET6, plain.c_str(), v6.data()) != 1) {
        return wrong(plain.empty() ? "the address is missing: give one, as 127.0.0.1 or ::1"
                                   : "“" + std::string(address) + "” is no address: give one in numbers, as 127.0.0.1 or ::1");
    }
    std::uint32_t scope = 0;
    if (percent != std::string_view::npos) {
        const Result<std::uint32_t> parsed = parseScope(address.substr(percent + 1));
        if (!parsed) {
            return tl::unexpected(parsed.error());
        }
        scope = *parsed;
    }
    return ipv6(v6, port, scope);
}

Result<Endpoint> Endpoint::parse(std::string_view text)
{
    constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
    if (text.empty()) {
        return wrong("the address is empty");
    }
    if (text.front() == '/' || text.front() == '.' || text.front() == '@') {
        if (text.size() > kLongestPath || text.find('\0') != std::string_view::npos) {
            return wrong("a Unix socket's path has at most " + std::to_string(kLongestPath) + " bytes and no NUL");
        }
        return text.front() == '@' ? unixAbstract(std::string(text.substr(1))) : unixPath(std::string(text));
    }
    std::string_view address;
    std::string_view port;
    if (text.front() == '[') {
        const auto close = text.find(']');
        if (close == std::string_view::npos) {
            return wrong("“[” without “]”");
        }
        address = text.substr(1, close - 1);
        port = text.substr(close + 1);
        if (address.find(':') == std::string_view::npos) {
            return wrong("what stands in brackets must be an IPv6 address");
        }
    } else {
        const auto colon = text.find(':');
        address = text.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        if (text.find(':', address.size() + 1) != std::string_view::npos) {
            return wrong("an IPv6 address stands in brackets before its port, as [::1]:6666");
        }
    }
    if (port.empty() || port.front() != ':') {
        return wrong("the port is missing");
    }
    const Result<std::uint16_t> number = parsePort(port.substr(1));
    if (!number) {
        return tl::unexpected(number.error());
    }
    return fromAddress(address, *number);
}

Endpoint Endpoint::fromSockaddr(const sockaddr *address, socklen_t size)
{
    if (!address || size < sizeof(sa_family_t)) {
        return {};
    }
    if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        return ipv4(ntohl(v4.sin_addr.s_addr), ntohs(v4.sin_port));
    }
    if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return ipv6(bytes, ntohs(v6.sin6_port), v6.sin6_scope_id);
    }
    if (address->sa_family == AF_UNIX && size > offsetof(sockaddr_un, sun_path)) {
        const auto *path = reinterpret_cast<const char *>(address) + offsetof(sockaddr_un, sun_path);
        const std::size_t length = size - offsetof(sockaddr_un, sun_path);
        if (path[0] == '\0') {
            return unixAbstract(std::string(path + 1, length - 1));
        }
        return unixPath(std::string(path, ::strnlen(path, length)));
    }
    return {};
}

socklen_t Endpoint::toSockaddr(sockaddr_storage &storage, bool dualStack) const
{
    storage = {};
    if (m_family == Family::IPv4 && !dualStack) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(m_port);
        std::memcpy(&v4.sin_addr, m_address.data(), sizeof v4.sin_addr);
        std::memcpy(&storage, &v4, sizeof v4);
        return sizeof v4;
    }
    if (isIp()) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(m_port);
        v6.sin6_scope_id = m_scope;
        if (m_family == Family::IPv4) {
            std::memcpy(&v6.sin6_addr, kMappedPrefix.data(), kMappedPrefix.size());
            std::memcpy(v6.sin6_addr.s6_addr + kMappedPrefix.size(), m_address.data(), 4);
        } else {
            std::memcpy(&v6.sin6_addr, m_address.data(), sizeof v6.sin6_addr);
        }
        std::memcpy(&storage, &v6, sizeof v6);
        return sizeof v6;
    }
    const std::size_t skip = m_family == Family::UnixAbstract ? 1 : 0;
    if (m_family == Family::None || m_path.size() + skip > sizeof(sockaddr_un::sun_path)) {
        return 0;
    }
    sockaddr_un unixAddress{};
    unixAddress.sun_family = AF_UNIX;
    std::memcpy(unixAddress.sun_path + skip, m_path.data(), m_path.size());
    std::memcpy(&storage, &unixAddress, sizeof unixAddress);
    // A path of the greatest length has no NUL at its end (unix(7)).
    return static_cast<socklen_t>(std::min(offsetof(sockaddr_un, sun_path) + m_path.size() + 1, sizeof unixAddress));
}

bool Endpoint::isLoopback() const noexcept
{
    switch (m_family) {
    case Family::IPv4:
        return m_address[0] == 127;
    case Family::IPv6:
        return m_address[15] == 1 && std::all_of(m_address.begin(), m_address.end() - 1, [](auto byte) { return byte == 0; });
    case Family::UnixPath:
    case Family::UnixAbstract:
        return true;
    case Family::None:
        break;
    }
    return false;
}

bool Endpoint::isAny() const noexcept
{
    return isIp() && std::all_of(m_address.begin(), m_address.end(), [](auto byte) { return byte == 0; });
}

int Endpoint::addressFamily() const noexcept
{
    switch (m_family) {
    case Family::IPv4:
        return AF_INET;
    case Family::IPv6:
        return AF_INET6;
    case Family::UnixPath:
    case Family::UnixAbstract:
        return AF_UNIX;
    case Family::None:
        break;
    }
    return AF_UNSPEC;
}

std::string Endpoint::addressText() const
{
    if (!isIp()) {
        return m_family == Family::UnixAbstract ? "@" + m_path : m_path;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(addressFamily(), m_address.data(), text.data(), text.size());
    std::string address = text.data();
    if (m_scope != 0) {
        address += "%" + scopeName(m_scope);
    }
    return address;
}

std::string Endpoint::toString() const
{
    switch (m_family) {
    case Family::IPv4:
        return addressText() + ":" + std::to_string(m_port);
    case Family::IPv6:
        return "[" + addressText() + "]:" + std::to_string(m_port);
    default:
        return addressText();
    }
}

} // namespace tincan

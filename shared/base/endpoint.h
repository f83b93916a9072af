// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>

#include "base/result.h"

namespace tincan {

// Where a socket is, or is to be: an IPv4 or IPv6 address with a port, or a Unix path, or an abstract Unix name.
// A value: copy it freely, any thread.
//
// Text form, parsed and written alike (RFC 5952 for IPv6, RFC 4007 for the scope; unix(7) for the others):
//   192.0.2.1:6666    [2001:db8::1]:6666    [fe80::1%eth0]:6666    /run/app.sock    @abstract
// An IPv6 address that maps an IPv4 one (::ffff:192.0.2.1) is kept as IPv4: that is what goes over the wire.
class Endpoint
{
public:
    enum class Family : std::uint8_t { None, IPv4, IPv6, UnixPath, UnixAbstract };

    Endpoint() = default;

    // The whole text form, with port. Error: {0, Parse, what is wrong}.
    static Result<Endpoint> parse(std::string_view text);

    // An address alone, without port or brackets ("::1", "127.0.0.1", "fe80::1%eth0"), and the port beside it.
    static Result<Endpoint> fromAddress(std::string_view address, std::uint16_t port);

    static Endpoint ipv4(std::uint32_t hostOrderAddress, std::uint16_t port);
    static Endpoint ipv6(const std::array<std::uint8_t, 16> &address, std::uint16_t port, std::uint32_t scope = 0);
    static Endpoint unixPath(std::string path);
    static Endpoint unixAbstract(std::string name);

    // From what the kernel filled in. A family it does not know gives an empty endpoint.
    static Endpoint fromSockaddr(const sockaddr *address, socklen_t size);

    // Fills `storage` and returns the length to hand to the kernel; 0 where there is nothing to hand over. `dualStack`
    // writes an IPv4 address in its mapped IPv6 form, for a socket of family AF_INET6.
    socklen_t toSockaddr(sockaddr_storage &storage, bool dualStack = false) const;

    Family family() const noexcept { return m_family; }
    bool isEmpty() const noexcept { return m_family == Family::None; }
    bool isIp() const noexcept { return m_family == Family::IPv4 || m_family == Family::IPv6; }
    // 127/8, ::1, and everything Unix: it stays on this computer.
    bool isLoopback() const noexcept;
    // 0.0.0.0 or ::
    bool isAny() const noexcept;
    int addressFamily() const noexcept; // AF_INET …; AF_UNSPEC when empty

    std::uint16_t port() const noexcept { return m_port; }
    void setPort(std::uint16_t port) noexcept { m_port = port; }
    std::uint32_t scope() const noexcept { return m_scope; }
    // Network order. IPv4 uses the first 4 of them.
    const std::array<std::uint8_t, 16> &addressBytes() const noexcept { return m_address; }
    const std::string &path() const noexcept { return m_path; }

    std::string addressText() const; // without port and brackets, by inet_ntop(3); the path for Unix
    std::string toString() const;    // the text form; "" when empty

    friend bool operator==(const Endpoint &, const Endpoint &) = default;

private:
    std::array<std::uint8_t, 16> m_address{};
    std::string m_path;
    std::uint32_t m_scope = 0;
    std::uint16_t m_port = 0;
    Family m_family = Family::None;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/transport.h"

namespace tincan {

// The socket options that a person may set and look at (socket(7), tcp(7), ip(7), ipv6(7), udp(7)). The numbers stand in
// settings.
enum class SocketOption : std::uint8_t {
    ReuseAddress,
    ReusePort,
    KeepAlive,
    KeepIdle,     // seconds without traffic before the first probe
    KeepInterval, // seconds between probes
    KeepCount,    // probes without an answer before the connection is given up
    NoDelay,
    SendBuffer,    // bytes; the kernel doubles what is asked for
    ReceiveBuffer, // likewise
    Linger,        // seconds close(2) may block for, 0: close sends RST; -1: off
    UserTimeout,   // milliseconds that sent data may stay unacknowledged
    FastOpen,      // of a listener: how many may wait; of a connection: TCP_FASTOPEN_CONNECT
    V6Only,
    HopLimit,    // IP_TTL, IPV6_UNICAST_HOPS
    Dscp,        // 0–63, the upper six bits of IP_TOS and IPV6_TCLASS
    DeferAccept, // seconds
    Congestion,  // text: the algorithm's name
    Broadcast,
    MulticastHops, // IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS
    MulticastLoop, // whether this computer hears what it sends to a group
};
inline constexpr std::size_t kSocketOptions = 20;

// What is asked for. Numbers as the enumeration says; yes is 1, no 0.
struct OptionValue {
    SocketOption option = SocketOption::ReuseAddress;
    int value = 0;
    std::string text; // of Congestion

    friend bool operator==(const OptionValue &, const OptionValue &) = default;
};
using OptionValues = std::vector<OptionValue>;

// What the kernel makes of it.
struct OptionState {
    SocketOption option = SocketOption::ReuseAddress;
    std::optional<OptionValue> asked; // none: it is the system's default
    OptionValue now;                  // by getsockopt(2)
    int setError = 0;                 // errno of setsockopt(2), where it was asked for and refused
    int getError = 0;                 // errno of getsockopt(2): `now` means nothing then
};

enum class OptionForm : std::uint8_t { Switch, Number, Text };
enum class OptionTime : std::uint8_t {
    BeforeBind, // of no use later
    Always,     // on an open socket too
};

// Where an option belongs. A row of the table below.
struct OptionInfo {
    SocketOption option;
    std::string_view name; // "SO_REUSEADDR"
    OptionForm form;
    OptionTime time;
    bool listeners;   // makes sense on a listening socket (or a bound datagram socket)
    bool connections; // … on a connected one
    int least;        // of a Number
    int most;
    std::string_view unit; // "s", "ms", "bytes" or nothing
};

std::span<const OptionInfo> optionTable() noexcept;
const OptionInfo &optionInfo(SocketOption option) noexcept;
// Whether sockets of this kind have it.
bool hasOption(Transport transport, SocketOption option) noexcept;

} // namespace tincan

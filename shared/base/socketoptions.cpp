// SPDX-License-Identifier: MIT
#include "base/socketoptions.h"

#include <array>
#include <climits>

namespace tincan {

namespace {

using enum SocketOption;
constexpr auto Switch = OptionForm::Switch;
constexpr auto Number = OptionForm::Number;
constexpr auto Before = OptionTime::BeforeBind;
constexpr auto Always = OptionTime::Always;

// In the order of the enumeration. Bounds: tcp(7) for the three times of keepalive (MAX_TCP_KEEPIDLE … in linux/tcp.h).
constexpr std::array<OptionInfo, kSocketOptions> kTable = {{
    {ReuseAddress, "SO_REUSEADDR", Switch, Before, true, true, 0, 1, ""},
    {ReusePort, "SO_REUSEPORT", Switch, Before, true, true, 0, 1, ""},
    {KeepAlive, "SO_KEEPALIVE", Switch, Always, true, true, 0, 1, ""},
    {KeepIdle, "TCP_KEEPIDLE", Number, Always, true, true, 1, 32'767, "s"},
    {KeepInterval, "TCP_KEEPINTVL", Number, Always, true, true, 1, 32'767, "s"},
    {KeepCount, "TCP_KEEPCNT", Number, Always, true, true, 1, 127, ""},
    {NoDelay, "TCP_NODELAY", Switch, Always, true, true, 0, 1, ""},
    {SendBuffer, "SO_SNDBUF", Number, Always, true, true, 1, INT_MAX / 2, "bytes"},
    {ReceiveBuffer, "SO_RCVBUF", Number, Always, true, true, 1, INT_MAX / 2, "bytes"},
    {Linger, "SO_LINGER", Number, Always, true, true, -1, 32'767, "s"},
    {UserTimeout, "TCP_USER_TIMEOUT", Number, Always, true, true, 0, INT_MAX, "ms"},
    {FastOpen, "TCP_FASTOPEN", Number, Before, true, true, 0, 65'535, ""},
    {V6Only, "IPV6_V6ONLY", Switch, Before, true, false, 0, 1, ""},
    {HopLimit, "IP_TTL", Number, Always, true, true, 1, 255, ""},
    {Dscp, "IP_TOS", Number, Always, true, true, 0, 63, ""},
    {DeferAccept, "TCP_DEFER_ACCEPT", Number, Always, true, false, 0, 32'767, "s"},
    {Congestion, "TCP_CONGESTION", OptionForm::Text, Always, true, true, 0, 0, ""},
    {Broadcast, "SO_BROADCAST", Switch, Always, true, true, 0, 1, ""},
    {MulticastHops, "IP_MULTICAST_TTL", Number, Always, true, true, 0, 255, ""},
    {MulticastLoop, "IP_MULTICAST_LOOP", Switch, Always, true, true, 0, 1, ""},
}};

} // namespace

std::span<const OptionInfo> optionTable() noexcept
{
    return kTable;
}

const OptionInfo &optionInfo(SocketOption option) noexcept
{
    return kTable[static_cast<std::size_t>(option)];
}

bool hasOption(Transport transport, SocketOption option) noexcept
{
    switch (option) {
    case SendBuffer:
    case ReceiveBuffer:
        return true;
    case Linger:
        return transport == Transport::Tcp;
    case ReuseAddress:
    case ReusePort:
    case V6Only:
    case HopLimit:
    case Dscp:
        return !isUnix(transport);
    case Broadcast:
    case MulticastHops:
    case MulticastLoop:
        return transport == Transport::Udp;
    default:
        return transport == Transport::Tcp;
    }
}

} // namespace tincan

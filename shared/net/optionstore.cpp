// SPDX-License-Identifier: MIT
#include "net/optionstore.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/endpoint.h"
#include "net/syscalls.h"
#include "net/tracedcalls.h"

namespace tincan {

namespace {

// The arguments of setsockopt(2) and getsockopt(2).
struct Name {
    int level = 0;
    int option = 0;
};

constexpr unsigned kEcnBits = 2; // below the DSCP in IP_TOS (RFC 3168)

Name tcpName(SocketOption option, bool listens)
{
    switch (option) {
    case SocketOption::KeepIdle:
        return {IPPROTO_TCP, TCP_KEEPIDLE};
    case SocketOption::KeepInterval:
        return {IPPROTO_TCP, TCP_KEEPINTVL};
    case SocketOption::KeepCount:
        return {IPPROTO_TCP, TCP_KEEPCNT};
    case SocketOption::UserTimeout:
        return {IPPROTO_TCP, TCP_USER_TIMEOUT};
    case SocketOption::FastOpen:
        return {IPPROTO_TCP, listens ? TCP_FASTOPEN : TCP_FASTOPEN_CONNECT};
    case SocketOption::DeferAccept:
        return {IPPROTO_TCP, TCP_DEFER_ACCEPT};
    case SocketOption::Congestion:
        return {IPPROTO_TCP, TCP_CONGESTION};
    default:
        return {IPPROTO_TCP, TCP_NODELAY};
    }
}

// IP's own are known by another name to sockets of IPv6.
Name nameOf(SocketOption option, int family, bool listens)
{
    const bool six = family == AF_INET6;
    switch (option) {
    case SocketOption::ReuseAddress:
        return {SOL_SOCKET, SO_REUSEADDR};
    case SocketOption::ReusePort:
        return {SOL_SOCKET, SO_REUSEPORT};
    case SocketOption::KeepAlive:
        return {SOL_SOCKET, SO_KEEPALIVE};
    case SocketOption::SendBuffer:
        return {SOL_SOCKET, SO_SNDBUF};
    case SocketOption::ReceiveBuffer:
        return {SOL_SOCKET, SO_RCVBUF};
    case SocketOption::Linger:
        return {SOL_SOCKET, SO_LINGER};
    case SocketOption::Broadcast:
        return {SOL_SOCKET, SO_BROADCAST};
    case SocketOption::V6Only:
        return {IPPROTO_IPV6, IPV6_V6ONLY};
    case SocketOption::HopLimit:
        return six ? Name{IPPROTO_IPV6, IPV6_UNICAST_HOPS} : Name{IPPROTO_IP, IP_TTL};
    case SocketOption::Dscp:
        return six ? Name{IPPROTO_IPV6, IPV6_TCLASS} : Name{IPPROTO_IP, IP_TOS};
    case SocketOption::MulticastHops:
        return six ? Name{IPPROTO_IPV6, IPV6_MULTICAST_HOPS} : Name{IPPROTO_IP, IP_MULTICAST_TTL};
    case SocketOption::MulticastLoop:
        return six ? Name{IPPROTO_IPV6, IPV6_MULTICAST_LOOP} : Name{IPPROTO_IP, IP_MULTICAST_LOOP};
    default:
        return tcpName(option, listens);
    }
}

bool isOfIp(SocketOption option)
{
    return option == SocketOption::HopLimit || option == SocketOption::Dscp || option == SocketOption::MulticastHops
        || option == SocketOption::MulticastLoop;
}

bool has(Transport transport, int family, bool listens, SocketOption option)
{
    const OptionInfo &info = optionInfo(option);
    return hasOption(transport, option) && (listens ? info.listeners : info.connections)
        && (option != SocketOption::V6Only || family == AF_INET6);
}

bool bindDependsOn(SocketOption option)
{
    return option == SocketOption::ReuseAddress || option == SocketOption::ReusePort || option == SocketOption::V6Only;
}

// 0, or errno.
int getNumber(Syscalls &sys, int fd, Name name, int &value)
{
    socklen_t size = sizeof value;
    return sys.getsockopt(fd, name.level, name.option, &value, &size) == 0 ? 0 : errno;
}

// A socket of IPv6 whose other end is (or may be) one of IPv4.
bool welcomesIpv4(Syscalls &sys, int fd)
{
    int only = 1;
    return getNumber(sys, fd, {IPPROTO_IPV6, IPV6_V6ONLY}, only) == 0 && only == 0;
}

// What goes out is IPv4, though the socket may be of IPv6.
bool speaksIpv4(Syscalls &sys, int fd)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    return sys.getsockname(fd, reinterpret_cast<sockaddr *>(&storage), &size) == 0
        && Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size).family() == Endpoint::Family::IPv4;
}

// 0, or errno.
int setNumber(TracedCalls &calls, int fd, Name name, const OptionValue &value, PeerId peer)
{
    int number = value.value;
    if (value.option == SocketOption::Dscp) {
        int before = 0;
        getNumber(calls.raw(), fd, name, before);
        const unsigned ecn = static_cast<unsigned>(before) & ((1U << kEcnBits) - 1);
        number = static_cast<int>((static_cast<unsigned>(number) << kEcnBits) | ecn);
    } else if (value.option == SocketOption::FastOpen && name.option == TCP_FASTOPEN_CONNECT) {
        number = number != 0 ? 1 : 0;
    }
    return calls.setOption(fd, name.level, name.option, number, peer) == 0 ? 0 : errno;
}

int setValue(TracedCalls &calls, int fd, int family, bool listens, const OptionValue &value, PeerId peer)
{
    const Name name = nameOf(value.option, family, listens);
    if (value.option == SocketOption::Linger) {
        return calls.setLinger(fd, value.value, peer) == 0 ? 0 : errno;
    }
    if (value.option == SocketOption::Congestion) {
        return calls.setText(fd, name.level, name.option, value.text, peer) == 0 ? 0 : errno;
    }
    const int error = setNumber(calls, fd, name, value, peer);
    if (error != 0 || family != AF_INET6 || !isOfIp(value.option) || !welcomesIpv4(calls.raw(), fd)) {
        return error;
    }
    return setNumber(calls, fd, nameOf(value.option, AF_INET, listens), value, peer);
}

int getValue(Syscalls &sys, int fd, Name name, OptionValue &value)
{
    if (value.option == SocketOption::Linger) {
        linger told{};
        socklen_t size = sizeof told;
        const int error = sys.getsockopt(fd, name.level, name.option, &told, &size) == 0 ? 0 : errno;
        value.value = told.l_onoff != 0 ? told.l_linger : -1;
        return error;
    }
    if (value.option == SocketOption::Congestion) {
        std::array<char, 16> text{}; // TCP_CA_NAME_MAX
        socklen_t size = text.size();
        const int error = sys.getsockopt(fd, name.level, name.option, text.data(), &size) == 0 ? 0 : errno;
        value.text.assign(text.data(), ::strnlen(text.data(), text.size()));
        return error;
    }
    const int error = getNumber(sys, fd, name, value.value);
    if (value.option == SocketOption::Dscp) {
        value.value = static_cast<int>(static_cast<unsigned>(value.value) >> kEcnBits);
    }
    return error;
}

} // namespace

int OptionStore::apply(TracedCalls &calls, int fd, Transport transport, int family, bool listens, const OptionValues &values,
                       OptionTime when, PeerId peer)
{
    int failed = 0;
    for (const OptionValue &value : values) {
        if (optionInfo(value.option).time != when || !has(transport, family, listens, value.option)) {
            continue;
        }
        const int error = set(calls, fd, transport, family, listens, value, peer);
        if (failed == 0 && bindDependsOn(value.option)) {
            failed = error;
        }
    }
    return failed;
}

int OptionStore::set(TracedCalls &calls, int fd, Transport transport, int family, bool listens, const OptionValue &value,
                     PeerId peer)
{
    if (!has(transport, family, listens, value.option)) {
        return ENOPROTOOPT;
    }
    const int error = setValue(calls, fd, family, listens, value, peer);
    remember(value, error);
    return error;
}

std::vector<OptionState> OptionStore::read(Syscalls &sys, int fd, Transport transport, int family, bool listens) const
{
    const bool four = family == AF_INET6 && !listens && speaksIpv4(sys, fd);
    std::vector<OptionState> states;
    for (const OptionInfo &info : optionTable()) {
        if (!has(transport, family, listens, info.option)) {
            continue;
        }
        OptionState &state = states.emplace_back();
        state.option = info.option;
        state.now.option = info.option;
        state.getError = getValue(sys, fd, nameOf(info.option, four ? AF_INET : family, listens), state.now);
        if (const Asked *asked = find(info.option)) {
            state.asked = asked->value;
            state.setError = asked->error;
        }
    }
    return states;
}

int OptionStore::familyOf(Syscalls &sys, int fd)
{
    int family = AF_UNSPEC;
    return getNumber(sys, fd, {SOL_SOCKET, SO_DOMAIN}, family) == 0 ? family : AF_UNSPEC;
}

void OptionStore::remember(const OptionValue &value, int error)
{
    auto asked = m_asked ? std::make_shared<std::vector<Asked>>(*m_asked) : std::make_shared<std::vector<Asked>>();
    std::erase_if(*asked, [&](const Asked &one) { return one.value.option == value.option; });
    asked->push_back({value, error});
    m_asked = std::move(asked);
}

const OptionStore::Asked *OptionStore::find(SocketOption option) const
{
    if (!m_asked) {
        return nullptr;
    }
    const auto found
        = std::find_if(m_asked->begin(), m_asked->end(), [&](const Asked &one) { return one.value.option == option; });
    return found == m_asked->end() ? nullptr : &*found;
}

NoteInfo optionNote(const OptionValue &value)
{
    return {NoteCode::OptionSet, static_cast<std::int64_t>(value.option), value.value, value.text};
}

OptionValues withDefaults(const OptionValues &values, OptionValues defaults)
{
    std::erase_if(defaults, [&](const OptionValue &standard) {
        return std::any_of(values.begin(), values.end(),
                           [&](const OptionValue &value) { return value.option == standard.option; });
    });
    defaults.insert(defaults.end(), values.begin(), values.end());
    return defaults;
}

} // namespace tincan

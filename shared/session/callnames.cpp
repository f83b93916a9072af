// SPDX-License-Identifier: MIT
#include "session/callnames.h"

#include <algorithm>
#include <cstdio>

#include <span>

#include <linux/errqueue.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <QStringList>

namespace tincan {

namespace {

struct Constant {
    int value;
    const char *name;
};

struct Option {
    int level;
    int value;
    const char *name;
};

#define NAMED(constant)                                                                                                          \
    {                                                                                                                            \
        constant, #constant                                                                                                      \
    }
#define OPTION(level, constant)                                                                                                  \
    {                                                                                                                            \
        level, constant, #constant                                                                                               \
    }

constexpr Constant kDomains[] = {NAMED(AF_UNSPEC), NAMED(AF_UNIX), NAMED(AF_INET), NAMED(AF_INET6), NAMED(AF_NETLINK)};
constexpr Constant kTypes[] = {NAMED(SOCK_STREAM), NAMED(SOCK_DGRAM), NAMED(SOCK_RAW), NAMED(SOCK_SEQPACKET)};
constexpr Constant kTypeFlags[] = {NAMED(SOCK_CLOEXEC), NAMED(SOCK_NONBLOCK)}; // in strace's order
constexpr Constant kProtocols[] = {NAMED(IPPROTO_IP), NAMED(IPPROTO_TCP), NAMED(IPPROTO_UDP)};
constexpr Constant kHows[] = {NAMED(SHUT_RD), NAMED(SHUT_WR), NAMED(SHUT_RDWR)};
// strace says SOL_ where the manual says IPPROTO_ too; the numbers are the same.
constexpr Constant kLevels[] = {{SOL_SOCKET, "SOL_SOCKET"},
                                {IPPROTO_IP, "SOL_IP"},
                                {IPPROTO_TCP, "SOL_TCP"},
                                {IPPROTO_IPV6, "SOL_IPV6"},
                                {IPPROTO_UDP, "SOL_UDP"}};
constexpr Constant kMessageFlags[]
    = {NAMED(MSG_OOB),  NAMED(MSG_PEEK),     NAMED(MSG_TRUNC),    NAMED(MSG_CTRUNC),      NAMED(MSG_DONTWAIT),
       NAMED(MSG_EOR),  NAMED(MSG_WAITALL),  NAMED(MSG_CONFIRM),  NAMED(MSG_ERRQUEUE),    NAMED(MSG_NOSIGNAL),
       NAMED(MSG_MORE), NAMED(MSG_ZEROCOPY), NAMED(MSG_FASTOPEN), NAMED(MSG_CMSG_CLOEXEC)};
constexpr Constant kRequests[] = {{SIOCOUTQ, "SIOCOUTQ"}, {SIOCINQ, "SIOCINQ"}, NAMED(SIOCOUTQNSD)};
constexpr Constant kLookupErrors[]
    = {NAMED(EAI_BADFLAGS), NAMED(EAI_NONAME), NAMED(EAI_AGAIN),  NAMED(EAI_FAIL),     NAMED(EAI_FAMILY), NAMED(EAI_SOCKTYPE),
       NAMED(EAI_SERVICE),  NAMED(EAI_MEMORY), NAMED(EAI_SYSTEM), NAMED(EAI_OVERFLOW), NAMED(EAI_NODATA), NAMED(EAI_ADDRFAMILY)};

constexpr Option kOptions[] = {
    OPTION(SOL_SOCKET, SO_REUSEADDR),
    OPTION(SOL_SOCKET, SO_TYPE),
    OPTION(SOL_SOCKET, SO_ERROR),
    OPTION(SOL_SOCKET, SO_BROADCAST),
    OPTION(SOL_SOCKET, SO_SNDBUF),
    OPTION(SOL_SOCKET, SO_RCVBUF),
    OPTION(SOL_SOCKET, SO_KEEPALIVE),
    OPTION(SOL_SOCKET, SO_OOBINLINE),
    OPTION(SOL_SOCKET, SO_PRIORITY),
    OPTION(SOL_SOCKET, SO_LINGER),
    OPTION(SOL_SOCKET, SO_REUSEPORT),
    OPTION(SOL_SOCKET, SO_PASSCRED),
    OPTION(SOL_SOCKET, SO_PEERCRED),
    OPTION(SOL_SOCKET, SO_RCVTIMEO),
    OPTION(SOL_SOCKET, SO_SNDTIMEO),
    OPTION(SOL_SOCKET, SO_BINDTODEVICE),
    OPTION(SOL_SOCKET, SO_ACCEPTCONN),
    OPTION(SOL_SOCKET, SO_TIMESTAMP),
    OPTION(SOL_SOCKET, SO_TIMESTAMPNS),
    OPTION(SOL_SOCKET, SO_TIMESTAMPING),
    OPTION(SOL_SOCKET, SO_PROTOCOL),
    OPTION(SOL_SOCKET, SO_DOMAIN),
    OPTION(SOL_SOCKET, SO_RXQ_OVFL),
    OPTION(SOL_SOCKET, SO_MAX_PACING_RATE),
    OPTION(SOL_SOCKET, SO_MEMINFO),
    OPTION(SOL_SOCKET, SO_SNDBUFFORCE),
    OPTION(SOL_SOCKET, SO_RCVBUFFORCE),
    OPTION(SOL_SOCKET, SO_MARK),
    OPTION(SOL_SOCKET, SO_BUSY_POLL),
    OPTION(SOL_SOCKET, SO_INCOMING_CPU),
    OPTION(SOL_SOCKET, SO_COOKIE),
    OPTION(SOL_SOCKET, SO_PEERSEC),
    OPTION(SOL_SOCKET, SO_ZEROCOPY),
    OPTION(IPPROTO_IP, IP_TOS),
    OPTION(IPPROTO_IP, IP_TTL),
    OPTION(IPPROTO_IP, IP_RECVERR),
    OPTION(IPPROTO_IP, IP_PKTINFO),
    OPTION(IPPROTO_IP, IP_RECVTTL),
    OPTION(IPPROTO_IP, IP_RECVTOS),
    OPTION(IPPROTO_IP, IP_MTU_DISCOVER),
    OPTION(IPPROTO_IP, IP_MTU),
    OPTION(IPPROTO_IP, IP_FREEBIND),
    OPTION(IPPROTO_IP, IP_TRANSPARENT),
    OPTION(IPPROTO_IP, IP_MULTICAST_IF),
    OPTION(IPPROTO_IP, IP_MULTICAST_TTL),
    OPTION(IPPROTO_IP, IP_MULTICAST_LOOP),
    OPTION(IPPROTO_IP, IP_MULTICAST_ALL),
    OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP),
    OPTION(IPPROTO_IP, IP_DROP_MEMBERSHIP),
    OPTION(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
    OPTION(IPPROTO_IP, MCAST_JOIN_GROUP),
    OPTION(IPPROTO_IP, MCAST_LEAVE_GROUP),
    OPTION(IPPROTO_IPV6, IPV6_V6ONLY),
    OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_IF),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_ALL),
    OPTION(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP),
    OPTION(IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP),
    OPTION(IPPROTO_IPV6, IPV6_TCLASS),
    OPTION(IPPROTO_IPV6, IPV6_RECVERR),
    OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO),
    OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER),
    OPTION(IPPROTO_IPV6, MCAST_JOIN_GROUP),
    OPTION(IPPROTO_IPV6, MCAST_LEAVE_GROUP),
    OPTION(IPPROTO_TCP, TCP_NODELAY),
    OPTION(IPPROTO_TCP, TCP_MAXSEG),
    OPTION(IPPROTO_TCP, TCP_CORK),
    OPTION(IPPROTO_TCP, TCP_KEEPIDLE),
    OPTION(IPPROTO_TCP, TCP_KEEPINTVL),
    OPTION(IPPROTO_TCP, TCP_KEEPCNT),
    OPTION(IPPROTO_TCP, TCP_SYNCNT),
    OPTION(IPPROTO_TCP, TCP_LINGER2),
    OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT),
    OPTION(IPPROTO_TCP, TCP_WINDOW_CLAMP),
    OPTION(IPPROTO_TCP, TCP_INFO),
    OPTION(IPPROTO_TCP, TCP_QUICKACK),
    OPTION(IPPROTO_TCP, TCP_CONGESTION),
    OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT),
    OPTION(IPPROTO_TCP, TCP_FASTOPEN),
    OPTION(IPPROTO_TCP, TCP_FASTOPEN_CONNECT),
    OPTION(IPPROTO_TCP, TCP_NOTSENT_LOWAT),
    OPTION(IPPROTO_UDP, UDP_CORK),
    OPTION(IPPROTO_UDP, UDP_SEGMENT),
    OPTION(IPPROTO_UDP, UDP_GRO),
};

#undef NAMED
#undef OPTION

QString hex(int value)
{
    return QStringLiteral("0x") + QString::number(static_cast<unsigned>(value), 16);
}

const char *find(std::span<const Constant> among, int value)
{
    for (const Constant &one : among) {
        if (one.value == value) {
            return one.name;
        }
    }
    return nullptr;
}

QString nameIn(std::span<const Constant> among, int value)
{
    const char *name = find(among, value);
    return name ? QString::fromLatin1(name) : QString::number(value);
}

// What none of them names stays behind as a number.
QString flagsIn(std::span<const Constant> among, int flags)
{
    QStringList names;
    for (const Constant &one : among) {
        if ((flags & one.value) == one.value && one.value != 0) {
            names << QString::fromLatin1(one.name);
            flags &= ~one.value;
        }
    }
    if (flags != 0 || names.isEmpty()) {
        names << (flags == 0 ? QStringLiteral("0") : hex(flags));
    }
    return names.join(u'|');
}

} // namespace

QString domainName(int domain)
{
    return nameIn(kDomains, domain);
}

QString socketTypeName(int type)
{
    constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    const QString name = nameIn(kTypes, type & ~kFlags);
    return (type & kFlags) == 0 ? name : name + u'|' + typeFlagNames(type & kFlags);
}

QString typeFlagNames(int flags)
{
    return flagsIn(kTypeFlags, flags);
}

QString protocolName(int domain, int protocol)
{
    return domain == AF_INET || domain == AF_INET6 ? nameIn(kProtocols, protocol) : QString::number(protocol);
}

QString shutdownName(int how)
{
    return nameIn(kHows, how);
}

QString optionLevelName(int level)
{
    return nameIn(kLevels, level);
}

QString optionName(int level, int option)
{
    for (const Option &known : kOptions) {
        if (known.level == level && known.value == option) {
            return QString::fromLatin1(known.name);
        }
    }
    return hex(option);
}

QString messageFlagNames(int flags)
{
    return flagsIn(kMessageFlags, flags);
}

QString requestName(int request)
{
    const char *name = find(kRequests, request);
    return name ? QString::fromLatin1(name) : hex(request);
}

QString lookupErrorName(int code)
{
    return nameIn(kLookupErrors, code);
}

std::pair<int, int> lingerOf(const CallInfo &call)
{
    int isOn = call.c >= 0 ? 1 : 0;
    int seconds = std::max(call.c, 0);
    if (int on = 0, time = 0; std::sscanf(call.text.c_str(), "{%d, %d}", &on, &time) == 2) {
        isOn = on;
        seconds = time;
    }
    return {isOn, seconds};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/callmeaning.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <QStringList>

#include "session/callnames.h"
#include "session/errnowords.h"

namespace tincan {

namespace {

QString at(const Endpoint &endpoint)
{
    return endpoint.isEmpty() ? QStringLiteral("an unnamed socket") : QString::fromStdString(endpoint.toString());
}

QString textOf(const CallInfo &call)
{
    return QString::fromStdString(call.text.empty() ? call.address.path() : call.text);
}

struct OptionMeaning {
    int level;
    int option;
    const char *what;
};

constexpr std::array kOptionMeanings = {
    OptionMeaning{SOL_SOCKET, SO_REUSEADDR, "an address whose last connections are in TIME_WAIT may be taken again"},
    OptionMeaning{SOL_SOCKET, SO_REUSEPORT, "several sockets may have the same address; the kernel shares out who comes"},
    OptionMeaning{SOL_SOCKET, SO_KEEPALIVE, "a quiet connection is probed, so that a peer that is gone is noticed"},
    OptionMeaning{SOL_SOCKET, SO_BROADCAST, "may send to a whole network at once"},
    OptionMeaning{SOL_SOCKET, SO_SNDBUF, "bytes that may wait in the kernel to be sent; it takes twice as much"},
    OptionMeaning{SOL_SOCKET, SO_RCVBUF, "bytes that may wait in the kernel to be read; it takes twice as much"},
    OptionMeaning{SOL_SOCKET, SO_LINGER, "what close does with unsent bytes; with 0 seconds it sends RST at once"},
    OptionMeaning{SOL_SOCKET, SO_ERROR, "asks what went wrong on the socket meanwhile (a connect under way tells so)"},
    OptionMeaning{SOL_SOCKET, SO_PEERCRED, "asks which process is at the other end"},
    OptionMeaning{SOL_SOCKET, SO_RXQ_OVFL, "tells how many datagrams were dropped because nobody read them in time"},
    OptionMeaning{SOL_SOCKET, SO_TIMESTAMPING, "the kernel notes when bytes leave, come, or are acknowledged"},
    OptionMeaning{SOL_SOCKET, SO_MAX_PACING_RATE, "sends at most so many bytes a second"},
    OptionMeaning{SOL_SOCKET, SO_BINDTODEVICE, "speaks over this network interface only"},
    OptionMeaning{IPPROTO_IP, IP_TOS, "the kind of service that is asked of routers (DSCP)"},
    OptionMeaning{IPPROTO_IP, IP_TTL, "how many routers a packet may pass"},
    OptionMeaning{IPPROTO_IP, IP_RECVERR, "ICMP errors are told, with who sent them"},
    OptionMeaning{IPPROTO_IP, IP_ADD_MEMBERSHIP, "joins a multicast group: what is sent to it is received"},
    OptionMeaning{IPPROTO_IP, IP_DROP_MEMBERSHIP, "leaves a multicast group"},
    OptionMeaning{IPPROTO_IP, IP_MULTICAST_TTL, "how many routers a packet to a group may pass"},
    OptionMeaning{IPPROTO_IP, IP_MULTICAST_LOOP, "this computer hears what it sends to a group"},
    OptionMeaning{IPPROTO_IPV6, IPV6_V6ONLY, "on: IPv6 only; off: IPv4 peers are welcome on it too"},
    OptionMeaning{IPPROTO_IPV6, IPV6_UNICAST_HOPS, "how many routers a packet may pass"},
    OptionMeaning{IPPROTO_IPV6, IPV6_TCLASS, "the kind of service that is asked of routers (DSCP)"},
    OptionMeaning{IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, "joins a multicast group: what is sent to it is received"},
    OptionMeaning{IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, "leaves a multicast group"},
    OptionMeaning{IPPROTO_IPV6, IPV6_RECVERR, "ICMP errors are told, with who sent them"},
    OptionMeaning{IPPROTO_TCP, TCP_NODELAY, "small messages go out at once (no waiting by Nagle's algorithm)"},
    OptionMeaning{IPPROTO_TCP, TCP_KEEPIDLE, "seconds of quiet before the first probe"},
    OptionMeaning{IPPROTO_TCP, TCP_KEEPINTVL, "seconds between probes"},
    OptionMeaning{IPPROTO_TCP, TCP_KEEPCNT, "probes without an answer before the connection is given up"},
    OptionMeaning{IPPROTO_TCP, TCP_USER_TIMEOUT, "milliseconds that sent bytes may stay unacknowledged"},
    OptionMeaning{IPPROTO_TCP, TCP_FASTOPEN, "who knows the server may send bytes with the SYN"},
    OptionMeaning{IPPROTO_TCP, TCP_FASTOPEN_CONNECT, "the first bytes go with the SYN"},
    OptionMeaning{IPPROTO_TCP, TCP_DEFER_ACCEPT, "who connects is accepted once it has sent something"},
    OptionMeaning{IPPROTO_TCP, TCP_CONGESTION, "how the sending rate follows the network"},
    OptionMeaning{IPPROTO_TCP, TCP_INFO, "asks for the state and the figures of the connection"},
};

QString optionWhat(const CallInfo &call)
{
    const QString name = optionName(call.a, call.b);
    const auto *known = std::find_if(kOptionMeanings.begin(), kOptionMeanings.end(),
                                     [&](const OptionMeaning &one) { return one.level == call.a && one.option == call.b; });
    const QString verb
        = call.call == CallName::SetSockOpt ? QStringLiteral("setsockopt sets ") : QStringLiteral("getsockopt reads ");
    return known == kOptionMeanings.end() ? verb + name + u'.'
                                          : verb + name + QLatin1String(": ") + QString::fromLatin1(known->what) + u'.';
}

QString shutdownWhat(int how)
{
    switch (how) {
    case SHUT_RD:
        return QStringLiteral("shutdown stops receiving; nothing goes over the wire.");
    case SHUT_WR:
        return QStringLiteral("shutdown ends our sending side: FIN goes out, and we still receive (half-close).");
    default:
        return QStringLiteral("shutdown ends both directions: FIN goes out, and nothing is received any more.");
    }
}

QString manyReceivedWhat(const CallInfo &call)
{
    if (call.error != 0) {
        return QStringLiteral("recvmmsg takes many datagrams at once out of the kernel's receive buffer.");
    }
    return call.result == 1 ? QStringLiteral("recvmmsg took 1 datagram out of the kernel's receive buffer.")
                            : QStringLiteral("recvmmsg took %1 datagrams out of the kernel's receive buffer at once; the one "
                                             "shown is the first of this peer's.")
                                  .arg(call.result);
}

QString manySentWhat(const CallInfo &call)
{
    if (call.error != 0) {
        return QStringLiteral("sendmmsg hands many datagrams to the kernel at once.");
    }
    if (call.c == 1) {
        return QStringLiteral("sendmmsg gave the kernel %1 datagram.").arg(call.result);
    }
    const QString what = QStringLiteral("sendmmsg gave the kernel %1 of %2 datagrams").arg(call.result).arg(call.c);
    return call.result == 1 ? what + u'.' : what + QStringLiteral("; the one shown is the first of this peer's.");
}

QString receiveWhat(const CallInfo &call)
{
    if (call.call == CallName::RecvMmsg) {
        return manyReceivedWhat(call);
    }
    const QString name = call.call == CallName::Recv ? QStringLiteral("recv") : QStringLiteral("recvmsg");
    if (call.error != 0) {
        return name + QStringLiteral(" takes what has come out of the kernel's receive buffer.");
    }
    return call.result == 0 ? name + QStringLiteral(" gave 0: end of stream, the peer closed its sending side (FIN).")
                            : name + QStringLiteral(" took %1 bytes out of the kernel's receive buffer.").arg(call.result);
}

QString sendWhat(const CallInfo &call)
{
    if (call.call == CallName::SendMmsg) {
        return manySentWhat(call);
    }
    const QString name = call.call == CallName::Send ? QStringLiteral("send") : QStringLiteral("sendmsg");
    if (call.error != 0) {
        return name + QStringLiteral(" hands bytes to the kernel's send buffer.");
    }
    return name + QStringLiteral(" gave the kernel %1 of %2 bytes; it sends them when it may.").arg(call.result).arg(call.a);
}

QString acceptWhat(const CallInfo &call)
{
    return call.error != 0
        ? QStringLiteral("accept4 takes the next connection out of the accept queue.")
        : QStringLiteral("accept4 took the connection of %1 out of the accept queue; its socket is descriptor %2.")
              .arg(at(call.address))
              .arg(call.result);
}

QString what(const CallInfo &call)
{
    switch (call.call) {
    case CallName::Socket:
        return QStringLiteral("socket makes a socket, and gives its descriptor: a number to name it by.");
    case CallName::Bind:
        return QStringLiteral("bind gives the socket its own address: %1.").arg(at(call.address));
    case CallName::Listen:
        return QStringLiteral("listen lets others connect; %1 may wait to be accepted (backlog).").arg(call.a);
    case CallName::Accept:
        return acceptWhat(call);
    case CallName::Connect:
        return QStringLiteral("connect calls %1.").arg(at(call.address));
    case CallName::Shutdown:
        return shutdownWhat(call.a);
    case CallName::Close:
        return QStringLiteral(
            "close gives the descriptor back; the last one to a connection ends it (FIN, or RST where bytes are unread).");
    case CallName::SetSockOpt:
    case CallName::GetSockOpt:
        return optionWhat(call);
    case CallName::GetSockName:
        return QStringLiteral("getsockname asks which address our end has: %1.").arg(at(call.address));
    case CallName::GetPeerName:
        return QStringLiteral("getpeername asks which address the other end has: %1.").arg(at(call.address));
    case CallName::Recv:
    case CallName::RecvMsg:
    case CallName::RecvMmsg:
        return receiveWhat(call);
    case CallName::Send:
    case CallName::SendMsg:
    case CallName::SendMmsg:
        return sendWhat(call);
    case CallName::GetAddrInfo:
        return QStringLiteral("getaddrinfo looks the addresses of “%1” up.").arg(textOf(call));
    case CallName::Unlink:
        return QStringLiteral("unlink removes the socket's file %1.").arg(textOf(call));
    case CallName::ChMod:
        return QStringLiteral("chmod says who may connect to %1.").arg(textOf(call));
    case CallName::SocketPair:
        return QStringLiteral("socketpair makes two sockets that are connected to each other.");
    case CallName::Spawn:
        return QStringLiteral("posix_spawn starts a process of its own for a peer.");
    case CallName::Ioctl:
        return QStringLiteral("ioctl %1 asks how many bytes wait in the kernel.").arg(requestName(call.b));
    default:
        return {};
    }
}

QString optionManual(int level)
{
    switch (level) {
    case SOL_SOCKET:
        return QStringLiteral(", socket(7)");
    case IPPROTO_IP:
        return QStringLiteral(", ip(7)");
    case IPPROTO_IPV6:
        return QStringLiteral(", ipv6(7)");
    case IPPROTO_TCP:
        return QStringLiteral(", tcp(7)");
    default:
        return QStringLiteral(", udp(7)");
    }
}

QString manual(const CallInfo &call)
{
    const std::string_view name = callName(call.call);
    const bool isLibrary = call.call == CallName::GetAddrInfo || call.call == CallName::Spawn;
    QString page = QLatin1String(name.data(), static_cast<qsizetype>(name.size()))
        + (isLibrary ? QLatin1String("(3)") : QLatin1String("(2)"));
    if (call.call == CallName::SetSockOpt || call.call == CallName::GetSockOpt) {
        return page + optionManual(call.a);
    }
    if (call.call == CallName::Bind || call.call == CallName::Connect) {
        return page + (call.address.isIp() ? QStringLiteral(", ip(7)") : QStringLiteral(", unix(7)"));
    }
    return page;
}

} // namespace

CallMeaning callMeaning(const CallInfo &call)
{
    CallMeaning meaning{what(call), {}, {}, manual(call)};
    // What a connect(2) came to is asked for by SO_ERROR, and is then the result of that call.
    const bool tells = call.call == CallName::GetSockOpt && call.a == SOL_SOCKET && call.b == SO_ERROR && call.error == 0;
    if (const int code = tells ? call.c : call.error; code != 0) {
        const ErrnoWords words = errnoWords(tells ? CallName::Connect : call.call, code, call.address, textOf(call));
        meaning.error = words.name + QLatin1String(": ") + words.meaning;
        meaning.remedy = words.remedy;
    }
    return meaning;
}

QString callMeaningText(const CallInfo &call)
{
    const CallMeaning meaning = callMeaning(call);
    QStringList parts{meaning.what, meaning.error, meaning.remedy, QStringLiteral("See ") + meaning.manual + u'.'};
    parts.removeAll(QString());
    return parts.join(u' ');
}

} // namespace tincan

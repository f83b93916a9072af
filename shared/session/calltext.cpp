// SPDX-License-Identifier: MIT
#include "session/calltext.h"

#include <array>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace tincan {

namespace {

QString number(long value)
{
    return QString::number(value);
}

QString domainName(int domain)
{
    switch (domain) {
    case AF_INET:
        return QStringLiteral("AF_INET");
    case AF_INET6:
        return QStringLiteral("AF_INET6");
    case AF_UNIX:
        return QStringLiteral("AF_UNIX");
    default:
        return number(domain);
    }
}

QString typeName(int type)
{
    QString text;
    switch (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) {
    case SOCK_STREAM:
        text = QStringLiteral("SOCK_STREAM");
        break;
    case SOCK_DGRAM:
        text = QStringLiteral("SOCK_DGRAM");
        break;
    default:
        text = number(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC));
    }
    if (type & SOCK_NONBLOCK) {
        text += QLatin1String(" | SOCK_NONBLOCK");
    }
    if (type & SOCK_CLOEXEC) {
        text += QLatin1String(" | SOCK_CLOEXEC");
    }
    return text;
}

QString protocolName(int protocol)
{
    switch (protocol) {
    case IPPROTO_TCP:
        return QStringLiteral("IPPROTO_TCP");
    case IPPROTO_UDP:
        return QStringLiteral("IPPROTO_UDP");
    default:
        return number(protocol);
    }
}

QString howName(int how)
{
    constexpr std::array names = {"SHUT_RD", "SHUT_WR", "SHUT_RDWR"};
    return how >= 0 && how < 3 ? QString::fromLatin1(names.at(static_cast<std::size_t>(how))) : number(how);
}

struct OptionName {
    int level;
    int option;
    const char *levelName;
    const char *name;
};

constexpr std::array kOptions = {
    OptionName{SOL_SOCKET, SO_REUSEADDR, "SOL_SOCKET", "SO_REUSEADDR"},
    OptionName{SOL_SOCKET, SO_ERROR, "SOL_SOCKET", "SO_ERROR"},
    OptionName{SOL_SOCKET, SO_LINGER, "SOL_SOCKET", "SO_LINGER"},
    OptionName{SOL_SOCKET, SO_KEEPALIVE, "SOL_SOCKET", "SO_KEEPALIVE"},
    OptionName{IPPROTO_IPV6, IPV6_V6ONLY, "IPPROTO_IPV6", "IPV6_V6ONLY"},
    OptionName{IPPROTO_TCP, TCP_NODELAY, "IPPROTO_TCP", "TCP_NODELAY"},
    OptionName{IPPROTO_TCP, TCP_INFO, "IPPROTO_TCP", "TCP_INFO"},
};

QString optionName(int level, int option)
{
    for (const OptionName &known : kOptions) {
        if (known.level == level && known.option == option) {
            return QString::fromLatin1(known.levelName) + QLatin1String(", ") + QString::fromLatin1(known.name);
        }
    }
    return number(level) + QLatin1String(", ") + number(option);
}

QString arguments(const CallInfo &call)
{
    QString fd = number(call.fd);
    const QString address = QString::fromStdString(call.address.toString());
    const auto with = [&fd](const QString &rest) { return QString(fd + QLatin1String(", ") + rest); };
    switch (call.call) {
    case CallName::Socket:
        return domainName(call.a) + QLatin1String(", ") + typeName(call.b) + QLatin1String(", ") + protocolName(call.c);
    case CallName::Bind:
    case CallName::Connect:
        return with(address);
    case CallName::Listen:
        return with(number(call.a));
    case CallName::Shutdown:
        return with(howName(call.a));
    case CallName::SetSockOpt:
        return with(optionName(call.a, call.b) + QLatin1String(", ") + number(call.c));
    case CallName::GetSockOpt:
        return with(optionName(call.a, call.b));
    case CallName::Recv:
    case CallName::Send:
        return with(number(call.a));
    case CallName::GetAddrInfo:
        return QLatin1Char('"') + QString::fromStdString(call.text) + QLatin1Char('"');
    default:
        return fd;
    }
}

QString eaiName(int code)
{
    switch (code) {
    case EAI_NONAME:
        return QStringLiteral("EAI_NONAME");
    case EAI_AGAIN:
        return QStringLiteral("EAI_AGAIN");
    case EAI_FAIL:
        return QStringLiteral("EAI_FAIL");
    case EAI_SYSTEM:
        return QStringLiteral("EAI_SYSTEM");
    case EAI_NODATA:
        return QStringLiteral("EAI_NODATA");
    default:
        return number(code);
    }
}

QString outcome(const CallInfo &call)
{
    if (call.call == CallName::GetAddrInfo && call.error != 0) {
        return eaiName(call.error) + QLatin1String(" (") + QString::fromLocal8Bit(::gai_strerror(call.error)) + QLatin1Char(')');
    }
    if (call.result >= 0 && call.error == 0) {
        return number(call.result);
    }
    return number(call.result) + QLatin1Char(' ') + QString::fromStdString(errnoName(call.error)) + QLatin1String(" (")
        + QString::fromStdString(errnoMeaning(call.error)) + QLatin1Char(')');
}

QString remark(const CallInfo &call)
{
    switch (call.call) {
    case CallName::Accept:
    case CallName::GetSockName:
        return QString::fromStdString(call.address.toString());
    case CallName::Recv:
        return call.result == 0 && call.error == 0 ? QStringLiteral("end of stream: the peer closed its sending side")
                                                   : QString();
    case CallName::Connect:
        return call.error == EINPROGRESS ? QStringLiteral("under way: SYN sent") : QString();
    case CallName::GetSockOpt:
        return call.b == SO_ERROR && call.a == SOL_SOCKET && call.c != 0 ? QString::fromStdString(errnoName(call.c)) : QString();
    default:
        return {};
    }
}

} // namespace

QString callText(const CallInfo &call)
{
    const std::string_view name = callName(call.call);
    QString text = QLatin1String(name.data(), static_cast<qsizetype>(name.size())) + QLatin1Char('(') + arguments(call)
        + QLatin1String(") = ") + outcome(call);
    const QString more = remark(call);
    if (!more.isEmpty()) {
        text += QLatin1String("   ") + more;
    }
    return text;
}

} // namespace tincan

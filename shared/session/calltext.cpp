// SPDX-License-Identifier: MIT
#include "session/calltext.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "session/callnames.h"
#include "session/groupoption.h"

namespace tincan {

namespace {

const QLatin1String kComma(", ");

QString number(long value)
{
    return QString::number(value);
}

QString joined(std::initializer_list<QString> parts)
{
    return QStringList(parts).join(kComma);
}

QString quoted(const std::string &text)
{
    return straceString(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
}

QString interfaceName(std::uint32_t index)
{
    char name[IF_NAMESIZE] = {};
    if (index != 0 && ::if_indextoname(index, name)) {
        return QStringLiteral("if_nametoindex(\"%1\")").arg(QString::fromUtf8(name));
    }
    return QString::number(index);
}

QString addressSize(const CallInfo &call)
{
    sockaddr_storage storage{};
    const socklen_t size = call.address.toSockaddr(storage, call.isMapped);
    return QString::number(size > 0 ? size : sizeof(sa_family_t)); // of a Unix socket without a name
}

// The last two arguments of accept4, getsockname and getpeername: what the kernel filled in. Where it did not: where it would
// have.
QString filledAddress(const CallInfo &call)
{
    if (call.result < 0) {
        return QStringLiteral("..., [%1]").arg(sizeof(sockaddr_storage));
    }
    return straceAddress(call.address, call.isMapped) + QStringLiteral(", [%1 => ").arg(sizeof(sockaddr_storage))
        + addressSize(call) + u']';
}

// Value and length of a group that is joined or left, or of the interface for all of them.
QString groupText(const GroupOption &option)
{
    const QString group = QString::fromStdString(option.group);
    const QString index = option.interface.empty()
        ? QStringLiteral("0")
        : QStringLiteral("if_nametoindex(\"%1\")").arg(QString::fromStdString(option.interface));
    if (option.isV6) {
        return QStringLiteral("{inet_pton(AF_INET6, \"%1\", &ipv6mr_multiaddr), ipv6mr_interface=%2}, %3")
            .arg(group, index, QString::number(sizeof(ipv6_mreq)));
    }
    if (option.interface.empty()) {
        return QStringLiteral("{imr_multiaddr=inet_addr(\"%1\"), imr_interface=inet_addr(\"0.0.0.0\")}, %2")
            .arg(group, QString::number(sizeof(ip_mreq)));
    }
    return QStringLiteral("{imr_multiaddr=inet_addr(\"%1\"), imr_address=inet_addr(\"0.0.0.0\"), imr_ifindex=%2}, %3")
        .arg(option.joins ? group : QStringLiteral("0.0.0.0"), index, QString::number(sizeof(ip_mreqn)));
}

QString lingerText(const CallInfo &call)
{
    int on = call.c >= 0 ? 1 : 0;
    int seconds = call.c >= 0 ? call.c : 0;
    if (!call.text.empty() && std::sscanf(call.text.c_str(), "{%d, %d}", &on, &seconds) != 2) { // NOLINT: counted
        return QString::fromStdString(call.text);
    }
    return QStringLiteral("{l_onoff=%1, l_linger=%2}").arg(on).arg(seconds);
}

struct OptionText {
    QString value;
    std::size_t size = 0;
};

OptionText optionValue(const CallInfo &call)
{
    if (call.a == SOL_SOCKET && call.b == SO_LINGER) {
        return {lingerText(call), sizeof(linger)};
    }
    if (call.a == SOL_SOCKET && call.b == SO_ERROR && call.c != 0) {
        return {u'[' + QString::fromStdString(errnoName(call.c)) + u']', sizeof(int)};
    }
    if (call.text.empty()) {
        return {u'[' + number(call.c) + u']', sizeof(int)};
    }
    if (call.text.front() == '{') { // a structure, decoded already
        return {QString::fromStdString(call.text), call.b == SO_PEERCRED ? sizeof(ucred) : 0};
    }
    return {quoted(call.text), call.text.size()};
}

QString optionArguments(const CallInfo &call)
{
    const QString option = optionLevelName(call.a) + kComma + optionName(call.a, call.b);
    if (const auto group = groupOptionOf(call)) {
        return option + kComma + groupText(*group);
    }
    const bool asks = call.call == CallName::GetSockOpt;
    if (asks && call.result < 0) {
        return option + QStringLiteral(", ..., [%1]").arg(sizeof(int));
    }
    const auto [value, length] = optionValue(call);
    const QString size = length == 0 ? QStringLiteral("...") : QString::number(length);
    return joined({option, value, asks ? u'[' + size + u']' : size});
}

// The bytes of a recv or send, as far as they were noted.
QString bytesText(const CallInfo &call)
{
    const bool receives = call.call == CallName::Recv || call.call == CallName::RecvMsg || call.call == CallName::RecvMmsg;
    const bool givesSize = receives && call.call != CallName::RecvMmsg; // that gives the number of messages
    const long size = givesSize ? std::max(call.result, 0L) : call.a;
    if (call.text.empty() && size > 0) {
        return QStringLiteral("...");
    }
    if (receives && call.result < 0) {
        return QStringLiteral("...");
    }
    return straceString(QByteArrayView(call.text.data(), static_cast<qsizetype>(call.text.size())),
                        static_cast<long>(call.text.size()) < size);
}

QString messageName(const CallInfo &call)
{
    return call.address.isEmpty() ? QStringLiteral("msg_name=NULL, msg_namelen=0")
                                  : QStringLiteral("msg_name=") + straceAddress(call.address, call.isMapped)
            + QStringLiteral(", msg_namelen=") + addressSize(call);
}

QString messageArguments(const CallInfo &call)
{
    const int pieces = std::max(std::abs(call.c), 1);
    const QString control = call.c < 0 ? QStringLiteral("msg_control=[{cmsg_len=%1, cmsg_level=SOL_SOCKET, "
                                                        "cmsg_type=SO_TIMESTAMPING, ...}], msg_controllen=%2")
                                             .arg(CMSG_LEN(sizeof(std::uint32_t)))
                                             .arg(CMSG_SPACE(sizeof(std::uint32_t)))
                                       : QStringLiteral("msg_controllen=0");
    const QString piece = QStringLiteral("{iov_base=") + bytesText(call) + QStringLiteral(", iov_len=")
        + (pieces > 1 ? QStringLiteral("...") : number(call.a)) + u'}';
    return QStringLiteral("{") + messageName(call) + QStringLiteral(", msg_iov=[") + piece
        + (pieces > 1 ? QStringLiteral(", ...") : QString())
        + QStringLiteral("], msg_iovlen=%1, %2, msg_flags=0}, ").arg(QString::number(pieces), control) + messageFlagNames(call.b);
}

// Of recvmmsg, sendmmsg: of many messages the first that is the peer's.
QString messagesArguments(const CallInfo &call)
{
    const bool receives = call.call == CallName::RecvMmsg;
    QString messages = QStringLiteral("...");
    if (!receives || call.result > 0) {
        const QString piece
            = QStringLiteral("{iov_base=%1, iov_len=%2}").arg(bytesText(call), receives ? QStringLiteral("...") : number(call.a));
        const QString length = call.result > 0 ? QStringLiteral(", msg_len=") + number(call.a) : QString();
        const QString others = (receives ? call.result : call.c) > 1 ? QStringLiteral(", ...") : QString();
        messages = QStringLiteral("[{msg_hdr={%1, msg_iov=[%2%3], ...}%4}%5]")
                       .arg(messageName(call), piece, receives ? QStringLiteral(", ...") : QString(), length, others);
    }
    const QString flags = messageFlagNames(call.b);
    return joined({messages, number(call.c), receives ? flags + QStringLiteral(", NULL") : flags});
}

QString modeText(int mode)
{
    return u'0' + QString::number(mode, 8);
}

// What stands in the brackets behind the descriptor.
QString argumentsAfter(const CallInfo &call)
{
    switch (call.call) {
    case CallName::Bind:
    case CallName::Connect:
        return straceAddress(call.address, call.isMapped) + kComma + addressSize(call);
    case CallName::Listen:
        return number(call.a);
    case CallName::Accept:
        return filledAddress(call) + kComma + typeFlagNames(SOCK_CLOEXEC | SOCK_NONBLOCK);
    case CallName::GetSockName:
    case CallName::GetPeerName:
        return filledAddress(call);
    case CallName::Shutdown:
        return shutdownName(call.a);
    case CallName::SetSockOpt:
    case CallName::GetSockOpt:
        return optionArguments(call);
    case CallName::Recv:
    case CallName::Send:
        return joined({bytesText(call), number(call.a), messageFlagNames(call.b)});
    case CallName::RecvMsg:
    case CallName::SendMsg:
        return messageArguments(call);
    case CallName::RecvMmsg:
    case CallName::SendMmsg:
        return messagesArguments(call);
    case CallName::Ioctl:
        return requestName(call.b) + QStringLiteral(", [%1]").arg(call.c);
    default:
        return {};
    }
}

// Of calls that have no descriptor; null of those that have one.
QString argumentsWithout(const CallInfo &call)
{
    switch (call.call) {
    case CallName::Socket:
        return joined({domainName(call.a), socketTypeName(call.b), protocolName(call.a, call.c)});
    case CallName::SocketPair:
        return joined({domainName(call.a), socketTypeName(call.b), protocolName(call.a, call.c),
                       call.error == 0 ? QStringLiteral("[%1, %2]").arg(call.fd).arg(call.result) : QStringLiteral("...")});
    case CallName::GetAddrInfo:
        return quoted(call.text) + QStringLiteral(", ...");
    case CallName::Unlink:
        return quoted(call.text.empty() ? call.address.path() : call.text);
    case CallName::ChMod:
        return quoted(call.text.empty() ? call.address.path() : call.text) + kComma + modeText(call.a);
    case CallName::Spawn:
        return (call.error == 0 ? QStringLiteral("[%1], ").arg(call.result) : QStringLiteral("..., ")) + quoted(call.text)
            + QStringLiteral(", ...");
    default:
        return {};
    }
}

QString arguments(const CallInfo &call, const QString &peer)
{
    if (QString without = argumentsWithout(call); !without.isNull()) {
        return without;
    }
    QString all = number(call.fd);
    if (!peer.isEmpty() && call.address.isEmpty()) { // else it is said already
        all += u'<' + peer + u'>';
    }
    const QString after = argumentsAfter(call);
    return after.isEmpty() ? all : all + kComma + after;
}

QString outcome(const CallInfo &call)
{
    if (call.call == CallName::GetAddrInfo && call.error != 0) {
        return lookupErrorName(call.error) + QLatin1String(" (") + QString::fromLocal8Bit(::gai_strerror(call.error))
            + QLatin1Char(')');
    }
    const bool givesNumber = call.call != CallName::SocketPair && call.call != CallName::Spawn; // else the result is an argument
    if (call.error == 0) {
        return number(givesNumber ? call.result : 0);
    }
    // posix_spawn(3) returns the error itself
    return number(call.call == CallName::Spawn ? call.error : -1) + QLatin1Char(' ')
        + QString::fromStdString(errnoName(call.error)) + QLatin1String(" (") + QString::fromStdString(errnoMeaning(call.error))
        + QLatin1Char(')');
}

} // namespace

QString straceString(QByteArrayView bytes, bool isCut)
{
    QString text(u'"');
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const auto byte = static_cast<unsigned char>(bytes[at]);
        constexpr QByteArrayView kLetters("\t\n\v\f\r");
        if (byte == '"' || byte == '\\') {
            text += QString(u'\\') + QLatin1Char(static_cast<char>(byte));
        } else if (byte >= 0x20 && byte < 0x7f) {
            text += QLatin1Char(static_cast<char>(byte));
        } else if (const qsizetype letter = kLetters.indexOf(static_cast<char>(byte)); letter >= 0) {
            text += QString(u'\\') + QLatin1Char("tnvfr"[letter]);
        } else {
            const bool digitFollows = at + 1 < bytes.size() && bytes[at + 1] >= '0' && bytes[at + 1] <= '9';
            text += u'\\' + QString::number(byte, 8).rightJustified(digitFollows ? 3 : 1, u'0');
        }
    }
    return text + u'"' + (isCut ? QStringLiteral("...") : QString());
}

QString straceAddress(const Endpoint &endpoint, bool isMapped)
{
    const QString port = QString::number(endpoint.port());
    if (isMapped && endpoint.family() == Endpoint::Family::IPv4) {
        return QStringLiteral(
                   "{sa_family=AF_INET6, sin6_port=htons(%1), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::ffff:%2\", "
                   "&sin6_addr), sin6_scope_id=0}")
            .arg(port, QString::fromStdString(endpoint.addressText()));
    }
    switch (endpoint.family()) {
    case Endpoint::Family::IPv4:
        return QStringLiteral("{sa_family=AF_INET, sin_port=htons(%1), sin_addr=inet_addr(\"%2\")}")
            .arg(port, QString::fromStdString(endpoint.addressText()));
    case Endpoint::Family::IPv6: {
        const QString address = QString::fromStdString(endpoint.addressText()).section(u'%', 0, 0);
        return QStringLiteral(
                   "{sa_family=AF_INET6, sin6_port=htons(%1), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"%2\", &sin6_addr), "
                   "sin6_scope_id=%3}")
            .arg(port, address, interfaceName(endpoint.scope()));
    }
    case Endpoint::Family::UnixPath:
        return QStringLiteral("{sa_family=AF_UNIX, sun_path=") + quoted(endpoint.path()) + u'}';
    case Endpoint::Family::UnixAbstract:
        return QStringLiteral("{sa_family=AF_UNIX, sun_path=@") + quoted(endpoint.path()) + u'}';
    case Endpoint::Family::None:
        break;
    }
    return QStringLiteral("{sa_family=AF_UNIX}"); // only Unix sockets need not have a name
}

QString callText(const CallInfo &call, const QString &peer)
{
    const std::string_view name = callName(call.call);
    QString text = QLatin1String(name.data(), static_cast<qsizetype>(name.size())) + u'(' + arguments(call, peer)
        + QLatin1String(") = ") + outcome(call);
    if (call.nanoseconds > 0) {
        constexpr double kSecond = 1e9;
        text += QStringLiteral(" <%1>").arg(call.nanoseconds / kSecond, 0, 'f', 6);
    }
    return text;
}

QString descriptorText(const PeerInfo &peer)
{
    static constexpr std::array kKinds = {"TCP", "UDP", "UNIX-STREAM", "UNIX-DGRAM", "UNIX-SEQPACKET"};
    QString kind = QString::fromLatin1(kKinds.at(static_cast<std::size_t>(peer.transport) % kKinds.size()));
    if (isUnix(peer.transport)) {
        const Endpoint &named = peer.remote.isEmpty() ? peer.local : peer.remote;
        return kind + QLatin1String(":[") + quoted(named.path()) + u']';
    }
    if (peer.remote.family() == Endpoint::Family::IPv6) {
        kind += QLatin1String("v6");
    }
    return kind + QLatin1String(":[") + QString::fromStdString(peer.local.toString()) + QLatin1String("->")
        + QString::fromStdString(peer.remote.toString()) + u']';
}

bool isFailure(const CallInfo &call)
{
    if (call.call == CallName::GetSockOpt && call.a == SOL_SOCKET && call.b == SO_ERROR && call.c != 0) {
        return true; // it is how the failure of a connect(2) is told
    }
    return call.error != 0 && call.error != EINPROGRESS && call.error != EAGAIN && call.error != EINTR;
}

} // namespace tincan

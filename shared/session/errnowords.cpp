// SPDX-License-Identifier: MIT
#include "session/errnowords.h"

#include <algorithm>
#include <cerrno>

#include <netdb.h>

#include "session/callnames.h"

namespace tincan {

namespace {

// {at}: address and port; {address}, {port}: each alone; {host}: the name that was looked up.
struct Row {
    CallName call; // None: of every call that has no row of its own for it
    int code;
    const char *meaning;
    const char *remedy;
};

constexpr auto Any = CallName::None;
using enum CallName;

// From the manual: socket(2), bind(2), listen(2), accept(2), connect(2), send(2), recv(2), shutdown(2), setsockopt(2), tcp(7),
// ip(7), udp(7), unix(7), getaddrinfo(3).
constexpr Row kRows[] = {
    {Bind, EADDRINUSE, "{at} is taken by another socket.", "Stop it, or choose another port (0 takes a free one)."},
    {Listen, EADDRINUSE, "another socket listens on {at} already.", "Stop it, or choose another port (0 takes a free one)."},
    {Connect, EADDRINUSE, "there is a connection with the same addresses and ports at both ends already.",
     "Choose another local port (0 takes a free one), or wait for its TIME_WAIT to end."},
    {Connect, EADDRNOTAVAIL, "no local address or port is left for a connection to {at}.",
     "Check the port (0 is none to connect to), or close some connections."},
    {Any, EADDRNOTAVAIL, "no interface of this computer has the address {address}.",
     "Choose one from the list, or 0.0.0.0 for every IPv4 network."},
    {Bind, EACCES, "an ordinary user may not listen on port {port}.",
     "Choose a port from 1024 up, or give the program the capability CAP_NET_BIND_SERVICE."},
    {Bind, EPERM, "an ordinary user may not listen on port {port}.",
     "Choose a port from 1024 up, or give the program the capability CAP_NET_BIND_SERVICE."},
    {Connect, EACCES, "this computer forbids a connection to {at}.",
     "A broadcast address is none to connect to; else ask the firewall's rules."},
    {Connect, EPERM, "this computer forbids a connection to {at}.",
     "A broadcast address is none to connect to; else ask the firewall's rules."},
    {Send, EACCES, "the address is one of broadcast, and SO_BROADCAST is off; or the path may not be written to.",
     "Turn SO_BROADCAST on, or choose an address of one computer."},
    {SetSockOpt, EPERM, "an ordinary user may not set this option to this value.", "It needs the capability CAP_NET_ADMIN."},
    {SetSockOpt, EACCES, "an ordinary user may not set this option to this value.", "It needs the capability CAP_NET_ADMIN."},
    {Accept, EPERM, "a firewall's rule forbids the connection.", "Ask the firewall's rules."},
    {Any, EPERM, "the kernel, or a firewall's rule, forbids it.",
     "Ask the firewall's rules, or run it with the capability it needs."},
    {Any, EACCES, "the permissions forbid it.", "Check the permissions of the path and of its folders, or choose another one."},
    {Any, EAFNOSUPPORT, "this computer does not speak the family of {address}.", "Choose an IPv4 address."},
    {Any, EPROTONOSUPPORT, "this family of addresses has no such protocol.", "Use TCP, UDP or a Unix socket."},
    {Any, ESOCKTNOSUPPORT, "this family of addresses has no sockets of this type.", "Use a stream or a datagram socket."},
    {Any, EPROTOTYPE, "the socket at this path is of another type than ours (stream, datagram, seqpacket).",
     "Choose the transport that the other side uses."},
    {Connect, ECONNREFUSED, "nobody listens on {at}: the computer is there, and refused.",
     "Start the server first, or check the port."},
    {Any, ECONNREFUSED, "nobody is at the other end: its computer answered that the port is not open (ICMP port unreachable).",
     "Start the other program first, or check the port."},
    {Any, ENETUNREACH, "there is no route to the network of {at}.", "Check the address, and this computer's network (ip route)."},
    {Any, EHOSTUNREACH, "{at} cannot be reached: no such host, or a firewall says no.",
     "Check the address, and that the other computer is on."},
    {Any, EHOSTDOWN, "the other computer does not answer on its own network (no ARP answer).", "Check that it is on."},
    {Any, ENETDOWN, "the network interface is down.", "Bring it up (ip link set … up), or choose another network."},
    {Any, ENONET, "this computer is on no network.", "Check the cable or the wireless network."},
    {Connect, ETIMEDOUT, "{at} did not answer the SYN.", "Check the address; a firewall may drop what comes."},
    {Any, ETIMEDOUT, "the other side has not acknowledged what was sent for too long: it, or the way to it, is gone.",
     "Connect anew. SO_KEEPALIVE and TCP_USER_TIMEOUT decide how long is too long."},
    {Connect, EINPROGRESS, "under way: the SYN is sent, and the answer is told by epoll later.", ""},
    {Connect, EALREADY, "the connection is being made already.", "Wait for its outcome."},
    {Connect, EISCONN, "the socket is connected already.", "Make another socket for another connection."},
    {Connect, EAGAIN, "the server's accept queue is full, or no local port is free.",
     "Try again when the server has accepted some, or raise its backlog."},
    {Connect, ENOENT, "there is no socket at {at}.", "Start the server first, or check the path."},
    {Connect, ENOTSOCK, "what stands at the path is no socket.", "Check the path."},
    {Any, ENOTSOCK, "the descriptor is not one of a socket.", "It is an error of the program."},
    {Any, EBADF, "the descriptor is not open: it was closed before.", "It is an error of the program."},
    {Any, EFAULT, "an address in memory is not valid.", "It is an error of the program."},
    {Bind, EINVAL, "the socket has an address already, or this one cannot be: a link-local one needs its interface.",
     "Make another socket, or write the address with its interface, as fe80::1%eth0."},
    {Accept, EINVAL, "the socket does not listen.", "Call listen(2) first."},
    {Connect, EINVAL, "the address cannot be connected to: a link-local one needs its interface.",
     "Write it with its interface, as fe80::1%eth0."},
    {SetSockOpt, EINVAL, "the value, or its length, is not one that this option takes.", "Choose a value within its bounds."},
    {Any, EINVAL, "an argument is not one that the call takes.", "Check the address and the options."},
    {Any, ENOPROTOOPT, "this kind of socket has no such option.", "Set it on a socket of the right family and type."},
    {SetSockOpt, EDOM, "the time does not fit the kernel's field for it.", "Choose a shorter time."},
    {SetSockOpt, EISCONN, "the option can only be set before the connection is made.", "Set it before connect(2) or listen(2)."},
    {SetSockOpt, ENODEV, "there is no network interface of that name.", "See the names by ip link."},
    {SetSockOpt, ENOENT, "the kernel has no congestion control of that name.",
     "See those that are there in /proc/sys/net/ipv4/tcp_available_congestion_control."},
    {SetSockOpt, EADDRINUSE, "the group is joined on this interface already.", "Leave it first, or let it be."},
    {Accept, EAGAIN, "nobody waits in the accept queue.", ""},
    {Recv, EAGAIN, "nothing has come yet.", ""},
    {Send, EAGAIN, "the kernel's send buffer is full: the peer does not read as fast as we write.",
     "Nothing: the rest is sent when there is room (EPOLLOUT)."},
    {Any, EAGAIN, "it would have to wait.", ""},
    {Accept, ECONNABORTED, "the peer reset the connection while it waited in the accept queue.", ""},
    {Any, ECONNABORTED, "the connection was given up on this computer.", "Connect anew."},
    {Any, ECONNRESET, "the peer sent RST: its program closed with bytes unread, died, or asked for a reset.",
     "Connect anew; what was under way is lost."},
    {Any, EPIPE, "the sending side is closed: by us, or because the peer is gone.",
     "Nothing more can be sent on this connection; connect anew."},
    {Any, ENOTCONN, "the socket is not connected, or not any more.", "Connect first; after a reset make another socket."},
    {Any, EDESTADDRREQ, "a datagram socket that is not connected needs to be told where to.", "Choose a peer."},
    {Any, EMSGSIZE, "the message is longer than this transport, or the way to the peer, takes in one piece.",
     "Send less at once: over UDP at most 65 507 bytes, over Unix sockets what SO_SNDBUF allows."},
    {Any, ENOBUFS, "the kernel has no memory left for it, or the interface's queue is full.", "Try again a little later."},
    {Any, ENOMEM, "the kernel has no memory left for it.", "Close some connections or programs."},
    {Any, EMFILE, "this program has as many files and sockets open as it may.",
     "Close some connections, or raise the limit (ulimit -n)."},
    {Any, ENFILE, "the system has as many files and sockets open as it can.",
     "Close some connections, or raise the limit (sysctl fs.file-max)."},
    {Any, EOPNOTSUPP, "this kind of socket does not know the call.", "Only stream and seqpacket sockets listen and accept."},
    {Any, EPROTO, "the protocol went wrong: the peer spoke what cannot be.", "Connect anew."},
    {Any, ENAMETOOLONG, "the path is too long: a Unix socket's has at most 107 bytes.", "Choose a shorter one."},
    {Any, ENOENT, "a folder of the path, or the file, is not there.", "Check the path."},
    {Any, ENOTDIR, "a part of the path is no folder.", "Check the path."},
    {Any, ELOOP, "there are too many symbolic links in the path.", "Check the path."},
    {Any, EROFS, "the file system can only be read.", "Choose another folder."},
    {Any, ENOSPC, "the disk is full.", "Remove something, or choose another disk."},
    {Any, ESRCH, "the process is not there any more.", ""},
    {Any, EINTR, "a signal came before the call had done anything.", "It is called again."},
    {Any, ENOEXEC, "the file is no program.", "Install the program anew."},
    {Any, ECANCELED, "it was cancelled.", ""},
};

constexpr Row kLookUps[] = {
    {GetAddrInfo, EAI_NONAME, "no host is called “{host}”.",
     "Check the spelling, or give the address in numbers, as 192.0.2.1 or 2001:db8::1."},
    {GetAddrInfo, EAI_NODATA, "“{host}” is known, but has no address.",
     "Check the spelling, or give the address in numbers, as 192.0.2.1 or 2001:db8::1."},
    {GetAddrInfo, EAI_AGAIN, "no name server answered for “{host}”.", "Check the network, or give the address in numbers."},
    {GetAddrInfo, EAI_FAIL, "the name server refused to look “{host}” up.",
     "Give the address in numbers, or ask another server."},
    {GetAddrInfo, EAI_FAMILY, "this computer does not speak that family of addresses.", "Choose IPv4."},
    {GetAddrInfo, EAI_ADDRFAMILY, "“{host}” has no address of that family.", "Give an address of the other family."},
    {GetAddrInfo, EAI_MEMORY, "there was no memory left for the look-up.", "Close some programs."},
    {GetAddrInfo, EAI_SERVICE, "there is no such port for this kind of socket.", "Give the port as a number."},
    {GetAddrInfo, EAI_SOCKTYPE, "there is no such kind of socket.", "It is an error of the program."},
    {GetAddrInfo, EAI_BADFLAGS, "the look-up was asked for wrongly.", "It is an error of the program."},
    {GetAddrInfo, EAI_OVERFLOW, "the name is too long.", "Give the address in numbers."},
    {GetAddrInfo, EAI_SYSTEM, "the system could not look “{host}” up.", "Check /etc/nsswitch.conf and /etc/resolv.conf."},
};

// recvmsg(2) and sendmsg(2) fail as recv(2) and send(2) do.
CallName kindOf(CallName call)
{
    return call == RecvMsg || call == RecvMmsg ? Recv : call == SendMsg || call == SendMmsg ? Send : call;
}

const Row *find(CallName call, int code)
{
    const auto match = [code](CallName of) {
        const auto *found = std::find_if(std::begin(kRows), std::end(kRows),
                                         [&](const Row &row) { return row.call == of && row.code == code; });
        return found == std::end(kRows) ? nullptr : found;
    };
    const Row *own = match(call);
    return own ? own : match(Any);
}

QString filled(const char *sentence, const Endpoint &at, const QString &host)
{
    const auto or_ = [](const std::string &text, const QString &otherwise) {
        return text.empty() ? otherwise : QString::fromStdString(text);
    };
    QString text = QString::fromUtf8(sentence);
    text.replace(QLatin1String("{address}"), or_(at.addressText(), QStringLiteral("this address")));
    text.replace(QLatin1String("{port}"), at.isIp() ? QString::number(at.port()) : QStringLiteral("below 1024"));
    text.replace(QLatin1String("{at}"), or_(at.toString(), QStringLiteral("the address")));
    text.replace(QLatin1String("{host}"), host);
    return text;
}

} // namespace

ErrnoWords errnoWords(CallName call, int code, const Endpoint &at, const QString &host)
{
    const Row *row = nullptr;
    ErrnoWords words;
    if (call == GetAddrInfo) {
        const auto *found
            = std::find_if(std::begin(kLookUps), std::end(kLookUps), [&](const Row &one) { return one.code == code; });
        row = found == std::end(kLookUps) ? nullptr : found;
        words.name = lookupErrorName(code);
        words.meaning = QString::fromLocal8Bit(::gai_strerror(code)) + u'.';
    } else {
        row = find(kindOf(call), code);
        words.name = QString::fromStdString(errnoName(code));
        words.meaning = QString::fromStdString(errnoMeaning(code)) + u'.';
    }
    if (row) {
        words.meaning = filled(row->meaning, at, host);
        words.remedy = filled(row->remedy, at, host);
        words.isKnown = true;
    }
    return words;
}

} // namespace tincan

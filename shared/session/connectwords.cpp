// SPDX-License-Identifier: MIT
#include "session/connectwords.h"

#include <cerrno>

#include "net/unixpath.h"
#include "session/wordparts.h"

namespace tincan {

namespace {

QString holder(const PortOwner &owner)
{
    return owner.pid == 0 ? QStringLiteral("another program")
                          : QStringLiteral("%1 (pid %2)").arg(text(owner.program)).arg(owner.pid);
}

QString typeName(Transport transport)
{
    return transport == Transport::UnixSeqpacket ? QStringLiteral("seqpacket")
        : isDatagram(transport)                  ? QStringLiteral("datagram")
                                                 : QStringLiteral("stream");
}

ErrorWords queueWords(const FailureInfo &failure, const QString &path)
{
    const QString stayed = failure.cause == FailureCause::TimedOut
        ? QStringLiteral(", and stayed so for %1 s").arg(failure.afterMilliseconds / 1000.0)
        : QString();
    return {
        opening(CallName::Connect, EAGAIN) + QStringLiteral("the accept queue of %1 is full%2.").arg(path, stayed),
        QStringLiteral("Its program does not accept connections now, or not fast enough: look whether it is stopped or busy.")};
}

// Of a path that cannot be ours.
ErrorWords ownPathWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString path = text(error.detail);
    const QString begin = opening(error.call, error.code);
    switch (error.code) {
    case EADDRINUSE:
        return {begin
                    + (error.detail == UnixPath::kNoSocket
                           ? QStringLiteral("something is at our path already, and it is no socket: it is left as it is.")
                           : QStringLiteral("our path %1 is in use by %2.").arg(path, holder(failure.owner))),
                QStringLiteral("Choose another path, or none: who connects need not have one.")};
    case ENAMETOOLONG:
        return {begin + QStringLiteral("our path %1 does not fit the address of a Unix socket (108 bytes).").arg(path),
                QStringLiteral("Choose a shorter one, or none: who connects need not have one.")};
    default:
        return {begin + QStringLiteral("our path %1 cannot be made: %2.").arg(path, text(errnoMeaning(error.code))),
                QStringLiteral("Choose a path in a folder of yours, or none: who connects need not have one.")};
    }
}

} // namespace

ErrorWords fromWords(const FailureInfo &failure)
{
    if (isUnix(failure.transport)) {
        return ownPathWords(failure);
    }
    const Error &error = failure.error;
    const QString local = text(error.detail);
    const Result<Endpoint> parsed = Endpoint::parse(error.detail);
    const Endpoint ours = parsed ? *parsed : Endpoint();
    const QString begin = opening(error.call, error.code);
    switch (error.code) {
    case EADDRINUSE:
        return {begin + QStringLiteral("the local port %1 is taken by %2.").arg(ours.port()).arg(holder(failure.owner)),
                QStringLiteral("Choose another port to connect from (0 takes a free one).")};
    case EADDRNOTAVAIL:
        return {begin + QStringLiteral("no interface of this computer has the address %1.").arg(text(ours.addressText())),
                QStringLiteral("Choose one from the list of this computer's addresses, or none: then the kernel chooses.")};
    case EACCES:
    case EPERM:
        return {begin + QStringLiteral("an ordinary user may not connect from port %1.").arg(ours.port()),
                QStringLiteral("Choose a port from 1024 up (0 takes a free one), or give the program the capability "
                               "CAP_NET_BIND_SERVICE.")};
    case EAFNOSUPPORT:
        return {begin
                    + QStringLiteral("from %1 there is no way to %2: one is IPv4, the other IPv6.")
                          .arg(local, text(failure.endpoint.toString())),
                QStringLiteral("Choose a local address of the other family, or none: then the kernel chooses.")};
    default:
        return {begin + QStringLiteral("the local address %1 cannot be used: %2.").arg(local, text(errnoMeaning(error.code))),
                QStringLiteral("Choose an address of this computer, and a port that is free (0 takes one).")};
    }
}

ErrorWords unixConnectWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const bool isAbstract = failure.endpoint.family() == Endpoint::Family::UnixAbstract;
    const QString path = text(failure.host.empty() ? failure.endpoint.toString() : failure.host);
    if (failure.cause == FailureCause::TimedOut) {
        return queueWords(failure, path);
    }
    const QString begin = opening(error.call, error.code);
    switch (error.code) {
    case EAGAIN:
        return queueWords(failure, path);
    case ECONNREFUSED:
        return {begin
                    + (isAbstract ? QStringLiteral("nobody listens on %1.").arg(path)
                                  : QStringLiteral("%1 is there, but nobody listens on it: a program that is gone has left it "
                                                   "behind, or it is no socket.")
                                        .arg(path)),
                QStringLiteral("Start the server first, or check the name.")};
    case ENOENT:
        return {begin + QStringLiteral("there is nothing at %1.").arg(path),
                QStringLiteral("Start the server first, or check the path.")};
    case ENOTDIR:
    case ELOOP:
        return {begin + QStringLiteral("%1 leads nowhere: %2.").arg(path, text(errnoMeaning(error.code))),
                QStringLiteral("Check the path.")};
    case EACCES:
    case EPERM:
        return {begin
                    + QStringLiteral("you may not connect to %1: that takes the permission to write to it, and to enter the "
                                     "folders above it.")
                          .arg(path),
                QStringLiteral("Ask who started the server to give it wider permissions (chmod), or become its user.")};
    case EPROTOTYPE:
        return {begin + QStringLiteral("the socket at %1 is no %2 socket.").arg(path, typeName(failure.transport)),
                QStringLiteral("Choose another transport: Unix stream, datagram or seqpacket, as the server has it.")};
    case ENAMETOOLONG:
        return {begin + QStringLiteral("%1 does not fit the address of a Unix socket (108 bytes).").arg(path),
                QStringLiteral("Choose a shorter path, for example by way of a link to its folder.")};
    case EINVAL:
        return {begin + QStringLiteral("“%1” is no name of a Unix socket.").arg(path),
                QStringLiteral("Write a path, as /run/app.sock, or an abstract name, as @app.")};
    default:
        return {begin + text(errnoMeaning(error.code)) + QStringLiteral(" (%1).").arg(path), QStringLiteral("Check the path.")};
    }
}

} // namespace tincan

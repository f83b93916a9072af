// SPDX-License-Identifier: MIT
// Of session/words.h: why there is no listening socket, or no connection. What an errno means stands in session/errnowords.
#include "session/words.h"

#include <cerrno>

#include <netdb.h>

#include <QStringList>

#include "session/connectwords.h"
#include "session/errnowords.h"
#include "session/listenerwords.h"
#include "session/wordparts.h"

namespace tincan {

namespace {

QString holder(const FailureInfo &failure)
{
    const QString port = QStringLiteral("port %1 is taken").arg(failure.endpoint.port());
    if (failure.owner.pid == 0) {
        return port + QStringLiteral(" by another program");
    }
    return port + QStringLiteral(" by %1 (pid %2)").arg(text(failure.owner.program)).arg(failure.owner.pid);
}

// fe80::/10 without an interface: the kernel cannot know which link is meant (RFC 4007).
bool lacksScope(const FailureInfo &failure)
{
    const auto &bytes = failure.endpoint.addressBytes();
    return failure.error.code == EINVAL && failure.endpoint.family() == Endpoint::Family::IPv6 && failure.endpoint.scope() == 0
        && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

ErrorWords scopeWords(const FailureInfo &failure)
{
    const QString address = text(failure.endpoint.addressText());
    return {opening(failure.error) + QStringLiteral("the link-local address %1 does not say on which interface.").arg(address),
            QStringLiteral("Write it with its interface, as %1%eth0.").arg(address)};
}

// What the table says of it; where it has nothing to say: what the C library does, and where.
ErrorWords tableWords(CallName call, const FailureInfo &failure, const QString &otherwise)
{
    const Error &error = failure.error;
    const ErrnoWords known = errnoWords(call, error.code, failure.endpoint);
    if (known.isKnown) {
        return {opening(error) + known.meaning, known.remedy};
    }
    return {opening(error) + known.meaning.chopped(1) + QStringLiteral(" (%1).").arg(text(failure.endpoint)), otherwise};
}

ErrorWords listenWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    if (error.call == CallName::Parse) {
        return {text(error.detail) + u'.',
                isUnix(failure.transport) ? QStringLiteral("Write a path, as /tmp/tincan.sock, or an abstract name, as @tincan.")
                                          : QStringLiteral("Write an address of this computer, as 127.0.0.1 or ::1.")};
    }
    if (isUnix(failure.transport) && error.code != EMFILE && error.code != ENFILE) {
        return unixListenWords(failure);
    }
    if (lacksScope(failure)) {
        return scopeWords(failure);
    }
    if (failure.transport == Transport::Udp) {
        if (const ErrorWords said = udpListenWords(failure); !said.headline.isEmpty()) {
            return said;
        }
    }
    if (error.code == EADDRINUSE && failure.endpoint.isIp()) {
        return {opening(error) + holder(failure) + u'.', errnoWords(CallName::Bind, error.code).remedy};
    }
    return tableWords(error.call, failure, QStringLiteral("Check the address and the port."));
}

QString target(const FailureInfo &failure)
{
    if (failure.host.empty()) {
        return text(failure.endpoint);
    }
    return hostAndPort(text(failure.host), failure.port);
}

ErrorWords resolveWords(const FailureInfo &failure)
{
    const QString host = text(failure.host.empty() ? failure.error.detail : failure.host);
    if (host.contains(QLatin1String("://"))) {
        return {QStringLiteral("“%1” is a URL, not a host.").arg(host),
                QStringLiteral("Write its host alone, as example.org, and its port beside it.")};
    }
    // Whether it has no address or is no name makes no difference to who typed it.
    const int code = failure.error.code == EAI_NODATA ? EAI_NONAME : failure.error.code;
    const ErrnoWords known = errnoWords(CallName::GetAddrInfo, code, {}, host);
    if (known.isKnown) {
        return {QStringLiteral("getaddrinfo: %1 — %2").arg(known.name, known.meaning), known.remedy};
    }
    return {QStringLiteral("getaddrinfo: “%1” could not be looked up: %2").arg(host, known.meaning),
            QStringLiteral("Give the address in numbers, as 192.0.2.1 or 2001:db8::1.")};
}

// Where several addresses of a name were tried, what each said.
QString attempts(const FailureInfo &failure)
{
    if (failure.attempts.size() < 2) {
        return {};
    }
    QStringList tried;
    for (const Attempt &attempt : failure.attempts) {
        tried << text(attempt.endpoint) + u' ' + text(errnoName(attempt.error.code));
    }
    return QStringLiteral(" Tried: ") + tried.join(QLatin1String(", ")) + u'.';
}

ErrorWords connectCallWords(const FailureInfo &failure)
{
    if (failure.error.code == EINVAL && !failure.error.detail.empty() && !lacksScope(failure)) { // bound to 127.0.0.1 …
        return {opening(failure.error)
                    + QStringLiteral("%1 cannot be reached from %2.").arg(text(failure.endpoint), text(failure.error.detail)),
                QStringLiteral("A loopback address reaches only this computer. Choose another to connect from, or none.")};
    }
    return lacksScope(failure) ? scopeWords(failure)
                               : tableWords(CallName::Connect, failure, QStringLiteral("Check host and port."));
}

// What is wrong is where we would connect from.
bool isOwnAddress(const Error &error)
{
    return error.call == CallName::Bind || error.call == CallName::Unlink;
}

bool isExhausted(const Error &error)
{
    return error.code == EMFILE || error.code == ENFILE;
}

ErrorWords connectWords(const FailureInfo &failure)
{
    switch (failure.cause) {
    case FailureCause::Resolve:
        return resolveWords(failure);
    case FailureCause::TimedOut: {
        if (isUnix(failure.transport)) {
            return unixConnectWords(failure);
        }
        ErrorWords said{QStringLiteral("connect: ETIMEDOUT — no answer from %1 within %2 s.")
                            .arg(target(failure))
                            .arg(failure.afterMilliseconds / 1000.0),
                        QStringLiteral("Check host and port; a firewall may drop what comes.")};
        said.headline += attempts(failure);
        return said;
    }
    case FailureCause::Cancelled:
        return {QStringLiteral("The connection to %1 was cancelled.").arg(target(failure)), {}};
    case FailureCause::Call:
        break;
    }
    ErrorWords said = isOwnAddress(failure.error)                  ? fromWords(failure)
        : isUnix(failure.transport) && !isExhausted(failure.error) ? unixConnectWords(failure)
                                                                   : connectCallWords(failure);
    said.headline += attempts(failure);
    return said;
}

} // namespace

ErrorWords words(const FailureInfo &failure, RecordKind kind)
{
    return kind == RecordKind::ListenFailed ? listenWords(failure) : connectWords(failure);
}

} // namespace tincan

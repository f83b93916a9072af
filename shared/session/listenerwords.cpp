// SPDX-License-Identifier: MIT
#include "session/listenerwords.h"

#include <cerrno>

#include "net/unixpath.h"
#include "session/byteliterals.h"
#include "session/wordparts.h"
#include "session/wordssockets.h"

namespace tincan {

namespace {

ErrorWords takenPathWords(const FailureInfo &failure, const QString &path)
{
    const bool isAbstract = failure.endpoint.family() == Endpoint::Family::UnixAbstract;
    const QString by = failure.owner.pid == 0
        ? QStringLiteral("another program")
        : QStringLiteral("%1 (pid %2)").arg(text(failure.owner.program)).arg(failure.owner.pid);
    return {opening(failure.error) + QStringLiteral("%1 is in use: %2 listens there.").arg(path, by),
            isAbstract ? QStringLiteral("Stop it, or choose another name.")
                       : QStringLiteral("Stop it, or choose another path. A socket file that nobody listens on any more is "
                                        "replaced without asking; this one answered.")};
}

QString stateWord(const ListenerView &listener)
{
    using State = ListenerView::State;
    switch (listener.state) {
    case State::Starting:
        return QStringLiteral("starting");
    case State::Listening:
        if (listener.acceptingPaused) {
            return isDatagram(listener.asked.transport) ? QStringLiteral("reading paused") : QStringLiteral("accepting paused");
        }
        return isDatagram(listener.asked.transport) ? QStringLiteral("receiving") : QStringLiteral("listening");
    case State::Stopping:
        return QStringLiteral("stopping");
    case State::Failed:
        return listener.failure && listener.failure->error.code != 0 ? text(errnoName(listener.failure->error.code))
                                                                     : QStringLiteral("failed");
    case State::Stopped:
        break;
    }
    return listener.retired ? QStringLiteral("no longer listened on") : QStringLiteral("stopped");
}

} // namespace

QString listenerTitle(const ListenerView &listener)
{
    return transportName(listener.asked.transport) + u' ' + text(listener.where().toString());
}

QString listenerStateText(const ListenerView &listener, int open)
{
    const QString word = stateWord(listener);
    if (open == 0 && listener.state != ListenerView::State::Listening) {
        return word;
    }
    return word
        + QStringLiteral(" · %1 %2")
              .arg(open)
              .arg(isDatagram(listener.asked.transport) ? (open == 1 ? QStringLiteral("peer") : QStringLiteral("peers"))
                                                        : QStringLiteral("connected"));
}

QString listeningWord(Transport transport)
{
    return isDatagram(transport) ? QStringLiteral("Receiving on") : QStringLiteral("Listening on");
}

QString pauseText(Transport transport)
{
    return isDatagram(transport) ? QStringLiteral("&Pause reading") : QStringLiteral("&Pause accepting");
}

QString pauseMeaning(Transport transport)
{
    switch (transport) {
    case Transport::Udp:
        return QStringLiteral("Nothing is read: what comes waits in the kernel’s receive buffer, and when that is full, it is "
                              "dropped and counted");
    case Transport::UnixDatagram:
        return QStringLiteral("Nothing is read: what comes waits in the kernel’s receive queue, and when that is full, who sends "
                              "must wait (net.unix.max_dgram_qlen)");
    default:
        break;
    }
    return QStringLiteral("accept(2) is not called: those who connect wait in the accept queue, and you can watch it fill");
}

QString tryText(Transport transport, const Endpoint &where)
{
    const bool isAbstract = where.family() == Endpoint::Family::UnixAbstract;
    const auto socat = [&](const char *verb, const char *type) {
        return QStringLiteral("socat - ")
            + shellWord((isAbstract ? QLatin1String("ABSTRACT-") : QLatin1String("UNIX-")) + QLatin1String(verb)
                        + socatName(where.path()) + QLatin1String(type));
    };
    const QString host = !where.isAny()            ? text(where.addressText())
        : where.family() == Endpoint::Family::IPv6 ? QStringLiteral("localhost")
                                                   : QStringLiteral("127.0.0.1");
    switch (transport) {
    case Transport::Tcp:
        return QStringLiteral("nc %1 %2").arg(host).arg(where.port());
    case Transport::Udp:
        return QStringLiteral("nc -u %1 %2").arg(host).arg(where.port());
    case Transport::UnixStream:
        return isAbstract ? socat("CONNECT:", "") : QStringLiteral("nc -U ") + shellWord(text(where.path()));
    case Transport::UnixDatagram:
        return socat("SENDTO:", "");
    case Transport::UnixSeqpacket:
        break;
    }
    return socat("CONNECT:", ",type=5");
}

QString servingMeaning(Serving serving)
{
    switch (serving) {
    case Serving::EventLoop:
        return QStringLiteral("All peers in one loop (epoll), or in several, as soon as they come");
    case Serving::OneAtATime:
        return QStringLiteral("The next peer is accepted when this one has gone; the others wait in the accept queue");
    case Serving::ThreadPerPeer:
        return QStringLiteral("A thread for each peer");
    case Serving::ProcessPerPeer:
        break;
    }
    return QStringLiteral("A process for each peer, which holds its socket; if it dies, it takes only its peer along");
}

QString transportMeaning(Transport transport)
{
    switch (transport) {
    case Transport::Tcp:
        return QStringLiteral("Connections that carry a stream of bytes, also between computers");
    case Transport::Udp:
        return QStringLiteral("Datagrams, also between computers: no connection, borders are kept, any may be lost");
    case Transport::UnixStream:
        return QStringLiteral("A stream of bytes between programs on this computer, named by a path");
    case Transport::UnixDatagram:
        return QStringLiteral("Datagrams between programs on this computer: borders are kept, none is lost");
    case Transport::UnixSeqpacket:
        break;
    }
    return QStringLiteral("Connections on this computer that keep the borders of messages");
}

ErrorWords unixListenWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString path = text(failure.endpoint.toString());
    const QString folder = path.contains(u'/') ? path.left(std::max<qsizetype>(path.lastIndexOf(u'/'), 1)) : QStringLiteral(".");
    if (error.call == CallName::Unlink) {
        return {opening(error) + QStringLiteral("the socket file %1, which nobody listens on, cannot be replaced.").arg(path),
                QStringLiteral("Remove it yourself, or choose another path.")};
    }
    if (error.call == CallName::ChMod) {
        return {opening(error) + QStringLiteral("the permissions of %1 cannot be set.").arg(path),
                QStringLiteral("Choose a path in a folder of yours.")};
    }
    switch (error.code) {
    case EADDRINUSE:
        if (error.detail == UnixPath::kNoSocket) {
            return {opening(error) + QStringLiteral("%1 is there already, and it is no socket: it is left as it is.").arg(path),
                    QStringLiteral("Choose another path, or remove it yourself.")};
        }
        return takenPathWords(failure, path);
    case ENOENT:
        return {opening(error) + QStringLiteral("there is no folder %1.").arg(folder),
                QStringLiteral("Make it, or choose a path in one that is there, as /tmp/tincan.sock.")};
    case ENOTDIR:
        return {opening(error) + QStringLiteral("%1 is no folder.").arg(folder),
                QStringLiteral("Choose a path in one, as /tmp/tincan.sock.")};
    case EACCES:
    case EPERM:
    case EROFS:
        return {opening(error) + QStringLiteral("you may not make a file in %1.").arg(folder),
                QStringLiteral("Choose a folder of yours, as /tmp or $XDG_RUNTIME_DIR, or an abstract name, as @tincan.")};
    case EEXIST:
    case ENOTSOCK:
        return {opening(error) + QStringLiteral("%1 is there already, and it is no socket: it is left as it is.").arg(path),
                QStringLiteral("Choose another path.")};
    case EPROTOTYPE:
        return {opening(error) + QStringLiteral("a socket of another kind listens on %1.").arg(path),
                QStringLiteral("Choose another path, or stop the program that listens there.")};
    case ENAMETOOLONG:
    case EINVAL:
        return {opening(error) + QStringLiteral("the path %1 does not fit the address of a Unix socket (107 bytes).").arg(path),
                QStringLiteral("Choose a shorter one, or an abstract name, as @tincan.")};
    case ECONNREFUSED:
        return {opening(error) + QStringLiteral("a socket file is at %1, and nobody listens on it.").arg(path),
                QStringLiteral("Remove it, or choose another path.")};
    default:
        return {opening(error) + text(errnoMeaning(error.code)) + QStringLiteral(" (%1).").arg(path),
                QStringLiteral("Check the path.")};
    }
}

ErrorWords udpListenWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString at = text(failure.endpoint.toString());
    if (error.call == CallName::SetSockOpt && (error.code == ENODEV || error.code == EADDRNOTAVAIL)) {
        return {opening(error) + QStringLiteral("no interface can join the multicast group %1.").arg(text(error.detail)),
                QStringLiteral("Name one that is up behind the group, as 239.1.2.3%eth0.")};
    }
    if (error.code == EMSGSIZE) {
        return {opening(error) + QStringLiteral("a datagram may not be that long."),
                QStringLiteral("UDP carries 65 507 bytes over IPv4, 65 527 over IPv6.")};
    }
    if (error.code == EPROTOTYPE || error.code == EPROTONOSUPPORT) {
        return {opening(error) + QStringLiteral("this computer does not speak UDP on %1.").arg(at),
                QStringLiteral("Choose another address.")};
    }
    return {};
}

QString socketStateWord(const Peer &peer)
{
    if (peer.transport == Transport::Tcp) {
        return peerStateWord(peer.state);
    }
    const bool isLoose = isDatagram(peer.transport);
    switch (peer.state) {
    case PeerState::Connecting:
        return QStringLiteral("connecting");
    case PeerState::Established:
        return isLoose ? QStringLiteral("datagrams") : QStringLiteral("connected");
    case PeerState::CloseWait:
        return QStringLiteral("peer has finished");
    case PeerState::FinWait:
        return QStringLiteral("finished by us");
    case PeerState::Closed:
        return isLoose ? QStringLiteral("forgotten") : QStringLiteral("closed");
    case PeerState::Failed:
        break;
    }
    return peerStateWord(PeerState::Failed);
}

QString peerProcessText(const Peer &peer)
{
    if (!isUnix(peer.transport) || peer.process.pid == 0) {
        return {};
    }
    if (!peer.remote.isEmpty()) {
        return credentialsText(peer.process);
    }
    return QStringLiteral("user ") + (peer.process.user.empty() ? QString::number(peer.process.uid) : text(peer.process.user));
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/wordssockets.h"

#include <array>

#include <QStringList>

#include "base/peertext.h"
#include "base/socketoptions.h"
#include "session/wordparts.h"
#include "session/words.h"

namespace tincan {

namespace {

QString userText(const Credentials &from)
{
    return from.user.empty() ? QString::number(from.uid) : text(plainText(from.user));
}

// "1 datagram", "3 datagrams"
QString many(std::int64_t count, const QString &word)
{
    return QStringLiteral("%L1 %2%3").arg(count).arg(word, count == 1 ? QString() : QStringLiteral("s"));
}

// "socat[4242]#14 (user ann)", "/tmp/me: socat (pid 4242, user ann)": as the lists call it, and what else is known.
QString unixPeerText(const PeerInfo &info)
{
    const QString called = text(peerText(info));
    if (!info.remote.isEmpty()) {
        const QString who = credentialsText(info.process);
        return who.isEmpty() ? called : called + QStringLiteral(": ") + who;
    }
    return info.process.pid == 0 ? called : QStringLiteral("%1 (user %2)").arg(called, userText(info.process));
}

QString unixJoinedText(const PeerInfo &info)
{
    const bool isIncoming = info.direction == Direction::Incoming;
    if (info.transport == Transport::UnixDatagram) {
        return (isIncoming ? QStringLiteral("datagrams from ") : QStringLiteral("datagrams to ")) + unixPeerText(info);
    }
    return (isIncoming ? QStringLiteral("connected from ") : QStringLiteral("connected to ")) + unixPeerText(info);
}

QString udpJoinedText(const PeerInfo &info)
{
    if (info.direction == Direction::Outgoing) {
        return QStringLiteral("UDP to %1 from local port %2: nothing is sent before the first datagram")
            .arg(text(info.remote))
            .arg(info.local.port());
    }
    return QStringLiteral("UDP between %1 and %2").arg(text(info.remote), text(info.local));
}

QString readingStoppedText(Transport transport)
{
    if (transport == Transport::Udp) {
        return QStringLiteral("reading stopped by us: our receive buffer fills, and what does not fit is lost; the peer hears "
                              "nothing of it");
    }
    return isUnix(transport)
        ? QStringLiteral("reading stopped by us: our receive buffer fills, and then the peer's send blocks")
        : QStringLiteral("reading stopped by us: our receive buffer fills, the window closes, and then the peer's send blocks");
}

QString receivingEndedText(Transport transport)
{
    if (transport == Transport::Udp) {
        return QStringLiteral("receiving ended by us (SHUT_RD): what comes now is never read, and the peer hears nothing of it");
    }
    return isUnix(transport)
        ? QStringLiteral("receiving ended by us (SHUT_RD): the peer's next send fails with EPIPE (unix(7))")
        : QStringLiteral(
            "receiving ended by us (SHUT_RD): nothing goes over the wire; what comes now is acknowledged, but never read");
}

QString servedText(const PeerInfo &info)
{
    return info.child > 0 ? QStringLiteral(", served by process %1").arg(info.child) : QString();
}

} // namespace

QString transportName(Transport transport)
{
    static const std::array names = {QStringLiteral("TCP"), QStringLiteral("UDP"), QStringLiteral("Unix stream"),
                                     QStringLiteral("Unix datagram"), QStringLiteral("Unix seqpacket")};
    return names.at(static_cast<std::size_t>(transport) % names.size());
}

QString servingName(Serving serving)
{
    static const std::array names = {QStringLiteral("Event loop"), QStringLiteral("One at a time"),
                                     QStringLiteral("Thread per peer"), QStringLiteral("Process per peer")};
    return names.at(static_cast<std::size_t>(serving) % names.size());
}

QString credentialsText(const Credentials &from)
{
    if (from.pid == 0) {
        return {};
    }
    QStringList parts = {QStringLiteral("pid %1").arg(from.pid)};
    parts << QStringLiteral("user ") + userText(from);
    const QString inner = parts.join(QStringLiteral(", "));
    return from.program.empty() ? inner : QStringLiteral("%1 (%2)").arg(text(plainText(from.program)), inner);
}

QString joinedText(const PeerInfo &info)
{
    if (isUnix(info.transport)) {
        return unixJoinedText(info) + servedText(info);
    }
    if (info.transport == Transport::Udp) {
        return udpJoinedText(info);
    }
    if (info.midway) {
        return QStringLiteral("connection from %1 to %2: its beginning is not in the capture")
            .arg(text(info.remote), text(info.local));
    }
    if (info.direction == Direction::Incoming) {
        return QStringLiteral("connected from ") + text(info.remote) + servedText(info);
    }
    return QStringLiteral("connected to %1 from local port %2").arg(text(info.remote)).arg(info.local.port());
}

QString listeningText(const ListenInfo &info)
{
    QStringList parts;
    if (!isDatagram(info.transport)) {
        parts << QStringLiteral("backlog %1").arg(info.backlog);
    }
    if (info.dualStack) {
        parts << QStringLiteral("IPv4 peers welcome");
    }
    if (info.serving != Serving::EventLoop) {
        parts << servingName(info.serving).toLower();
    }
    if (info.replacedStale) {
        parts << QStringLiteral("a socket file that nobody listened on was replaced");
    }
    const QString where
        = info.transport == Transport::Tcp ? text(info.local) : transportName(info.transport) + u' ' + text(info.local);
    const QString verb = isDatagram(info.transport) ? QStringLiteral("receiving on ") : QStringLiteral("listening on ");
    return parts.isEmpty() ? verb + where : QStringLiteral("%1%2 (%3)").arg(verb, where, parts.join(QStringLiteral(", ")));
}

QString socketNoteText(const NoteInfo &note, Transport transport)
{
    switch (note.code) {
    case NoteCode::ReadingStopped:
        return readingStoppedText(transport);
    case NoteCode::ReadingGoesOn:
        return QStringLiteral("reading goes on: the window opens again, and the peer's send goes on");
    case NoteCode::ReceivingEnded:
        return receivingEndedText(transport);
    case NoteCode::AcceptingPaused:
        return note.b == 1 ? QStringLiteral("reading paused: what comes waits in the kernel’s receive queue, until that is full")
                           : QStringLiteral("accepting paused: those who come wait in the accept queue");
    case NoteCode::AcceptingGoesOn:
        return note.b == 1 ? QStringLiteral("reading goes on") : QStringLiteral("accepting goes on");
    case NoteCode::DatagramsLost:
        return QStringLiteral("%1 lost: our kernel's receive buffer was full (SO_RXQ_OVFL)")
            .arg(many(note.a, QStringLiteral("datagram")));
    case NoteCode::MessageCut:
        return QStringLiteral("the next message is cut: it had %L1 bytes, %L2 of them were read (MSG_TRUNC)")
            .arg(note.a)
            .arg(note.b);
    case NoteCode::NetworkError:
        if (note.a != kNoListener) {
            return QStringLiteral("setsockopt: %1 — %2: the group %3 could not be joined or left")
                .arg(text(errnoName(static_cast<int>(note.b))), text(errnoMeaning(static_cast<int>(note.b))), text(note.text));
        }
        return QStringLiteral("%1 — %2%3")
            .arg(text(errnoName(static_cast<int>(note.b))), text(errnoMeaning(static_cast<int>(note.b))),
                 note.text.empty() ? QString() : QStringLiteral(": an ICMP error from ") + text(note.text));
    case NoteCode::FaultsChanged:
        return note.text.empty() ? QStringLiteral("faults on purpose: none any more")
                                 : QStringLiteral("faults on purpose: ") + text(note.text);
    case NoteCode::FaultsDropped:
        return QStringLiteral("%1 (%2) thrown away on purpose")
            .arg(many(note.a, QStringLiteral("datagram")), formatBytes(static_cast<std::uint64_t>(note.b)));
    case NoteCode::FaultsStopped:
        return QStringLiteral("no more is sent, on purpose: the %1 agreed on have been")
            .arg(many(note.a, QStringLiteral("byte")));
    case NoteCode::OptionSet: {
        if (note.a < 0 || note.a >= static_cast<std::int64_t>(kSocketOptions)) {
            return {};
        }
        const std::string_view name = optionInfo(static_cast<SocketOption>(note.a)).name;
        return QStringLiteral("%1 set to %2")
            .arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
                 note.text.empty() ? QString::number(note.b) : text(note.text));
    }
    case NoteCode::ServedByThread:
        return QStringLiteral("served by a thread of its own (thread %1)").arg(note.a);
    case NoteCode::ServedByProcess:
        return QStringLiteral("served by a process of its own (pid %1)").arg(note.a);
    case NoteCode::GroupJoined:
        return QStringLiteral("joined the multicast group ") + text(note.text);
    case NoteCode::GroupLeft:
        return QStringLiteral("left the multicast group ") + text(note.text);
    default:
        return {};
    }
}

QString peerFinishedText(const RowContext &context)
{
    if (context.transport == Transport::Tcp) {
        return context.otherSideFinished ? QStringLiteral("peer sent FIN: now both sides are closed")
                                         : QStringLiteral("peer sent FIN: its sending side is closed, ours is open (CLOSE_WAIT)");
    }
    return context.otherSideFinished
        ? QStringLiteral("peer closed its sending side: now both sides are closed")
        : QStringLiteral("peer closed its sending side: end of stream (recv returned 0); ours is open");
}

QString finishedText(const RowContext &context)
{
    if (context.transport == Transport::Tcp) {
        return context.otherSideFinished
            ? QStringLiteral("sent FIN: now both sides are closed (LAST_ACK)")
            : QStringLiteral("sent FIN: our sending side is closed, the peer may still send (FIN_WAIT)");
    }
    return context.otherSideFinished
        ? QStringLiteral("our sending side is closed (SHUT_WR): now both sides are")
        : QStringLiteral("our sending side is closed (SHUT_WR): the peer reads end of stream, and may still send");
}

QString endText(const LeftInfo &left, Transport transport)
{
    if (isDatagram(transport)) {
        switch (left.reason) {
        case LeftReason::BothFinished:
        case LeftReason::DisconnectedByUs:
        case LeftReason::ResetByUs:
            return QStringLiteral("ended by us: the peer hears nothing of it");
        case LeftReason::ResetByPeer:
        case LeftReason::BrokenPipe:
            return QStringLiteral("over: the peer's socket is gone (%1)").arg(text(errnoName(left.error.code)));
        default:
            return {};
        }
    }
    if (isUnix(transport)) {
        switch (left.reason) {
        case LeftReason::BothFinished:
            return QStringLiteral("connection ended in an orderly way: both sides closed");
        case LeftReason::DisconnectedByUs:
            return QStringLiteral("connection closed by us before the peer closed its side");
        case LeftReason::ResetByUs:
            return QStringLiteral("connection closed by us at once (a Unix socket has no RST): what was not read is gone");
        case LeftReason::ResetByPeer:
            return QStringLiteral("the peer closed before it had read all that we sent (ECONNRESET)");
        default:
            return {};
        }
    }
    return {};
}

QString emptyText(Transport transport)
{
    return isDatagram(transport) ? QStringLiteral("(empty datagram)") : QStringLiteral("(empty message)");
}

} // namespace tincan

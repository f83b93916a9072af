// SPDX-License-Identifier: MIT
#include "session/words.h"

#include "session/listenerwords.h"
#include "session/recordingwords.h"
#include "session/wordparts.h"
#include "session/wordssockets.h"
#include "transcript/peername.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <QDateTime>
#include <QStringList>

namespace tincan {

namespace {

QString name(int error)
{
    return text(errnoName(error));
}

QString meaning(int error)
{
    return text(errnoMeaning(error));
}

QString plural(std::uint64_t count, const QString &one)
{
    return QString::number(count) + u' ' + (count == 1 ? one : one + u's');
}

QString bytesMissingText(const NoteInfo &note)
{
    const bool cut = (note.b & 2) != 0;
    return QStringLiteral("%1 %2 the peer %3 missing here: %4")
        .arg(plural(static_cast<std::uint64_t>(note.a), QStringLiteral("byte")),
             (note.b & 1) != 0 ? QStringLiteral("to") : QStringLiteral("from"),
             note.a == 1 ? QStringLiteral("is") : QStringLiteral("are"),
             cut ? QStringLiteral("the capture kept only the beginning of the packet")
                 : QStringLiteral("the capture has not got them"));
}

QString passedOverText(const NoteInfo &note)
{
    switch (static_cast<PassedOverReason>(note.b)) {
    case PassedOverReason::UnknownLink:
        return QStringLiteral("captured on a kind of link that is not known here (link type %1)").arg(text(note.text));
    case PassedOverReason::NotIp:
        return QStringLiteral("no IP (ARP and the like)");
    case PassedOverReason::Damaged:
        return QStringLiteral("damaged, or cut short before the end of their headers");
    case PassedOverReason::Fragment:
        return QStringLiteral("fragments of IP packets");
    case PassedOverReason::OtherProtocol:
        return QStringLiteral("neither TCP nor UDP");
    case PassedOverReason::TooMany:
        return QStringLiteral("of more conversations than can be shown at once");
    case PassedOverReason::AfterTheEnd:
        break;
    }
    return QStringLiteral("of TCP connections that were over already");
}

QString cameAgainText(const NoteInfo &note)
{
    const QString again = QStringLiteral("%1 came more than once and are shown once")
                              .arg(plural(static_cast<std::uint64_t>(note.a), QStringLiteral("byte")));
    return note.b == 0 ? again
                       : again
            + QStringLiteral("; %1 of them differed from what came first, which is what is shown")
                  .arg(plural(static_cast<std::uint64_t>(note.b), QStringLiteral("byte")));
}

QString answerName(std::int64_t mode)
{
    static const std::array names
        = {QStringLiteral("Manual"), QStringLiteral("Echo"), QStringLiteral("OK!!!"), QStringLiteral("Relay")};
    return names.at(static_cast<std::size_t>(mode) % names.size());
}

template<typename Info, typename Say>
QString ofDetail(const Detail &detail, Say say)
{
    const auto *info = std::get_if<Info>(&detail);
    return info ? say(*info) : QString();
}

} // namespace

QString noteText(const Index &index, const Row &row)
{
    return noteText(row, index.detail(row), index.contextOf(row));
}

QString noteText(const Row &row, const Detail &detail, const RowContext &context)
{
    switch (row.kind) {
    case RecordKind::Connecting:
        return ofDetail<ConnectInfo>(detail, [](const ConnectInfo &info) {
            const QString host = text(info.host);
            return hostAndPort(host, info.port) == host // a path
                ? QStringLiteral("connecting to ") + host
                : QStringLiteral("connecting to %1, port %2").arg(host).arg(info.port);
        });
    case RecordKind::Joined:
        return ofDetail<PeerInfo>(detail, joinedText);
    case RecordKind::Refused:
        return ofDetail<RefusedInfo>(detail,
                                     [&context](const RefusedInfo &info) { return refusedText(info, context.transport); });
    case RecordKind::PeerFinished:
        return peerFinishedText(context);
    case RecordKind::Finished:
        return finishedText(context);
    case RecordKind::Left:
        return ofDetail<LeftInfo>(detail, [&context](const LeftInfo &info) { return leftText(info, context.transport); });
    case RecordKind::ConnectFailed:
    case RecordKind::ListenFailed:
        return ofDetail<FailureInfo>(detail, [&row](const FailureInfo &info) { return words(info, row.kind).headline; });
    case RecordKind::Listening:
        return ofDetail<ListenInfo>(detail, listeningText);
    case RecordKind::Stopped:
        return QStringLiteral("no longer listening");
    case RecordKind::Note:
        return ofDetail<NoteInfo>(detail, [&context](const NoteInfo &info) { return noteText(info, context.transport); });
    default:
        return {};
    }
}

QString noteText(const NoteInfo &note, Transport transport)
{
    const auto count = static_cast<std::uint64_t>(note.a);
    switch (note.code) {
    case NoteCode::DescriptorsExhausted:
        return QStringLiteral(
                   "accept4: %1 — no descriptor is left for another peer; %2 turned away. Close some, or raise the limit "
                   "(ulimit -n)")
            .arg(name(static_cast<int>(note.b)), plural(count, QStringLiteral("connection")));
    case NoteCode::PeerLimitReached:
        if (note.b > 0) {
            return QStringLiteral("the limit of %1 is reached: %2 from further addresses thrown away")
                .arg(plural(count, QStringLiteral("peer")),
                     plural(static_cast<std::uint64_t>(note.b), QStringLiteral("datagram")));
        }
        return QStringLiteral("the limit of %1 is reached: the next ones wait in the accept queue")
            .arg(plural(count, QStringLiteral("peer")));
    case NoteCode::PeerNotReading:
        if (note.b > 0) {
            return QStringLiteral(
                       "%1 wait in our send queue: the send buffer that all peers of this socket share (SO_SNDBUF, %2) is "
                       "full of messages that some peer has not read; it has to read them, or to close its socket")
                .arg(formatBytes(count), formatBytes(static_cast<std::uint64_t>(note.b)));
        }
        return QStringLiteral("the peer does not read: %1 wait in our send queue").arg(formatBytes(count));
    case NoteCode::PeerReadingAgain:
        if (note.b > 0) {
            return QStringLiteral("the socket takes messages again: the send queue is empty");
        }
        return QStringLiteral("the peer reads again: the send queue is empty");
    case NoteCode::FanOutRefused:
        return QStringLiteral("%1 (%2) to everybody did not fit this peer's send queue and were not sent to it")
            .arg(plural(count, QStringLiteral("message")), formatBytes(static_cast<std::uint64_t>(note.b)));
    case NoteCode::AnswerChanged:
        return QStringLiteral("answer: ") + answerName(note.a);
    case NoteCode::DescriptorLimit:
        return QStringLiteral("setrlimit: %1 — the number of open sockets could not be raised")
            .arg(name(static_cast<int>(note.b)));
    case NoteCode::RecordingFailed:
        return recordingFailedText(static_cast<int>(note.a), text(note.text));
    case NoteCode::ReadingPaused:
        return QStringLiteral("the recorder is behind: peers are not read for a moment, and TCP slows them down");
    case NoteCode::ReadingResumed:
        return QStringLiteral("the recorder has caught up: peers are read again");
    case NoteCode::WaitingForEnd: {
        const QString most = QStringLiteral("%1 s").arg(static_cast<double>(note.b) / 1000.0, 0, 'g', 2);
        return note.a > 0
            ? QStringLiteral("disconnecting: %1 are still to be sent; they have %2 more").arg(formatBytes(count), most)
            : isUnix(transport)
            ? QStringLiteral("disconnecting: our sending side is closed, the peer has %1 more to close its own").arg(most)
            : QStringLiteral("disconnecting: our FIN is sent, the peer has %1 more to send its own").arg(most);
    }
    case NoteCode::BytesMissing:
        return bytesMissingText(note);
    case NoteCode::PassedOver:
        return plural(count, QStringLiteral("packet")) + QStringLiteral(" passed over: ") + passedOverText(note);
    case NoteCode::CameAgain:
        return cameAgainText(note);
    case NoteCode::CaptureIsTorn:
        return QStringLiteral("the capture is torn: its last %1 are no whole packet and were left out")
            .arg(plural(count, QStringLiteral("byte")));
    case NoteCode::MessagesDiscarded:
    case NoteCode::RecordingResumed:
    case NoteCode::RecordingDamaged:
        return recordingNoteText(note);
    case NoteCode::Named:
        return note.text.empty() ? QStringLiteral("name removed")
                                 : QStringLiteral("named “%1”").arg(cleanPeerName(text(note.text)));
    case NoteCode::Other:
        return text(note.text);
    default:
        return socketNoteText(note, transport);
    }
    return text(note.text);
}

namespace {

// Of TCP, and what is the same for all.
QString connectionEndText(const LeftInfo &left)
{
    switch (left.reason) {
    case LeftReason::BothFinished:
        return QStringLiteral("connection ended in an orderly way: FIN both ways");
    case LeftReason::DisconnectedByUs:
        return QStringLiteral("connection closed by us before the peer sent its FIN");
    case LeftReason::ResetByUs:
        return QStringLiteral("connection reset by us: RST sent (SO_LINGER 0)");
    case LeftReason::ResetByPeer:
        return QStringLiteral("connection reset by the peer: RST received (ECONNRESET)");
    case LeftReason::BrokenPipe:
        return QStringLiteral("the peer had closed already when we wrote (EPIPE)");
    case LeftReason::Failed:
        if (left.error.call == CallName::Read && left.error.code == ENODATA) { // see SessionScanner
            return QStringLiteral("the connection ended where nothing was recorded");
        }
        return QStringLiteral("connection lost: ") + opening(left.error) + meaning(left.error.code);
    case LeftReason::ChildDied:
        if (left.error.call == CallName::Close) {
            return QStringLiteral("the process that served this peer did not end when it was told to, so it was killed");
        }
        if (left.error.call == CallName::Epoll) {
            return QStringLiteral(
                "the process that served this peer could not be watched any more (epoll_ctl), so it was killed");
        }
        if (left.error.call == CallName::SendMsg) {
            return QStringLiteral(
                "the process that served this peer could not be told anything any more (sendmsg), so it was killed");
        }
        return left.error.code >= 1000
            ? QStringLiteral("the process that served this peer was ended by signal %1 (%2)")
                  .arg(left.error.code - 1000)
                  .arg(QString::fromLocal8Bit(::strsignal(left.error.code - 1000)))
            : QStringLiteral("the process that served this peer ended by itself (exit status %1)").arg(left.error.code);
    case LeftReason::Forgotten:
        return left.error.code == ENOBUFS
            ? QStringLiteral("forgotten to make room for another address: this one was not heard of for the longest time")
            : QStringLiteral("forgotten: datagrams have no connection that could end");
    case LeftReason::Unseen:
        return QStringLiteral("connection over: its end is not in the capture, but a new one has its addresses and ports");
    }
    return {};
}

} // namespace

QString leftText(const LeftInfo &left, Transport transport)
{
    QString said = endText(left, transport);
    if (said.isEmpty()) {
        said = connectionEndText(left);
    }
    if (left.reason == LeftReason::DisconnectedByUs && left.error.call == CallName::Recv) { // see Connection::closeGivenUp()
        said += QStringLiteral("; the recorder was behind, so the last of what the peer had sent was not read");
    }
    if (left.unsentBytes > 0) {
        said += QStringLiteral("; %1 (%2) could not be sent")
                    .arg(plural(left.unsentMessages, QStringLiteral("message")), formatBytes(left.unsentBytes));
    }
    return said;
}

QString refusedText(const RefusedInfo &refused, Transport transport)
{
    switch (refused.reason) {
    case RefusedReason::QueueFull:
        if (refused.error == ENOBUFS) {
            return QStringLiteral("not sent: too much waits for all the peers of this socket together");
        }
        return QStringLiteral("not sent: the send queue is full (%1 wait, the peer does not read)")
            .arg(formatBytes(refused.queued));
    case RefusedReason::SendingFinished:
        return transport == Transport::Tcp ? QStringLiteral("not sent: our sending side is finished (FIN sent)")
                                           : QStringLiteral("not sent: our sending side is closed (SHUT_WR)");
    case RefusedReason::TooLong:
        return QStringLiteral("not sent: no message of this transport may be that long (%1)")
            .arg(refused.error != 0 ? name(refused.error) : QStringLiteral("at most %L1 bytes").arg(kMaxMessage));
    case RefusedReason::Dropped:
        return QStringLiteral("not sent: thrown away on purpose");
    case RefusedReason::Failed:
        return QStringLiteral("not sent: %1 — %2").arg(name(refused.error), meaning(refused.error));
    case RefusedReason::NotConnected:
        break;
    }
    return QStringLiteral("not sent: not connected");
}

QString fileErrorText(const Error &error)
{
    QString file = text(error.detail);
    if (error.call == CallName::Parse) {
        return file;
    }
    if (error.code == EEXIST) {
        return QStringLiteral("%1 — %2 is there already and is no session file; it was left alone. Choose another name.")
            .arg(opening(error).chopped(3), file);
    }
    QString said = opening(error) + file + QLatin1String(": ") + meaning(error.code) + u'.';
    if (error.code == ENOENT || error.code == ENOTDIR) {
        said += QStringLiteral(" Does the folder exist?");
    } else if (error.code == EACCES || error.code == EROFS || error.code == EPERM) {
        said += QStringLiteral(" Choose a file that you may write.");
    } else if (error.code == ENOSPC || error.code == EDQUOT) {
        said += QStringLiteral(" The disk is full.");
    } else if (error.code == EBUSY) {
        said += QStringLiteral(" A session is being recorded to it. Choose another name.");
    }
    return said;
}

QString recordingFailedText(int error, const QString &path)
{
    return fileErrorText({error, CallName::Write, path.toStdString()})
        + QStringLiteral(" The conversation goes on; what comes now is not recorded.");
}

QString peerStateWord(PeerState state)
{
    switch (state) {
    case PeerState::Connecting:
        return QStringLiteral("SYN_SENT");
    case PeerState::Established:
        return QStringLiteral("ESTABLISHED");
    case PeerState::CloseWait:
        return QStringLiteral("CLOSE_WAIT");
    case PeerState::FinWait:
        return QStringLiteral("FIN_WAIT");
    case PeerState::Closed:
        return QStringLiteral("CLOSED");
    case PeerState::Failed:
        break;
    }
    return QStringLiteral("not connected");
}

} // namespace tincan

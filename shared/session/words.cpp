// SPDX-License-Identifier: MIT
#include "session/words.h"

#include "session/listenerwords.h"
#include "session/recordingwords.h"
#include "session/wordssockets.h"
#include "transcript/peername.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netdb.h>

#include <QDateTime>
#include <QStringList>

namespace tincan {

namespace {

QString text(const std::string &from)
{
    return QString::fromStdString(from);
}

QString text(const Endpoint &endpoint)
{
    return text(endpoint.toString());
}

QString name(int error)
{
    return text(errnoName(error));
}

QString meaning(int error)
{
    return text(errnoMeaning(error));
}

QString nameOf(CallName call)
{
    const std::string_view word = callName(call);
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

// "bind: EADDRINUSE — "
QString opening(const Error &error)
{
    return nameOf(error.call) + QLatin1String(": ") + name(error.code) + QStringLiteral(" — ");
}

QString plural(std::uint64_t count, const QString &one)
{
    return QString::number(count) + u' ' + (count == 1 ? one : one + u's');
}

QString holder(const FailureInfo &failure)
{
    const QString port = QStringLiteral("port %1 is taken").arg(failure.endpoint.port());
    if (failure.owner.pid == 0) {
        return port + QStringLiteral(" by another program");
    }
    return port + QStringLiteral(" by %1 (pid %2)").arg(text(failure.owner.program)).arg(failure.owner.pid);
}

ErrorWords descriptorWords(const Error &error)
{
    return {opening(error)
                + (error.code == EMFILE ? QStringLiteral("this program has as many files and sockets open as it may.")
                                        : QStringLiteral("the system has as many files and sockets open as it can.")),
            QStringLiteral("Close some connections, or raise the limit (ulimit -n).")};
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

ErrorWords listenWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString at = text(failure.endpoint);
    const QString address = text(failure.endpoint.addressText());
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
    switch (error.code) {
    case EADDRINUSE:
        return {opening(error) + holder(failure) + u'.', QStringLiteral("Stop it, or choose another port (0 takes a free one).")};
    case EACCES:
    case EPERM:
        return {opening(error) + QStringLiteral("an ordinary user may not listen on port %1.").arg(failure.endpoint.port()),
                QStringLiteral("Choose a port from 1024 up, or give the program the capability CAP_NET_BIND_SERVICE.")};
    case EADDRNOTAVAIL:
        return {opening(error) + QStringLiteral("no interface of this computer has the address %1.").arg(address),
                QStringLiteral("Choose one from the list, or 0.0.0.0 for every IPv4 network.")};
    case EAFNOSUPPORT:
        return {opening(error) + QStringLiteral("this computer does not speak the family of %1.").arg(address),
                QStringLiteral("Choose an IPv4 address.")};
    case EMFILE:
    case ENFILE:
        return descriptorWords(error);
    default:
        return {opening(error) + meaning(error.code) + QStringLiteral(" (%1).").arg(at),
                QStringLiteral("Check the address and the port.")};
    }
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
    switch (failure.error.code) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
        return {QStringLiteral("getaddrinfo: EAI_NONAME — no host is called “%1”.").arg(host),
                QStringLiteral("Check the spelling, or give the address in numbers, as 192.0.2.1 or 2001:db8::1.")};
    case EAI_AGAIN:
        return {QStringLiteral("getaddrinfo: EAI_AGAIN — no name server answered for “%1”.").arg(host),
                QStringLiteral("Check the network, or give the address in numbers.")};
    default:
        return {QStringLiteral("getaddrinfo: “%1” could not be looked up: %2.")
                    .arg(host, QString::fromLocal8Bit(::gai_strerror(failure.error.code))),
                QStringLiteral("Give the address in numbers, as 192.0.2.1 or 2001:db8::1.")};
    }
}

// Where several addresses of a name were tried, what each said.
QString attempts(const FailureInfo &failure)
{
    if (failure.attempts.size() < 2) {
        return {};
    }
    QStringList tried;
    for (const Attempt &attempt : failure.attempts) {
        tried << text(attempt.endpoint) + u' ' + name(attempt.error.code);
    }
    return QStringLiteral(" Tried: ") + tried.join(QLatin1String(", ")) + u'.';
}

ErrorWords bindWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString local = text(error.detail);
    return {opening(error) + QStringLiteral("the local address %1 cannot be used: %2.").arg(local, meaning(error.code)),
            QStringLiteral("Choose an address of this computer, and a port that is free (0 takes one).")};
}

ErrorWords connectCallWords(const FailureInfo &failure)
{
    const Error &error = failure.error;
    const QString to = text(failure.endpoint);
    if (lacksScope(failure)) {
        return scopeWords(failure);
    }
    switch (error.code) {
    case ECONNREFUSED:
        return {opening(error) + QStringLiteral("nobody listens on %1: the computer is there, and refused.").arg(to),
                QStringLiteral("Start the server first, or check the port.")};
    case ENETUNREACH:
        return {opening(error) + QStringLiteral("there is no route to the network of %1.").arg(to),
                QStringLiteral("Check the address, and this computer's network (ip route).")};
    case EHOSTUNREACH:
        return {opening(error) + QStringLiteral("%1 cannot be reached: no such host, or a firewall says no.").arg(to),
                QStringLiteral("Check the address, and that the other computer is on.")};
    case ETIMEDOUT:
        return {opening(error) + QStringLiteral("%1 did not answer the SYN.").arg(to),
                QStringLiteral("Check the address; a firewall may drop what comes.")};
    case EACCES:
    case EPERM:
        return {opening(error) + QStringLiteral("this computer forbids a connection to %1.").arg(to),
                QStringLiteral("A broadcast address is none to connect to; else ask the firewall's rules.")};
    case EADDRNOTAVAIL:
        return {opening(error) + QStringLiteral("no local address or port is left for a connection to %1.").arg(to),
                QStringLiteral("Check the port (0 is none to connect to), or close some connections.")};
    case EMFILE:
    case ENFILE:
        return descriptorWords(error);
    default:
        return {opening(error) + meaning(error.code) + QStringLiteral(" (%1).").arg(to), QStringLiteral("Check host and port.")};
    }
}

ErrorWords connectWords(const FailureInfo &failure)
{
    switch (failure.cause) {
    case FailureCause::Resolve:
        return resolveWords(failure);
    case FailureCause::TimedOut: {
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
    ErrorWords said = failure.error.call == CallName::Bind ? bindWords(failure) : connectCallWords(failure);
    said.headline += attempts(failure);
    return said;
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

ErrorWords words(const FailureInfo &failure, RecordKind kind)
{
    return kind == RecordKind::ListenFailed ? listenWords(failure) : connectWords(failure);
}

QString noteText(const Index &index, const Row &row)
{
    return noteText(row, index.detail(row), index.otherSideFinished(row));
}

QString noteText(const Row &row, const Detail &detail, bool otherSideFinished)
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
        return ofDetail<RefusedInfo>(detail, refusedText);
    case RecordKind::PeerFinished:
        if (otherSideFinished) {
            return QStringLiteral("peer sent FIN: now both sides are closed");
        }
        return QStringLiteral("peer sent FIN: its sending side is closed, ours is open (CLOSE_WAIT)");
    case RecordKind::Finished:
        if (otherSideFinished) {
            return QStringLiteral("sent FIN: now both sides are closed (LAST_ACK)");
        }
        return QStringLiteral("sent FIN: our sending side is closed, the peer may still send (FIN_WAIT)");
    case RecordKind::Left:
        return ofDetail<LeftInfo>(detail, leftText);
    case RecordKind::ConnectFailed:
    case RecordKind::ListenFailed:
        return ofDetail<FailureInfo>(detail, [&row](const FailureInfo &info) { return words(info, row.kind).headline; });
    case RecordKind::Listening:
        return ofDetail<ListenInfo>(detail, listeningText);
    case RecordKind::Stopped:
        return QStringLiteral("no longer listening");
    case RecordKind::Note:
        return ofDetail<NoteInfo>(detail, [](const NoteInfo &info) { return noteText(info); });
    default:
        return {};
    }
}

QString noteText(const NoteInfo &note)
{
    const auto count = static_cast<std::uint64_t>(note.a);
    switch (note.code) {
    case NoteCode::DescriptorsExhausted:
        return QStringLiteral(
                   "accept4: %1 — no descriptor is left for another peer; %2 turned away. Close some, or raise the limit "
                   "(ulimit -n)")
            .arg(name(static_cast<int>(note.b)), plural(count, QStringLiteral("connection")));
    case NoteCode::PeerLimitReached:
        return QStringLiteral("the limit of %1 is reached: the next ones wait in the accept queue")
            .arg(plural(count, QStringLiteral("peer")));
    case NoteCode::PeerNotReading:
        return QStringLiteral("the peer does not read: %1 wait in our send queue").arg(formatBytes(count));
    case NoteCode::PeerReadingAgain:
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
        return socketNoteText(note);
    }
    return text(note.text);
}

QString leftText(const LeftInfo &left)
{
    QString said;
    switch (left.reason) {
    case LeftReason::BothFinished:
        said = QStringLiteral("connection ended in an orderly way: FIN both ways");
        break;
    case LeftReason::DisconnectedByUs:
        said = QStringLiteral("connection closed by us before the peer sent its FIN");
        break;
    case LeftReason::ResetByUs:
        said = QStringLiteral("connection reset by us: RST sent (SO_LINGER 0)");
        break;
    case LeftReason::ResetByPeer:
        said = QStringLiteral("connection reset by the peer: RST received (ECONNRESET)");
        break;
    case LeftReason::BrokenPipe:
        said = QStringLiteral("the peer had closed already when we wrote (EPIPE)");
        break;
    case LeftReason::Failed:
        if (left.error.call == CallName::Read && left.error.code == ENODATA) { // see SessionScanner
            return QStringLiteral("the connection ended where nothing was recorded");
        }
        said = QStringLiteral("connection lost: ") + opening(left.error) + meaning(left.error.code);
        break;
    case LeftReason::ChildDied:
        return left.error.code >= 1000
            ? QStringLiteral("the process that served this peer was ended by signal %1 (%2)")
                  .arg(left.error.code - 1000)
                  .arg(QString::fromLocal8Bit(::strsignal(left.error.code - 1000)))
            : QStringLiteral("the process that served this peer ended by itself (exit status %1)").arg(left.error.code);
    case LeftReason::Forgotten:
        said = QStringLiteral("forgotten: datagrams have no connection that could end");
        break;
    case LeftReason::Unseen:
        said = QStringLiteral("connection over: its end is not in the capture, but a new one has its addresses and ports");
        break;
    }
    if (left.unsentBytes > 0) {
        said += QStringLiteral("; %1 (%2) could not be sent")
                    .arg(plural(left.unsentMessages, QStringLiteral("message")), formatBytes(left.unsentBytes));
    }
    return said;
}

QString refusedText(const RefusedInfo &refused)
{
    switch (refused.reason) {
    case RefusedReason::QueueFull:
        return QStringLiteral("not sent: the send queue is full (%1 wait, the peer does not read)")
            .arg(formatBytes(refused.queued));
    case RefusedReason::SendingFinished:
        return QStringLiteral("not sent: our sending side is finished (FIN sent)");
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

QString hostAndPort(const QString &host, int port)
{
    if (port == 0 && (host.contains(u'/') || host.startsWith(u'@'))) {
        return host; // a Unix socket's
    }
    const bool isIpv6 = host.contains(u':') && Endpoint::fromAddress(host.toStdString(), 0).has_value();
    return (isIpv6 ? u'[' + host + u']' : host) + u':' + QString::number(port);
}

QString formatBytes(std::uint64_t bytes)
{
    static const std::array units = {QStringLiteral("KB"), QStringLiteral("MB"), QStringLiteral("GB"), QStringLiteral("TB")};
    constexpr double kStep = 1000;
    if (bytes < 1000) {
        return QString::number(bytes) + QLatin1String(" B");
    }
    double value = static_cast<double>(bytes) / kStep;
    std::size_t unit = 0;
    while (value >= kStep - 0.05 && unit + 1 < units.size()) { // 999.96 would be written as 1000.0
        value /= kStep;
        ++unit;
    }
    return QString::number(value, 'f', 1) + u' ' + units.at(unit);
}

QString formatTime(std::int64_t time)
{
    constexpr std::int64_t kMillisecond = 1'000'000;
    return QDateTime::fromMSecsSinceEpoch(time / kMillisecond).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString formatDateAndTime(std::int64_t time)
{
    constexpr std::int64_t kMillisecond = 1'000'000;
    const QString whole = QDateTime::fromMSecsSinceEpoch(time / kMillisecond).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    return whole + QString::number(time / 1000 % 1000).rightJustified(3, u'0');
}

QString formatElapsed(std::int64_t nanoseconds)
{
    const std::int64_t elapsed = std::max<std::int64_t>(0, nanoseconds);
    constexpr std::int64_t kMillisecond = 1'000'000;
    constexpr std::int64_t kSecond = 1'000'000'000;
    if (elapsed < kMillisecond) {
        return QStringLiteral("+%1 µs").arg(elapsed / 1000);
    }
    if (elapsed < kSecond) {
        return QStringLiteral("+%1 ms").arg(static_cast<double>(elapsed) / kMillisecond, 0, 'f', 3);
    }
    if (elapsed < 60 * kSecond) {
        return QStringLiteral("+%1 s").arg(static_cast<double>(elapsed) / kSecond, 0, 'f', 3);
    }
    const std::int64_t seconds = elapsed / kSecond;
    return QStringLiteral("+%1:%2 min").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString formatDuration(std::int64_t nanoseconds)
{
    const std::int64_t seconds = std::max<std::int64_t>(0, nanoseconds) / 1'000'000'000;
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 3600;
    if (seconds < kMinute) {
        return QStringLiteral("%1 s").arg(seconds);
    }
    if (seconds < kHour) {
        return QStringLiteral("%1 min").arg(seconds / kMinute);
    }
    return seconds < 48 * kHour ? QStringLiteral("%1 h").arg(seconds / kHour)
                                : QStringLiteral("%1 d").arg(seconds / (24 * kHour));
}

} // namespace tincan

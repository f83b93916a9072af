// SPDX-License-Identifier: MIT
// Socket calls are written as strace(1) writes them: compared with what it writes itself of the same calls, and by hand.
#include "session/calltext.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include "net/tracedcalls.h"
#include "session/callmeaning.h"
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

const QByteArray kBytes = QByteArray("he\"llo\n\0\00112", 11) + QByteArray(30, '\xff');

struct Recorder {
    CollectingSink sink;
    RealSyscalls sys;
    Outbox outbox{sink};
    TracedCalls calls{sys, outbox};
};

void speak(Recorder &recorder, int from, int to)
{
    TracedCalls &calls = recorder.calls;
    const auto size = static_cast<std::size_t>(kBytes.size());
    const ssize_t sent = ::send(from, kBytes.constData(), size, MSG_NOSIGNAL);
    calls.noteData(
        {.call = CallName::Send, .fd = from, .size = size, .flags = MSG_NOSIGNAL, .result = sent, .bytes = kBytes.constData()},
        Clock::now(), 1);
    char buffer[1000];
    const ssize_t got = ::recv(to, buffer, sizeof buffer, 0);
    calls.noteData({.call = CallName::Recv, .fd = to, .size = sizeof buffer, .result = got, .bytes = buffer}, Clock::now(), 1);
    const ssize_t none = ::recv(to, buffer, sizeof buffer, MSG_DONTWAIT);
    calls.noteData(
        {.call = CallName::Recv, .fd = to, .size = sizeof buffer, .flags = MSG_DONTWAIT, .result = none, .bytes = buffer},
        Clock::now(), 1);
    iovec piece{const_cast<char *>(kBytes.constData()), 3}; // NOLINT: sendmsg(2) does not write through it
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    const ssize_t whole = ::sendmsg(from, &message, MSG_DONTWAIT);
    calls.noteData(
        {.call = CallName::SendMsg, .fd = from, .size = 3, .flags = MSG_DONTWAIT, .result = whole, .bytes = kBytes.constData()},
        Clock::now(), 1);
}

void overTcp(Recorder &recorder, bool v6)
{
    TracedCalls &calls = recorder.calls;
    const Endpoint any = v6 ? Endpoint::parse("[::1]:0").value() : Endpoint::ipv4(0x7f000001, 0);
    const int listener = calls.socket(v6 ? AF_INET6 : AF_INET, Transport::Tcp);
    calls.setOption(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    if (v6) {
        calls.setOption(listener, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    }
    calls.setOption(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 0);
    calls.bind(listener, any, false);
    calls.listen(listener, 7);
    const Endpoint at = calls.localName(listener, kNoPeer);
    const int second = calls.socket(v6 ? AF_INET6 : AF_INET, Transport::Tcp);
    calls.bind(second, at, false); // taken
    const int client = calls.socket(v6 ? AF_INET6 : AF_INET, Transport::Tcp, 1);
    calls.setOption(client, IPPROTO_TCP, TCP_KEEPIDLE, 60, 1);
    calls.setOption(client, SOL_SOCKET, SO_RXQ_OVFL, 1, 1);
    calls.setOption(client, IPPROTO_IP, IP_TTL, 12, 1);
    calls.connect(client, at, 1);
    Endpoint remote;
    PeerId peer = kNoPeer;
    const int accepted = calls.accept(listener, remote, peer, [] { return PeerId{2}; });
    calls.pendingError(client, 1);
    calls.localName(client, 1);
    speak(recorder, client, accepted);
    calls.shutdown(client, SHUT_WR, 1);
    calls.lingerZero(accepted, 2);
    calls.close(accepted, 2);
    calls.close(client, 1);
    calls.close(listener);
    calls.close(listener); // once too often
}

// The child of the test: makes calls, and writes what is recorded of them.
int makeCalls()
{
    Recorder recorder;
    overTcp(recorder, false);
    overTcp(recorder, true);
    recorder.outbox.publish();
    for (const CollectingSink::Event &event : recorder.sink.events()) {
        CallInfo call = std::get<CallInfo>(event.detail);
        call.nanoseconds = 0;
        std::puts(qUtf8Printable(callText(call)));
    }
    return 0;
}

// Without what strace pads, does not decode, or knows by the kernel's names.
QString normalised(QString line)
{
    static const QRegularExpression padding(QStringLiteral("\\)\\s+= "));
    static const QRegularExpression pointer(QStringLiteral("0x[0-9a-f]{6,}"));
    static const QRegularExpression received(QStringLiteral("^recvfrom(\\(.*), NULL, NULL\\) = "));
    static const QRegularExpression sent(QStringLiteral("^sendto(\\(.*), NULL, 0\\) = "));
    line.replace(padding, QStringLiteral(") = "));
    line.replace(pointer, QStringLiteral("..."));
    line.replace(received, QStringLiteral("recv\\1) = "));
    line.replace(sent, QStringLiteral("send\\1) = "));
    return line;
}

CallInfo option(int level, int name, int value, const char *text = "")
{
    return {.call = CallName::SetSockOpt, .fd = 9, .a = level, .b = name, .c = value, .text = text};
}

} // namespace

class CallTextTest : public QObject
{
    Q_OBJECT

private slots:
    void straceSaysTheSame()
    {
        const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
        if (strace.isEmpty()) {
            QSKIP("strace is not installed (apt-get install strace)");
        }
        QProcess traced;
        traced.start(strace,
                     {QStringLiteral("-e"), QStringLiteral("trace=network,close"), QCoreApplication::applicationFilePath(),
                      QStringLiteral("--calls")});
        QVERIFY(traced.waitForFinished());
        const QStringList ours = QString::fromUtf8(traced.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
        const QStringList theirs = QString::fromUtf8(traced.readAllStandardError()).split(u'\n', Qt::SkipEmptyParts);
        if (traced.exitCode() != 0 || !theirs.join(u'\n').contains(QLatin1String("socket("))) {
            QSKIP("strace may not trace here");
        }
        QVERIFY2(ours.size() > 40, qPrintable(ours.join(u'\n')));
        qsizetype at = 0;
        for (const QString &line : ours) {
            const qsizetype before = at;
            while (at < theirs.size() && normalised(theirs.at(at)) != line) {
                ++at;
            }
            QVERIFY2(at < theirs.size(),
                     qPrintable(QStringLiteral("%1\nis not in\n%2").arg(line, theirs.mid(before, 12).join(u'\n'))));
            ++at;
        }
    }

    void words_data()
    {
        QTest::addColumn<CallInfo>("call");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const CallInfo &call, const char *text) {
            QTest::newRow(name) << call << QString::fromUtf8(text);
        };
        row("udp", {.call = CallName::Socket, .result = 9, .a = AF_INET, .b = SOCK_DGRAM | SOCK_CLOEXEC, .c = IPPROTO_UDP},
            "socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = 9");
        row("unix", {.call = CallName::Socket, .result = 9, .a = AF_UNIX, .b = SOCK_SEQPACKET},
            "socket(AF_UNIX, SOCK_SEQPACKET, 0) = 9");
        row("path", {.call = CallName::Bind, .fd = 9, .address = Endpoint::unixPath("/tmp/a \"b\"")},
            "bind(9, {sa_family=AF_UNIX, sun_path=\"/tmp/a \\\"b\\\"\"}, 13) = 0");
        row("abstract", {.call = CallName::Connect, .fd = 9, .address = Endpoint::unixAbstract("na\x01me")},
            "connect(9, {sa_family=AF_UNIX, sun_path=@\"na\\1me\"}, 8) = 0");
        row("nameless", {.call = CallName::Accept, .fd = 9, .result = 10},
            "accept4(9, {sa_family=AF_UNIX}, [128 => 2], SOCK_CLOEXEC|SOCK_NONBLOCK) = 10");
        row("no more", {.call = CallName::Accept, .fd = 9, .result = -1, .error = EMFILE},
            "accept4(9, ..., [128], SOCK_CLOEXEC|SOCK_NONBLOCK) = -1 EMFILE (Too many open files)");
        row("peer's name", {.call = CallName::GetPeerName, .fd = 9, .address = Endpoint::ipv4(0x7f000001, 7)},
            "getpeername(9, {sa_family=AF_INET, sin_port=htons(7), sin_addr=inet_addr(\"127.0.0.1\")}, [128 => 16]) = 0");
        row("unlink", {.call = CallName::Unlink, .text = "/tmp/a"}, "unlink(\"/tmp/a\") = 0");
        row("chmod", {.call = CallName::ChMod, .result = -1, .error = EPERM, .a = 0660, .text = "/tmp/a"},
            "chmod(\"/tmp/a\", 0660) = -1 EPERM (Operation not permitted)");
        row("pair", {.call = CallName::SocketPair, .fd = 8, .result = 9, .a = AF_UNIX, .b = SOCK_SEQPACKET | SOCK_CLOEXEC},
            "socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, [8, 9]) = 0");
        row("spawn", {.call = CallName::Spawn, .result = 4242, .text = "/usr/bin/x"},
            "posix_spawn([4242], \"/usr/bin/x\", ...) = 0");
        row("no spawn", {.call = CallName::Spawn, .result = -1, .error = ENOENT, .text = "/usr/bin/x"},
            "posix_spawn(..., \"/usr/bin/x\", ...) = 2 ENOENT (No such file or directory)");
        row("queue", {.call = CallName::Ioctl, .fd = 9, .b = SIOCOUTQ, .c = 12}, "ioctl(9, SIOCOUTQ, [12]) = 0");
        row("linger", option(SOL_SOCKET, SO_LINGER, 0), "setsockopt(9, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0");
        row("linger off", option(SOL_SOCKET, SO_LINGER, -1),
            "setsockopt(9, SOL_SOCKET, SO_LINGER, {l_onoff=0, l_linger=0}, 8) = 0");
        row("linger in words", option(SOL_SOCKET, SO_LINGER, 0, "{1, 5}"),
            "setsockopt(9, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0");
        row("cubic", option(IPPROTO_TCP, TCP_CONGESTION, 0, "cubic"), "setsockopt(9, SOL_TCP, TCP_CONGESTION, \"cubic\", 5) = 0");
        row("group", option(IPPROTO_IP, IP_ADD_MEMBERSHIP, 0, "239.1.2.3"),
            "setsockopt(9, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr(\"239.1.2.3\"), "
            "imr_interface=inet_addr(\"0.0.0.0\")}, 8) = 0");
        row("group 6", option(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, 0, "ff02::1%lo"),
            "setsockopt(9, SOL_IPV6, IPV6_ADD_MEMBERSHIP, {inet_pton(AF_INET6, \"ff02::1\", &ipv6mr_multiaddr), "
            "ipv6mr_interface=if_nametoindex(\"lo\")}, 20) = 0");
        row("errors of ICMP", option(IPPROTO_IP, IP_RECVERR, 1), "setsockopt(9, SOL_IP, IP_RECVERR, [1], 4) = 0");
        row("stamps", option(SOL_SOCKET, SO_TIMESTAMPING, 24), "setsockopt(9, SOL_SOCKET, SO_TIMESTAMPING, [24], 4) = 0");
        row("a number", option(SOL_SOCKET, 0x7000, 1), "setsockopt(9, SOL_SOCKET, 0x7000, [1], 4) = 0");
        row("credentials",
            {.call = CallName::GetSockOpt, .fd = 9, .a = SOL_SOCKET, .b = SO_PEERCRED, .text = "{pid=1, uid=0, gid=0}"},
            "getsockopt(9, SOL_SOCKET, SO_PEERCRED, {pid=1, uid=0, gid=0}, [12]) = 0");
        row("what went wrong", {.call = CallName::GetSockOpt, .fd = 9, .a = SOL_SOCKET, .b = SO_ERROR, .c = ECONNREFUSED},
            "getsockopt(9, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0");
        row("name", {.call = CallName::GetAddrInfo, .result = EAI_NONAME, .error = EAI_NONAME, .text = "nowhere.invalid"},
            "getaddrinfo(\"nowhere.invalid\", ...) = EAI_NONAME (Name or service not known)");
        row("pieces", {.call = CallName::SendMsg, .fd = 9, .result = 9, .a = 3, .b = MSG_NOSIGNAL, .c = 2, .text = "abc"},
            "sendmsg(9, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"abc\", iov_len=...}, ...], msg_iovlen=2, "
            "msg_controllen=0, msg_flags=0}, MSG_NOSIGNAL) = 9");
        row("stamped", {.call = CallName::SendMsg, .fd = 9, .result = 3, .a = 3, .c = -1, .text = "abc"},
            "sendmsg(9, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"abc\", iov_len=3}], msg_iovlen=1, "
            "msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMPING, ...}], msg_controllen=24, "
            "msg_flags=0}, 0) = 3");
        row("IPv4 on a dual-stack socket",
            {.call = CallName::GetSockName, .fd = 9, .address = Endpoint::ipv4(0x7f000001, 6666), .isMapped = true},
            "getsockname(9, {sa_family=AF_INET6, sin6_port=htons(6666), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
            "\"::ffff:127.0.0.1\", &sin6_addr), sin6_scope_id=0}, [128 => 28]) = 0");
        row("a datagram of several",
            {.call = CallName::RecvMmsg,
             .fd = 9,
             .result = 3,
             .address = Endpoint::ipv4(0x7f000001, 53422),
             .a = 5,
             .b = MSG_DONTWAIT | MSG_TRUNC,
             .c = 64,
             .text = "hello"},
            "recvmmsg(9, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53422), sin_addr=inet_addr(\"127.0.0.1\")}, "
            "msg_namelen=16, msg_iov=[{iov_base=\"hello\", iov_len=...}, ...], ...}, msg_len=5}, ...], 64, "
            "MSG_TRUNC|MSG_DONTWAIT, NULL) = 3");
        row("no datagram", {.call = CallName::RecvMmsg, .fd = 9, .result = -1, .error = ECONNREFUSED, .b = MSG_DONTWAIT, .c = 64},
            "recvmmsg(9, ..., 64, MSG_DONTWAIT, NULL) = -1 ECONNREFUSED (Connection refused)");
        row("a datagram that goes",
            {.call = CallName::SendMmsg, .fd = 9, .result = 1, .a = 40, .b = MSG_NOSIGNAL, .c = 1, .text = "hello"},
            "sendmmsg(9, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"hello\"..., iov_len=40}], ...}, "
            "msg_len=40}], 1, MSG_NOSIGNAL) = 1");
        row("one that does not go",
            {.call = CallName::SendMmsg, .fd = 9, .result = -1, .error = EPERM, .a = 5, .c = 2, .text = "hello"},
            "sendmmsg(9, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"hello\", iov_len=5}], ...}}, ...], 2, 0) "
            "= "
            "-1 EPERM (Operation not permitted)");
        row("took", {.call = CallName::Close, .fd = 9, .nanoseconds = 41'200}, "close(9) = 0 <0.000041>");
    }
    void words()
    {
        QFETCH(CallInfo, call);
        QFETCH(QString, text);
        QCOMPARE(callText(call), text);
    }

    void whoIsAtTheDescriptor()
    {
        PeerInfo peer;
        peer.local = Endpoint::ipv4(0x7f000001, 6666);
        peer.remote = Endpoint::ipv4(0x7f000001, 53422);
        CallInfo call{.call = CallName::Shutdown, .fd = 14, .a = SHUT_WR};
        QCOMPARE(callText(call, descriptorText(peer)),
                 QStringLiteral("shutdown(14<TCP:[127.0.0.1:6666->127.0.0.1:53422]>, SHUT_WR) = 0"));
        peer.transport = Transport::UnixStream;
        peer.local = Endpoint::unixPath("/tmp/a");
        peer.remote = {};
        QCOMPARE(descriptorText(peer), QStringLiteral("UNIX-STREAM:[\"/tmp/a\"]"));
        call.call = CallName::Bind; // says itself where
        call.address = peer.local;
        QVERIFY(!callText(call, descriptorText(peer)).contains(u'<'));
    }

    void meanings()
    {
        CallInfo call{.call = CallName::Bind, .fd = 9, .result = -1, .error = EADDRINUSE, .address = Endpoint::ipv4(0, 6666)};
        QCOMPARE(callMeaningText(call),
                 QStringLiteral("bind gives the socket its own address: 0.0.0.0:6666. EADDRINUSE: 0.0.0.0:6666 "
                                "is taken by another socket. Stop it, or choose another port (0 takes a free "
                                "one). See bind(2), ip(7)."));
        QVERIFY(isFailure(call));
        call = {.call = CallName::GetSockOpt, .fd = 9, .a = SOL_SOCKET, .b = SO_ERROR, .c = ECONNREFUSED};
        QVERIFY2(callMeaning(call).error.startsWith(QStringLiteral("ECONNREFUSED: nobody listens on")),
                 qPrintable(callMeaning(call).error));
        QVERIFY(isFailure(call));
        call = {.call = CallName::Connect, .fd = 9, .result = -1, .error = EINPROGRESS, .address = Endpoint::ipv4(0x7f000001, 7)};
        QVERIFY(!isFailure(call));
        QVERIFY(callMeaningText(call).contains(QStringLiteral("the SYN is sent")));
        call = {.call = CallName::Recv, .fd = 14, .a = 65536};
        QVERIFY(callMeaningText(call).contains(QStringLiteral("end of stream")));
        call = {.call = CallName::RecvMmsg, .fd = 9, .result = 1, .c = 64};
        QCOMPARE(callMeaning(call).what, QStringLiteral("recvmmsg took 1 datagram out of the kernel's receive buffer."));
        call.result = 3;
        QVERIFY(callMeaning(call).what.startsWith(QStringLiteral("recvmmsg took 3 datagrams out of")));
        QVERIFY(callMeaning(call).what.endsWith(QStringLiteral("at once; the one shown is the first of this peer's.")));
        call = {.call = CallName::SendMmsg, .fd = 9, .result = 1, .c = 1};
        QCOMPARE(callMeaning(call).what, QStringLiteral("sendmmsg gave the kernel 1 datagram."));
        call.c = 3;
        QCOMPARE(callMeaning(call).what, QStringLiteral("sendmmsg gave the kernel 1 of 3 datagrams."));
        call.result = 2;
        QCOMPARE(callMeaning(call).what,
                 QStringLiteral("sendmmsg gave the kernel 2 of 3 datagrams; the one shown is the first of this peer's."));
        for (int name = 1; name <= static_cast<int>(CallName::Ioctl); ++name) {
            call.call = static_cast<CallName>(name);
            const bool isOfSockets = call.call != CallName::Epoll && call.call != CallName::Open && call.call != CallName::Read
                && call.call != CallName::Write && call.call != CallName::Parse;
            QCOMPARE(!callMeaning(call).what.isEmpty(), isOfSockets);
        }
    }
};

Q_DECLARE_METATYPE(CallInfo)

int main(int argc, char *argv[])
{
    if (argc > 1 && std::strcmp(argv[1], "--calls") == 0) {
        return makeCalls();
    }
    const QCoreApplication app(argc, argv);
    CallTextTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "calltext.moc"

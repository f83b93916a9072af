// SPDX-License-Identifier: MIT
// Of session/callprogram.h: a session as a program in Python 3.
#include "session/callprogram.h"

#include <algorithm>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <QStringList>

#include "session/byteliterals.h"
#include "session/callnames.h"
#include "session/groupoption.h"

namespace tincan {

namespace {

QString literal(const std::string &text)
{
    return pythonLiteral({text.data(), static_cast<qsizetype>(text.size())}, QString(8, u' '));
}

// The names that Python's socket module has since 3.7; the others are written as numbers.
bool isPythonName(const QString &name)
{
    static const QStringList names
        = QStringLiteral(
              "SO_REUSEADDR SO_REUSEPORT SO_KEEPALIVE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_LINGER SO_BINDTODEVICE "
              "TCP_NODELAY TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_USER_TIMEOUT TCP_CONGESTION TCP_FASTOPEN "
              "TCP_DEFER_ACCEPT TCP_MAXSEG TCP_CORK TCP_QUICKACK TCP_LINGER2 TCP_SYNCNT TCP_WINDOW_CLAMP IP_TOS IP_TTL "
              "IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP IPV6_V6ONLY IPV6_UNICAST_HOPS "
              "IPV6_MULTICAST_HOPS IPV6_MULTICAST_LOOP IPV6_TCLASS")
              .split(u' ');
    return names.contains(name);
}

constexpr const char *kUnlinkSocket = R"(

# What a program that is gone has left behind; any other file stays, and is in the way.
def unlink_socket(path):
    if os.path.exists(path) and stat.S_ISSOCK(os.lstat(path).st_mode):
        os.unlink(path)
)";

constexpr const char *kReceive = R"(

# TCP is a stream: recv gives what has come, not what was sent at once. So until so many bytes are there, or the end.
def receive(sock, size):
    while size > 0:
        got = sock.recv(min(size, 4096))
        if not got:  # the peer has sent FIN
            return
        sys.stdout.buffer.write(got)
        sys.stdout.flush()
        size -= len(got)
)";

constexpr const char *kReceiveMessages = R"(

# One call, one message.
def receive_messages(sock, count):
    for _ in range(count):
        sys.stdout.buffer.write(sock.recv(65536))
        sys.stdout.flush()
)";

constexpr const char *kReceiveRest = R"(

# Until recv gives nothing (the peer's FIN) or fails (its RST).
def receive_rest(sock):
    try:
        while got := sock.recv(4096):
            sys.stdout.buffer.write(got)
            sys.stdout.flush()
    except ConnectionResetError as error:
        print("recv:", error, file=sys.stderr)
)";

class PythonWriter
{
public:
    explicit PythonWriter(const CallScript &script)
        : m_script(script)
        , m_datagrams(isDatagram(script.transport))
        , m_borders(keepsBorders(script.transport))
    {
    }

    QString write()
    {
        QString body;
        for (std::size_t at = 0; at < m_script.talks.size(); ++at) {
            body += talk(m_script.talks[at], at + 1);
        }
        body += main();
        QString head = QStringLiteral("#!/usr/bin/env python3\n# Made by Tincan: %1.\n").arg(scriptTitle(m_script));
        const auto use = [&head](bool used, const char *module) {
            head += used ? QStringLiteral("import %1\n").arg(QLatin1String(module)) : QString();
        };
        use(m_unlinks, "os");
        use(true, "socket");
        use(m_unlinks, "stat");
        use(m_packs, "struct");
        use(m_receives || m_receivesRest || m_complains, "sys");
        if (m_unlinks) {
            head += QString::fromLatin1(kUnlinkSocket);
        }
        if (m_receives) {
            head += QString::fromLatin1(m_borders ? kReceiveMessages : kReceive);
        }
        if (m_receivesRest) {
            head += QString::fromLatin1(kReceiveRest);
        }
        return head + body;
    }

private:
    QString socketCall(const Endpoint &where) const
    {
        const int domain = where.isEmpty() ? AF_UNIX : where.addressFamily();
        return QStringLiteral("socket.socket(socket.%1, socket.%2)")
            .arg(domainName(domain), socketTypeName(socketType(m_script.transport)));
    }

    static QString address(const Endpoint &endpoint)
    {
        switch (endpoint.family()) {
        case Endpoint::Family::IPv4:
        case Endpoint::Family::IPv6: // "fe80::1%eth0" names its interface there as well
            return QStringLiteral("(\"%1\", %2)")
                .arg(QString::fromStdString(endpoint.addressText()), QString::number(endpoint.port()));
        case Endpoint::Family::UnixAbstract:
            return literal(std::string(1, '\0') + endpoint.path());
        default:
            return literal(endpoint.path());
        }
    }

    // A struct ip_mreqn, or ipv6_mreq.
    static QString groupValue(const GroupOption &group)
    {
        const QString interface = group.interface.empty()
            ? QStringLiteral("0")
            : QStringLiteral("socket.if_nametoindex(%1)").arg(literal(group.interface));
        const QString address = QString::fromStdString(group.address.addressText());
        if (group.isV6) {
            return QStringLiteral("struct.pack(\"16si\", socket.inet_pton(socket.AF_INET6, \"%1\"), %2)").arg(address, interface);
        }
        const QString of = group.joins ? QStringLiteral("socket.inet_aton(\"%1\")").arg(address) : QStringLiteral("b\"\"");
        return QStringLiteral("struct.pack(\"4s4si\", %1, b\"\", %2)").arg(of, interface);
    }

    QString option(const CallInfo &call, const QString &sock)
    {
        if (const QString remark = leftOutRemark(call); !remark.isEmpty()) {
            return QStringLiteral("    # %1\n").arg(remark);
        }
        QString level = levelName(call.a);
        if (level.front().isLetter()) { // else it is a number
            level.prepend(QLatin1String("socket."));
        }
        const QString name = optionName(call.a, call.b);
        QString value = QString::number(call.c);
        if (call.a == SOL_SOCKET && call.b == SO_LINGER) {
            m_packs = true;
            const auto [isOn, seconds] = lingerOf(call);
            value = QStringLiteral("struct.pack(\"ii\", %1, %2)").arg(isOn).arg(seconds);
        } else if (const auto group = groupOptionOf(call)) {
            m_packs = true;
            value = groupValue(*group);
        } else if (!call.text.empty()) {
            value = literal(call.text);
        }
        const bool isKnown = isPythonName(name);
        return QStringLiteral("    %1.setsockopt(%2, %3, %4)%5\n")
            .arg(sock, level, isKnown ? QStringLiteral("socket.") + name : QString::number(call.b), value,
                 isKnown ? QString() : QStringLiteral("  # ") + name);
    }

    QString options(const std::vector<CallInfo> &calls, const QString &sock)
    {
        QString text;
        for (const CallInfo &call : calls) {
            text += option(call, sock);
        }
        return text;
    }

    QString talk(const CallTalk &talk, std::size_t number)
    {
        QString text = QStringLiteral("\n\n# %1\ndef talk%2(%3):\n")
                           .arg(commentText(talk.title.isEmpty() ? QStringLiteral("a peer without a name") : talk.title),
                                QString::number(number), m_script.isServer ? QStringLiteral("listener") : QString());
        if (const QString remark = talkRemark(talk); !remark.isEmpty()) {
            text += QStringLiteral("    # %1\n").arg(remark);
        }
        text += m_script.isServer ? accepting(talk) : connecting(talk);
        for (const CallStep &one : talk.steps) {
            text += step(one);
        }
        return text;
    }

    QString accepting(const CallTalk &talk) const
    {
        if (!m_datagrams) {
            return QStringLiteral("    sock, _ = listener.accept()\n");
        }
        if (talk.remote.isEmpty()) {
            return QStringLiteral("    sock = listener  # whoever sends has no name: nothing can be sent there\n");
        }
        return QStringLiteral(
            "    # Who sends first is the peer: its datagram is only looked at, then connect makes it the only one.\n"
            "    sock = listener\n"
            "    _, peer = sock.recvfrom(0, socket.MSG_PEEK)\n"
            "    sock.connect(peer)\n");
    }

    // The end of a try: what went wrong is said, and it goes on.
    QString excepting(const QString &call, int depth)
    {
        m_complains = true;
        const QString indent(4 * qsizetype{depth}, u' ');
        return QStringLiteral("%1except OSError as error:\n%1    print(\"%2:\", error, file=sys.stderr)\n").arg(indent, call);
    }

    QString bound(const Endpoint &local, const QString &sock)
    {
        QString text;
        if (local.family() == Endpoint::Family::UnixPath) {
            m_unlinks = true;
            text = QStringLiteral("    unlink_socket(%1)\n").arg(address(local));
        }
        return text + QStringLiteral("    %1.bind(%2)\n").arg(sock, address(local));
    }

    QString connecting(const CallTalk &talk)
    {
        QString text
            = QStringLiteral("    sock = %1\n").arg(socketCall(talk.remote)) + options(talk.options, QStringLiteral("sock"));
        if (!talk.local.isEmpty()) {
            text += bound(talk.local, QStringLiteral("sock"));
        }
        const QString connect = QStringLiteral("sock.connect(%1)\n").arg(address(talk.remote));
        if (talk.failed) { // what came after it is to come here too
            return text + QLatin1String("    try:\n        ") + connect + excepting(QStringLiteral("connect"), 1)
                + QLatin1String("    sock.close()\n");
        }
        return text + QLatin1String("    ") + connect;
    }

    QString step(const CallStep &step)
    {
        switch (step.kind) {
        case CallStep::Kind::Send:
            return sendStep(step);
        case CallStep::Kind::Await:
            m_receives = true;
            return m_borders ? QStringLiteral("    receive_messages(sock, %1)\n").arg(step.count)
                             : QStringLiteral("    receive(sock, %1)\n").arg(step.size);
        case CallStep::Kind::AwaitEnd:
            m_receivesRest = true;
            return QStringLiteral("    receive_rest(sock)\n");
        case CallStep::Kind::SetOption:
            return option(step.option, QStringLiteral("sock"));
        case CallStep::Kind::Shutdown:
            return QStringLiteral("    sock.shutdown(socket.%1)%2\n")
                .arg(shutdownName(step.how), step.how == SHUT_WR ? QStringLiteral("  # sends FIN; we still receive") : QString());
        case CallStep::Kind::Reset:
            m_packs = true;
            return QStringLiteral("    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(\"ii\", 1, 0))\n"
                                  "    sock.close()  # sends RST\n");
        case CallStep::Kind::Close:
            break;
        }
        if (m_script.isServer && m_datagrams) {
            return QStringLiteral("    sock.close()  # Python cannot undo the connect of a datagram socket\n");
        }
        return QStringLiteral("    sock.close()\n");
    }

    QString sendStep(const CallStep &step) const
    {
        const QString remark = cutRemark(step);
        QString bytes = pythonLiteral(step.bytes, QString(m_borders ? 14 : 17, u' '));
        return (remark.isEmpty() ? QString() : QStringLiteral("    # %1\n").arg(remark))
            + QStringLiteral("    sock.%1(").arg(m_borders ? QLatin1String("send") : QLatin1String("sendall")) + bytes
            + QLatin1String(")\n");
    }

    QString main()
    {
        QString text = QStringLiteral("\n\ndef main():\n");
        if (!m_script.isServer) {
            for (std::size_t at = 1; at <= m_script.talks.size(); ++at) {
                text += QStringLiteral("    talk%1()\n").arg(at);
            }
        } else {
            text += listening() + serving();
        }
        return text + QLatin1String("\n\nmain()\n");
    }

    QString listening()
    {
        QString text = QStringLiteral("    listener = %1\n").arg(socketCall(m_script.local))
            + options(m_script.options, QStringLiteral("listener"));
        text += bound(m_script.local, QStringLiteral("listener"));
        return m_datagrams ? text : text + QStringLiteral("    listener.listen(%1)\n").arg(std::max(m_script.backlog, 1));
    }

    QString serving()
    {
        const bool isOk = m_script.answer == AnswerMode::Ok;
        if (!isOk && m_script.answer != AnswerMode::Echo) {
            QString text;
            for (std::size_t at = 1; at <= m_script.talks.size(); ++at) {
                text += at > 1 && m_datagrams ? listening() : QString();
                text += QStringLiteral("    talk%1(listener)\n").arg(at);
            }
            return text + QLatin1String("    listener.close()\n");
        }
        return m_datagrams ? answerDatagrams(isOk) : answerStreams(isOk);
    }

    static QString answerOf(bool isOk) { return isOk ? QStringLiteral("b\"OK!!!\"") : QStringLiteral("got"); }

    QString answerDatagrams(bool isOk)
    {
        QString text = QStringLiteral("    while True:\n        got, peer = listener.recvfrom(65536)\n");
        if (isUnix(m_script.transport)) {
            text += QLatin1String("        if not peer:  # it has no name, so nothing can be sent there\n            continue\n");
        }
        return text + QStringLiteral("        try:\n            listener.sendto(%1, peer)\n").arg(answerOf(isOk))
            + excepting(QStringLiteral("sendto"), 2);
    }

    QString answerStreams(bool isOk)
    {
        const QString onExit = isOk
            ? QStringLiteral("                    if got.rstrip(b\"\\r\\n\\0\") == b\"exit\":\n                        break\n")
            : QString();
        return QStringLiteral("    while True:  # one peer after the other; Tincan serves them all at once, with epoll\n"
                              "        sock, _ = listener.accept()\n"
                              "        with sock:\n"
                              "            try:\n"
                              "                while got := sock.recv(65536):\n"
                              "                    sock.sendall(%1)\n")
                   .arg(answerOf(isOk))
            + onExit + excepting(QStringLiteral("this peer is gone"), 3);
    }

    const CallScript &m_script;
    bool m_datagrams;
    bool m_borders;
    bool m_packs = false;
    bool m_unlinks = false;
    bool m_complains = false;
    bool m_receives = false;
    bool m_receivesRest = false;
};

} // namespace

QString pythonProgram(const CallScript &script)
{
    return PythonWriter(script).write();
}

} // namespace tincan

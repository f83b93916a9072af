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
        QString head
            = QStringLiteral("#!/usr/bin/env python3\n# Made by Tincan: %1.\nimport socket\n").arg(scriptTitle(m_script));
        if (m_packs) {
            head += QLatin1String("import struct\n");
        }
        if (m_receives || m_receivesRest) {
            head += QLatin1String("import sys\n");
        }
        if (m_unlinks) {
            head.replace(QLatin1String("import socket\n"), QLatin1String("import os\nimport socket\n"));
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

    QString option(const CallInfo &call, const QString &sock)
    {
        const QString level = call.a == SOL_SOCKET
            ? QStringLiteral("SOL_SOCKET")
            : optionLevelName(call.a).replace(QLatin1String("SOL_"), QLatin1String("IPPROTO_"));
        const QString name = optionName(call.a, call.b);
        QString value = QString::number(call.c);
        if (call.a == SOL_SOCKET && call.b == SO_LINGER) {
            m_packs = true;
            const auto [isOn, seconds] = lingerOf(call);
            value = QStringLiteral("struct.pack(\"ii\", %1, %2)").arg(isOn).arg(seconds);
        } else if (call.a == IPPROTO_IP && (call.b == IP_ADD_MEMBERSHIP || call.b == IP_DROP_MEMBERSHIP)) {
            const std::string text
                = call.address.isEmpty() ? call.text.substr(0, call.text.find('%')) : call.address.addressText();
            const Result<Endpoint> group = Endpoint::fromAddress(text, 0);
            if (!group) {
                return QStringLiteral("    # %1 %2 is left out\n").arg(name, commentText(QString::fromStdString(text)));
            }
            value = QStringLiteral("socket.inet_aton(\"%1\") + socket.inet_aton(\"0.0.0.0\")")
                        .arg(QString::fromStdString(group->addressText()));
        } else if (call.text.starts_with('{')) {
            return QStringLiteral("    # %1 %2 is left out\n").arg(name, commentText(QString::fromStdString(call.text)));
        } else if (!call.text.empty()) {
            value = literal(call.text);
        }
        const bool isKnown = isPythonName(name);
        return QStringLiteral("    %1.setsockopt(socket.%2, %3, %4)%5\n")
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
        text += m_script.isServer ? accepting() : connecting(talk);
        for (const CallStep &one : talk.steps) {
            text += step(one);
        }
        return text;
    }

    QString accepting() const
    {
        if (!m_datagrams) {
            return QStringLiteral("    sock, _ = listener.accept()\n");
        }
        return QStringLiteral(
            "    # Who sends first is the peer: its datagram is only looked at, then connect makes it the only one.\n"
            "    sock = listener\n"
            "    _, peer = sock.recvfrom(0, socket.MSG_PEEK)\n"
            "    sock.connect(peer)\n");
    }

    QString connecting(const CallTalk &talk)
    {
        QString text
            = QStringLiteral("    sock = %1\n").arg(socketCall(talk.remote)) + options(talk.options, QStringLiteral("sock"));
        if (!talk.local.isEmpty()) {
            text += QStringLiteral("    sock.bind(%1)\n").arg(address(talk.local));
        }
        text += QStringLiteral("    sock.connect(%1)\n").arg(address(talk.remote));
        return talk.failed ? text + QLatin1String("    sock.close()\n") : text;
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
        if (m_script.local.family() == Endpoint::Family::UnixPath) {
            m_unlinks = true;
            text += QStringLiteral("    if os.path.exists(%1):\n        os.unlink(%1)  # left behind by the one before\n")
                        .arg(address(m_script.local));
        }
        text += QStringLiteral("    listener.bind(%1)\n").arg(address(m_script.local));
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
        const QString what = isOk ? QStringLiteral("b\"OK!!!\"") : QStringLiteral("got");
        if (m_datagrams) {
            return QStringLiteral(
                       "    while True:\n        got, peer = listener.recvfrom(65536)\n        listener.sendto(%1, peer)\n")
                .arg(what);
        }
        QString text = QStringLiteral("    while True:  # one peer after the other; Tincan serves them all at once, with epoll\n"
                                      "        sock, _ = listener.accept()\n"
                                      "        with sock:\n"
                                      "            while got := sock.recv(65536):\n"
                                      "                sock.sendall(%1)\n")
                           .arg(what);
        return isOk
            ? text + QLatin1String("                if got.rstrip(b\"\\r\\n\\0\") == b\"exit\":\n                    break\n")
            : text;
    }

    const CallScript &m_script;
    bool m_datagrams;
    bool m_borders;
    bool m_packs = false;
    bool m_unlinks = false;
    bool m_receives = false;
    bool m_receivesRest = false;
};

} // namespace

QString pythonProgram(const CallScript &script)
{
    return PythonWriter(script).write();
}

} // namespace tincan

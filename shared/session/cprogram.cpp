// SPDX-License-Identifier: MIT
// Of session/callprogram.h: a session as a program in C.
#include "session/callprogram.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "session/byteliterals.h"
#include "session/callnames.h"
#include "session/cprogramparts.h"
#include "session/groupoption.h"

namespace tincan {

namespace {

const QString kIndent(4, u' ');

QString literal(const std::string &text)
{
    return cLiteral({text.data(), static_cast<qsizetype>(text.size())}, QString(12, u' '));
}

class CWriter
{
public:
    explicit CWriter(const CallScript &script)
        : m_script(script)
        , m_datagrams(isDatagram(script.transport))
        , m_borders(keepsBorders(script.transport))
    {
    }

    QString write()
    {
        QString talks;
        for (std::size_t at = 0; at < m_script.talks.size(); ++at) {
            talks += talk(m_script.talks[at], at + 1);
        }
        const QString begin = main();
        return head() + helpers() + talks + begin;
    }

private:
    QString head() const
    {
        QString text = QStringLiteral("/*\n * Made by Tincan: %1.\n *     gcc -Wall -Wextra -o talk talk.c && ./talk\n */\n")
                           .arg(scriptTitle(m_script));
        text += QLatin1String("#define _GNU_SOURCE\n");
        const char *const headers[]
            = {"arpa/inet.h", "net/if.h", "netinet/in.h", "netinet/tcp.h", "netinet/udp.h", "stddef.h", "stdio.h",
               "stdlib.h",    "string.h", "sys/socket.h", "sys/stat.h",    "sys/un.h",      "unistd.h"};
        for (const char *header : headers) {
            text += QStringLiteral("#include <%1>\n").arg(QLatin1String(header));
        }
        return text;
    }

    // Those that are called: what is not used is warned of.
    QString helpers() const
    {
        QString text = QString::fromLatin1(kCheck);
        const auto add = [&text](bool used, const char *helper) {
            if (used) {
                text += QString::fromLatin1(helper);
            }
        };
        add(m_unlinks, kUnlinkSocket);
        add(m_sends && !m_borders, kSendAll);
        add(m_sends && m_borders, kSendMessage);
        add(m_receives && !m_borders, kReceive);
        add(m_receives && m_borders, kReceiveMessages);
        add(m_receivesRest, kReceiveRest);
        add(m_answers, kAnswer);
        add(m_answers && m_script.answer == AnswerMode::Ok, kIsExit);
        return text;
    }

    QString socketCall(const Endpoint &where) const
    {
        const int domain = where.isEmpty() ? AF_UNIX : where.addressFamily();
        return QStringLiteral("check(socket(%1, %2, %3), \"socket\")")
            .arg(domainName(domain), socketTypeName(socketType(m_script.transport)),
                 protocolName(domain, socketProtocol(m_script.transport)));
    }

    // Declares `name`, and gives the two arguments that hand it to a call.
    static QString address(const Endpoint &endpoint, const QString &name, QString &arguments)
    {
        arguments = QStringLiteral("(struct sockaddr *)&%1, sizeof %1").arg(name);
        const QString text = literal(endpoint.addressText().substr(0, endpoint.addressText().find('%')));
        switch (endpoint.family()) {
        case Endpoint::Family::IPv4:
            return QStringLiteral("    struct sockaddr_in %1 = {.sin_family = AF_INET, .sin_port = htons(%2)};\n"
                                  "    inet_pton(AF_INET, %3, &%1.sin_addr);\n")
                .arg(name, QString::number(endpoint.port()), text);
        case Endpoint::Family::IPv6: {
            const std::string whole = endpoint.addressText();
            const QString scope = endpoint.scope() == 0 || whole.find('%') == std::string::npos
                ? QString()
                : QStringLiteral("    %1.sin6_scope_id = if_nametoindex(%2);\n")
                      .arg(name, literal(whole.substr(whole.find('%') + 1)));
            return QStringLiteral("    struct sockaddr_in6 %1 = {.sin6_family = AF_INET6, .sin6_port = htons(%2)};\n"
                                  "    inet_pton(AF_INET6, %3, &%1.sin6_addr);\n")
                       .arg(name, QString::number(endpoint.port()), text)
                + scope;
        }
        case Endpoint::Family::UnixAbstract:
            arguments = QStringLiteral("(struct sockaddr *)&%1, offsetof(struct sockaddr_un, sun_path) + %2")
                            .arg(name)
                            .arg(endpoint.path().size() + 1);
            return QStringLiteral(
                       "    struct sockaddr_un %1 = {.sun_family = AF_UNIX, .sun_path = %2}; /* abstract: no file */\n")
                .arg(name, literal(std::string(1, '\0') + endpoint.path()));
        default:
            return QStringLiteral("    struct sockaddr_un %1 = {.sun_family = AF_UNIX, .sun_path = %2};\n")
                .arg(name, literal(endpoint.path()));
        }
    }

    QString bound(const Endpoint &local, const QString &fd)
    {
        QString arguments;
        QString text = address(local, QStringLiteral("local"), arguments);
        if (local.family() == Endpoint::Family::UnixPath) {
            m_unlinks = true;
            text += QStringLiteral("    unlink_socket(local.sun_path);\n");
        }
        return text + QStringLiteral("    check(bind(%1, %2), \"bind\");\n").arg(fd, arguments);
    }

    static QString value(const CallInfo &call, QString &size)
    {
        if (call.a == SOL_SOCKET && call.b == SO_LINGER) {
            size = QStringLiteral("sizeof(struct linger)");
            const auto [isOn, seconds] = lingerOf(call);
            return QStringLiteral("&(struct linger){%1, %2}").arg(isOn).arg(seconds);
        }
        if (call.text.empty()) {
            size = QStringLiteral("sizeof(int)");
            return QStringLiteral("&(int){%1}").arg(call.c);
        }
        size = QString::number(call.text.size());
        return literal(call.text);
    }

    static QString interfaceIndex(const GroupOption &group)
    {
        return group.interface.empty() ? QStringLiteral("0") : QStringLiteral("if_nametoindex(%1)").arg(literal(group.interface));
    }

    static QString setOption(const QString &fd, const QString &level, const QString &name, const QString &given,
                             const QString &size)
    {
        return QStringLiteral("    check(setsockopt(%1, %2, %3, %4, %5), \"setsockopt\");\n").arg(fd, level, name, given, size);
    }

    static QString groupOption(const GroupOption &group, const CallInfo &call, const QString &fd, const QString &level)
    {
        const QString name = optionName(call.a, call.b);
        const QString address = literal(group.group);
        if (group.isV6) {
            return QStringLiteral("    {\n        struct ipv6_mreq group = {.ipv6mr_interface = %1};\n"
                                  "        inet_pton(AF_INET6, %2, &group.ipv6mr_multiaddr);\n    ")
                       .arg(interfaceIndex(group), address)
                + setOption(fd, level, name, QStringLiteral("&group"), QStringLiteral("sizeof group")) + QLatin1String("    }\n");
        }
        const QString of = group.joins ? QStringLiteral(".imr_multiaddr = {inet_addr(%1)}, ").arg(address) : QString();
        return setOption(fd, level, name,
                         QStringLiteral("&(struct ip_mreqn){%1.imr_ifindex = (int)%2}").arg(of, interfaceIndex(group)),
                         QStringLiteral("sizeof(struct ip_mreqn)"));
    }

    static QString option(const CallInfo &call, const QString &fd)
    {
        if (const QString remark = leftOutRemark(call); !remark.isEmpty()) {
            return QStringLiteral("    /* %1 */\n").arg(remark);
        }
        const QString level = levelName(call.a);
        if (const auto group = groupOptionOf(call)) {
            return groupOption(*group, call, fd, level);
        }
        QString size;
        const QString given = value(call, size);
        return setOption(fd, level, optionName(call.a, call.b), given, size);
    }

    static QString options(const std::vector<CallInfo> &calls, const QString &fd)
    {
        QString text;
        for (const CallInfo &call : calls) {
            text += option(call, fd);
        }
        return text;
    }

    QString talk(const CallTalk &talk, std::size_t number)
    {
        QString text
            = QStringLiteral("\n/* %1 */\nstatic void talk%2(%3)\n{\n")
                  .arg(commentText(talk.title.isEmpty() ? QStringLiteral("a peer without a name") : talk.title),
                       QString::number(number), m_script.isServer ? QStringLiteral("int listener") : QStringLiteral("void"));
        if (const QString remark = talkRemark(talk); !remark.isEmpty()) {
            text += QStringLiteral("    /* %1 */\n").arg(remark);
        }
        text += m_script.isServer ? accepting(talk) : connecting(talk);
        for (const CallStep &one : talk.steps) {
            text += step(one);
        }
        return text + QLatin1String("}\n");
    }

    QString accepting(const CallTalk &talk) const
    {
        if (!m_datagrams) {
            return QStringLiteral("    int fd = check(accept(listener, NULL, NULL), \"accept\");\n");
        }
        if (talk.remote.isEmpty()) {
            return QStringLiteral("    int fd = listener; /* whoever sends has no name: nothing can be sent there */\n");
        }
        return QStringLiteral(
            "    /* Who sends first is the peer: its datagram is only looked at, then connect(2) makes it the only one. */\n"
            "    int fd = listener;\n"
            "    struct sockaddr_storage peer;\n"
            "    socklen_t size = sizeof peer;\n"
            "    check((int)recvfrom(fd, NULL, 0, MSG_PEEK, (struct sockaddr *)&peer, &size), \"recvfrom\");\n"
            "    check(connect(fd, (struct sockaddr *)&peer, size), \"connect\");\n");
    }

    QString connecting(const CallTalk &talk)
    {
        QString text = QStringLiteral("    int fd = %1;\n").arg(socketCall(talk.remote));
        text += options(talk.options, QStringLiteral("fd"));
        QString arguments;
        if (!talk.local.isEmpty()) {
            text += bound(talk.local, QStringLiteral("fd"));
        }
        text += address(talk.remote, QStringLiteral("remote"), arguments);
        if (talk.failed) { // what came after it is to come here too
            return text
                + QStringLiteral("    if (connect(fd, %1) < 0) {\n        perror(\"connect\");\n    }\n    close(fd);\n")
                      .arg(arguments);
        }
        return text + QStringLiteral("    check(connect(fd, %1), \"connect\");\n").arg(arguments);
    }

    QString step(const CallStep &step)
    {
        switch (step.kind) {
        case CallStep::Kind::Send:
            return sendStep(step);
        case CallStep::Kind::Await:
            m_receives = true;
            return m_borders ? QStringLiteral("    receive_messages(fd, %1);\n").arg(step.count)
                             : QStringLiteral("    receive(fd, %1);\n").arg(step.size);
        case CallStep::Kind::AwaitEnd:
            m_receivesRest = true;
            return QStringLiteral("    receive_rest(fd);\n");
        case CallStep::Kind::SetOption:
            return option(step.option, QStringLiteral("fd"));
        case CallStep::Kind::Shutdown:
            return QStringLiteral("    check(shutdown(fd, %1), \"shutdown\");%2\n")
                .arg(shutdownName(step.how),
                     step.how == SHUT_WR ? QStringLiteral(" /* sends FIN; we still receive */") : QString());
        case CallStep::Kind::Reset:
            return QStringLiteral(
                "    check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger)), "
                "\"setsockopt\");\n    close(fd); /* sends RST */\n");
        case CallStep::Kind::Close:
            break;
        }
        return m_script.isServer && m_datagrams ? QStringLiteral(
                   "    check(connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)), \"connect\"); "
                   "/* open to everybody again */\n")
                                                : QStringLiteral("    close(fd);\n");
    }

    QString sendStep(const CallStep &step)
    {
        m_sends = true;
        const QString remark = cutRemark(step);
        const QString bytes = cLiteral(step.bytes, QString(m_borders ? 21 : 17, u' '));
        return (remark.isEmpty() ? QString() : QStringLiteral("    /* %1 */\n").arg(remark))
            + QStringLiteral("    %1(fd, ").arg(m_borders ? QLatin1String("send_message") : QLatin1String("send_all")) + bytes
            + QStringLiteral(", %1);\n").arg(step.bytes.size());
    }

    QString main()
    {
        QString body;
        if (m_script.isServer) {
            body = listening() + serving();
        } else {
            for (std::size_t at = 1; at <= m_script.talks.size(); ++at) {
                body += QStringLiteral("    talk%1();\n").arg(at);
            }
        }
        return QStringLiteral("\nint main(void)\n{\n") + body + QLatin1String("    return 0;\n}\n");
    }

    QString listening()
    {
        QString text = QStringLiteral("    int listener = %1;\n").arg(socketCall(m_script.local));
        text += options(m_script.options, QStringLiteral("listener")) + bound(m_script.local, QStringLiteral("listener"));
        if (!m_datagrams) {
            text += QStringLiteral("    check(listen(listener, %1), \"listen\");\n").arg(std::max(m_script.backlog, 1));
        }
        return text;
    }

    QString serving()
    {
        const bool isOk = m_script.answer == AnswerMode::Ok;
        if (isOk || m_script.answer == AnswerMode::Echo) {
            m_answers = !m_datagrams;
            return m_datagrams ? answerDatagrams(isOk) : answerStreams(isOk);
        }
        QString text;
        for (std::size_t at = 1; at <= m_script.talks.size(); ++at) {
            text += QStringLiteral("    talk%1(listener);\n").arg(at);
        }
        return text + QLatin1String("    close(listener);\n");
    }

    static QString answerStreams(bool isOk)
    {
        const QString go = isOk ? QStringLiteral("answer(fd, \"OK!!!\", 5) && !is_exit(buffer, (size_t)got)")
                                : QStringLiteral("answer(fd, buffer, (size_t)got)");
        return QStringLiteral("    for (;;) { /* one peer after the other; Tincan serves them all at once, with epoll(7) */\n"
                              "        static char buffer[65536];\n"
                              "        ssize_t got;\n"
                              "        int fd = check(accept(listener, NULL, NULL), \"accept\");\n"
                              "        while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0 && ")
            + go
            + QStringLiteral(") {\n        }\n        if (got < 0) {\n            perror(\"recv\");\n        }\n"
                             "        close(fd);\n    }\n");
    }

    static QString answerDatagrams(bool isOk)
    {
        const QString what = isOk ? QStringLiteral("\"OK!!!\", 5") : QStringLiteral("buffer, (size_t)got");
        return QStringLiteral(
                   "    for (;;) {\n"
                   "        static char buffer[65536];\n"
                   "        struct sockaddr_storage peer;\n"
                   "        socklen_t size = sizeof peer;\n"
                   "        ssize_t got = recvfrom(listener, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &size);\n"
                   "        check((int)got, \"recvfrom\");\n"
                   "        sendto(listener, ")
            + what + QStringLiteral(", 0, (struct sockaddr *)&peer, size);\n    }\n");
    }

    const CallScript &m_script;
    bool m_datagrams;
    bool m_borders;
    bool m_unlinks = false;
    bool m_sends = false;
    bool m_answers = false;
    bool m_receives = false;
    bool m_receivesRest = false;
};

} // namespace

QString cProgram(const CallScript &script)
{
    return CWriter(script).write();
}

} // namespace tincan

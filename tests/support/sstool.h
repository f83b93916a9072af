// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>

#include <QByteArray>
#include <QHash>
#include <QStandardPaths>
#include <QStringList>

#include "base/endpoint.h"
#include "base/kernelview.h"

namespace tincan::test {

// ss(8) of iproute2: what others say of the same sockets.
struct SsLine {
    TcpState state = TcpState::Unknown; // Unknown: ss knows of none
    qint64 receiveQueue = -1;
    qint64 sendQueue = -1;
};

inline bool hasSs()
{
    return !QStandardPaths::findExecutable(QStringLiteral("ss")).isEmpty();
}

inline TcpState ssState(const QByteArray &word)
{
    static const QHash<QByteArray, TcpState> states{
        {"ESTAB", TcpState::Established},    {"SYN-SENT", TcpState::SynSent},    {"SYN-RECV", TcpState::SynReceived},
        {"FIN-WAIT-1", TcpState::FinWait1},  {"FIN-WAIT-2", TcpState::FinWait2}, {"TIME-WAIT", TcpState::TimeWait},
        {"CLOSE-WAIT", TcpState::CloseWait}, {"LAST-ACK", TcpState::LastAck},    {"CLOSING", TcpState::Closing},
        {"LISTEN", TcpState::Listen},        {"UNCONN", TcpState::Closed},
    };
    return states.value(word, TcpState::Unknown);
}

// By popen(3), which spawns: after the fork of a QProcess ThreadSanitizer no longer sees what the main thread locks. The
// arguments have no quotes.
inline QByteArray ssOutput(const QStringList &arguments)
{
    const QByteArray command = "exec ss '" + arguments.join(QStringLiteral("' '")).toUtf8() + '\'';
    std::FILE *from = ::popen(command.constData(), "re");
    QByteArray said;
    QByteArray part(4096, '\0');
    for (std::size_t got = 0; from && (got = std::fread(part.data(), 1, 4096, from)) > 0;) {
        said.append(part.constData(), static_cast<qsizetype>(got));
    }
    if (from) {
        ::pclose(from);
    }
    return said;
}

// The first line that `ss -H OPTION EXPRESSION` prints.
inline SsLine askSs(const QString &option, const QStringList &expression)
{
    const QByteArray said = ssOutput(QStringList{QStringLiteral("-H"), option} + expression);
    const QList<QByteArray> fields = said.split('\n').constFirst().simplified().split(' ');
    return fields.size() < 3 ? SsLine{} : SsLine{ssState(fields[0]), fields[1].toLongLong(), fields[2].toLongLong()};
}

inline SsLine askSs(const Endpoint &local, const Endpoint &remote)
{
    const auto text = [](const Endpoint &endpoint) { return QString::fromStdString(endpoint.toString()); };
    return askSs(QStringLiteral("-tanop"),
                 {QStringLiteral("src"), text(local), QStringLiteral("and"), QStringLiteral("dst"), text(remote)});
}

// What `ss -ti` tells of a connection, by ss's names: {"cwnd", "10"}, {"rtt", "0.021/0.012"}. It leaves out what is 0. Empty:
// none.
inline QHash<QByteArray, QByteArray> askSsNumbers(const Endpoint &local, const Endpoint &remote)
{
    const QByteArray said = ssOutput({QStringLiteral("-HtinO"), QStringLiteral("src"), QString::fromStdString(local.toString()),
                                      QStringLiteral("and"), QStringLiteral("dst"), QString::fromStdString(remote.toString())});
    QHash<QByteArray, QByteArray> numbers;
    for (const QByteArray &word : said.simplified().split(' ').mid(5)) {
        if (const qsizetype colon = word.indexOf(':'); colon > 0) {
            numbers.insert(word.left(colon), word.mid(colon + 1));
        }
    }
    return numbers;
}

// Of two numbers with a slash between them, one; 0 where there is none.
inline double partOf(const QByteArray &text, qsizetype nth)
{
    return text.split('/').value(nth, "0").toDouble();
}

inline SsLine askSsListener(std::uint16_t port)
{
    return askSs(QStringLiteral("-ltn"), {QStringLiteral("sport"), QStringLiteral("="), QStringLiteral(":%1").arg(port)});
}

} // namespace tincan::test

// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QString>

namespace tincan::test {

// Runs a program of the tshark package; what it printed, and its exit status.
inline QByteArray tool(const QString &name, const QStringList &arguments, int *status = nullptr)
{
    QProcess process;
    process.start(name, arguments);
    process.waitForFinished(60'000);
    if (status) {
        *status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }
    return process.readAllStandardOutput();
}

// Both directions of a conversation, as tshark follows it. Each segment is in hex on a line; those of the second node begin with
// a tab. The first node is who sent the first SYN.
struct FollowedStream {
    QByteArray first;
    QByteArray second;
};
inline FollowedStream follow(const QString &path, int number)
{
    const QByteArray text = tool(QStringLiteral("tshark"),
                                 {QStringLiteral("-r"), path, QStringLiteral("-q"), QStringLiteral("-z"),
                                  QStringLiteral("follow,tcp,raw,%1").arg(number)});
    FollowedStream stream;
    const auto lines = text.split('\n');
    for (qsizetype at = 6; at < lines.size() && !lines.at(at).startsWith('='); ++at) {
        const QByteArray &line = lines.at(at);
        (line.startsWith('\t') ? stream.second : stream.first) += QByteArray::fromHex(line.trimmed());
    }
    return stream;
}

// What tshark prints of these fields, a line a packet.
inline QByteArray fields(const QString &path, const QString &filter, const QStringList &names)
{
    QStringList arguments{QStringLiteral("-r"), path, QStringLiteral("-T"), QStringLiteral("fields")};
    if (!filter.isEmpty()) {
        arguments << QStringLiteral("-Y") << filter;
    }
    for (const QString &name : names) {
        arguments << QStringLiteral("-e") << name;
    }
    return tool(QStringLiteral("tshark"), arguments);
}

} // namespace tincan::test

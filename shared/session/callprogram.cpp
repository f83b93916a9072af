// SPDX-License-Identifier: MIT
#include "session/callprogram.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "session/byteliterals.h"
#include "session/callnames.h"
#include "session/groupoption.h"

namespace tincan {

QString programText(ProgramKind kind, const CallScript &script)
{
    if (script.isEmpty()) {
        return {};
    }
    switch (kind) {
    case ProgramKind::C:
        return cProgram(script);
    case ProgramKind::Python:
        return pythonProgram(script);
    case ProgramKind::Nc:
        break;
    }
    return ncProgram(script);
}

QString programSuffix(ProgramKind kind)
{
    switch (kind) {
    case ProgramKind::C:
        return QStringLiteral("c");
    case ProgramKind::Python:
        return QStringLiteral("py");
    case ProgramKind::Nc:
        break;
    }
    return QStringLiteral("sh");
}

QString scriptTitle(const CallScript &script)
{
    const QString local = QString::fromStdString(script.local.toString());
    QString title;
    if (script.isServer) {
        title = isDatagram(script.transport) ? QStringLiteral("a server bound to ") + local
                                             : QStringLiteral("a server that listened on ") + local;
        if (script.talks.size() == 1 && !script.talks.front().title.isEmpty()) {
            title += QStringLiteral(", and its conversation with ") + script.talks.front().title;
        }
    } else if (script.talks.size() == 1) {
        title = QStringLiteral("the connection to ") + script.talks.front().title;
    } else {
        title = QStringLiteral("%1 connections, one after the other").arg(script.talks.size());
    }
    if (script.otherListeners > 0) {
        title += script.otherListeners == 1 ? QStringLiteral(" (another listener is left out)")
                                            : QStringLiteral(" (%1 other listeners are left out)").arg(script.otherListeners);
    }
    if (script.leftOut > 0) {
        title += QStringLiteral(" (%1 more are left out)").arg(script.leftOut);
    }
    return commentText(title);
}

QString talkRemark(const CallTalk &talk)
{
    if (talk.failed) {
        return QStringLiteral("this one was refused, or never answered");
    }
    if (talk.isCut) {
        return QStringLiteral("the first %1 steps; the rest is left out").arg(CallScript::kMostSteps);
    }
    return talk.isStillOpen ? QStringLiteral("the connection was still open; here it is closed at the end") : QString();
}

QString levelName(int level)
{
    const QString name = optionLevelName(level);
    return level == SOL_SOCKET ? name : QString(name).replace(QLatin1String("SOL_"), QLatin1String("IPPROTO_"));
}

QString leftOutRemark(const CallInfo &call)
{
    const QString name = optionName(call.a, call.b);
    if ((call.a == IPPROTO_IP && call.b == IP_RECVERR) || (call.a == IPPROTO_IPV6 && call.b == IPV6_RECVERR)) {
        return name + QStringLiteral(" is left out: nobody reads the error queue here");
    }
    const auto group = groupOptionOf(call);
    const bool isLinger = call.a == SOL_SOCKET && call.b == SO_LINGER;
    if (group ? group->joins && group->address.isEmpty() : call.text.starts_with('{') && !isLinger) {
        return QStringLiteral("%1 %2 is left out").arg(name, commentText(QString::fromStdString(call.text)));
    }
    return {};
}

QString cutRemark(const CallStep &step)
{
    if (step.kind != CallStep::Kind::Send || static_cast<std::uint64_t>(step.bytes.size()) >= step.size) {
        return {};
    }
    return QStringLiteral("%1 bytes were sent; these are the first %2").arg(step.size).arg(step.bytes.size());
}

} // namespace tincan

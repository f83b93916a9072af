// SPDX-License-Identifier: MIT
#include "session/callprogram.h"

#include "session/byteliterals.h"

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

QString cutRemark(const CallStep &step)
{
    if (step.kind != CallStep::Kind::Send || static_cast<std::uint64_t>(step.bytes.size()) >= step.size) {
        return {};
    }
    return QStringLiteral("%1 bytes were sent; these are the first %2").arg(step.size).arg(step.bytes.size());
}

} // namespace tincan

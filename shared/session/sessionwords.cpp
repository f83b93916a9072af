// SPDX-License-Identifier: MIT
#include "session/sessionwords.h"

#include <cerrno>

#include <QDateTime>

#include "session/wordparts.h"
#include "session/words.h"

namespace tincan {

namespace {

QString counted(std::uint64_t count, const QString &one, const QString &many)
{
    return QStringLiteral("%L1 %2").arg(count).arg(count == 1 ? one : many);
}

// "14:02" today, "yesterday 14:02", else with the date.
QString dayAndTime(const QDateTime &when, const QDateTime &now, bool isBrief)
{
    const QString time = when.toString(QStringLiteral("HH:mm"));
    const qint64 days = when.date().daysTo(now.date());
    if (days == 0) {
        return isBrief ? time : QStringLiteral("Today ") + time;
    }
    if (days == 1) {
        return (isBrief ? QStringLiteral("yesterday ") : QStringLiteral("Yesterday ")) + time;
    }
    return when.toString(QStringLiteral("yyyy-MM-dd ")) + time;
}

} // namespace

QString readErrorText(const Error &error)
{
    const QString file = text(error.detail);
    if (error.call == CallName::Parse) {
        return file;
    }
    QString said = opening(error) + QStringLiteral("%1: %2.").arg(file, text(errnoMeaning(error.code)));
    if (error.code == ENOENT) {
        said += QStringLiteral(" Was it moved or removed?");
    } else if (error.code == EACCES || error.code == EPERM) {
        said += QStringLiteral(" You may not read it; its owner can let you.");
    }
    return said;
}

QStringList openedWords(const OpenedSession &session)
{
    const RowSource::Report &report = session.report();
    QStringList said;
    if (session.state() == OpenedSession::State::Failed && session.error()) {
        said << readErrorText(*session.error())
                + (session.index().size() > 0 ? QStringLiteral(" What was read before that is shown.") : QString());
    } else if (session.state() == OpenedSession::State::Cancelled) {
        said << QStringLiteral("Reading was cancelled at %1 %; what was read until then is shown.").arg(session.progress() / 10);
    }
    if (report.cutBytes > 0) {
        said << QStringLiteral(
                    "The file ends in the middle of a block, as after a crash or on a full disk: its last %1 were left "
                    "out, nothing else.")
                    .arg(counted(report.cutBytes, QStringLiteral("byte"), QStringLiteral("bytes")));
    } else if (report.own && !report.finished && session.state() == OpenedSession::State::Done) {
        said << QStringLiteral("This session was not ended: it is being recorded still, or a crash or a power cut came before. "
                               "What had been written until then is shown.");
    }
    if (report.missing > 0) {
        said << QStringLiteral("%1 of the conversations are not in the capture; where they are missing is shown.")
                    .arg(counted(report.missing, QStringLiteral("byte"), QStringLiteral("bytes")));
    }
    if (report.passedOver > 0) {
        said << QStringLiteral("%1 passed over: neither TCP nor UDP, or damaged.")
                    .arg(counted(report.passedOver, QStringLiteral("packet was"), QStringLiteral("packets were")));
    }
    if (report.retransmitted > 0) {
        said << QStringLiteral("%1 that came again (retransmissions) are shown once.")
                    .arg(counted(report.retransmitted, QStringLiteral("byte"), QStringLiteral("bytes")));
    }
    return said;
}

QString writtenByText(const RowSource::Report &report)
{
    if (!report.application.empty()) {
        return QString::fromStdString(report.application);
    }
    return report.own ? QStringLiteral("Tincan") : QStringLiteral("a capture");
}

QString timeSpanText(std::int64_t first, std::int64_t last)
{
    constexpr std::int64_t kMilli = 1'000'000;
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(first / kMilli);
    const QDateTime to = QDateTime::fromMSecsSinceEpoch(last / kMilli);
    const QString date = QStringLiteral("yyyy-MM-dd HH:mm:ss");
    return from.toString(date) + QStringLiteral(" – ")
        + to.toString(from.date() == to.date() ? QStringLiteral("HH:mm:ss") : date);
}

QString messagesText(std::uint64_t count)
{
    return counted(count, QStringLiteral("message"), QStringLiteral("messages"));
}

QString keptSessionText(const KeptSession &session, const QDateTime &now)
{
    constexpr qint64 kMilli = 1'000'000;
    const qint64 lasted = std::max<qint64>(session.began.msecsTo(session.modified), 0);
    return dayAndTime(session.began, now, false) + QStringLiteral(" — ") + formatDuration(lasted * kMilli) + QStringLiteral(", ")
        + formatBytes(session.bytes);
}

QString unfinishedText(const KeptSession &session, const QDateTime &now)
{
    return QStringLiteral("The session of %1 was not ended (crash or power cut).").arg(dayAndTime(session.began, now, true));
}

QString retentionText(const RetentionDone &done, const Retention &retention)
{
    QStringList said;
    if (done.removed > 0) {
        QStringList rules;
        if (retention.days > 0) {
            rules << QStringLiteral("kept for %1")
                         .arg(counted(static_cast<quint64>(retention.days), QStringLiteral("day"), QStringLiteral("days")));
        }
        if (retention.mostBytes > 0) {
            rules << QStringLiteral("at most %1 GiB altogether").arg(retention.mostBytes >> 30U);
        }
        said << QStringLiteral("%1 (%2) %3 removed: sessions are %4.")
                    .arg(counted(static_cast<quint64>(done.removed), QStringLiteral("old session"),
                                 QStringLiteral("old sessions")),
                         formatBytes(done.bytes), done.removed == 1 ? QStringLiteral("was") : QStringLiteral("were"),
                         rules.join(QStringLiteral(", ")));
    }
    if (done.failed > 0) {
        said << QStringLiteral("%1 could not be removed from %2.")
                    .arg(
                        counted(static_cast<quint64>(done.failed), QStringLiteral("old session"), QStringLiteral("old sessions")),
                        QStringLiteral("the state folder"));
    }
    return said.join(u' ');
}

} // namespace tincan

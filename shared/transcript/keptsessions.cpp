// SPDX-License-Identifier: MIT
#include "transcript/keptsessions.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include "transcript/recordingplace.h"

namespace tincan {

namespace {

// What openRecordingPlace() calls its files, and their further segments: the stem, its date and time, the segment's number.
QRegularExpressionMatch matchName(const QString &name)
{
    static const QRegularExpression pattern(
        QStringLiteral("^(session-(\\d{4}-\\d\\d-\\d\\d-\\d{6})(?:-\\d+)?)(?:\\.(\\d{4,9}))?\\.pcapng$"));
    return pattern.match(name);
}

struct File {
    int segment = 1;
    QFileInfo info;
};

KeptSession sessionOf(std::vector<File> &files, const QDateTime &began)
{
    std::sort(files.begin(), files.end(), [](const File &a, const File &b) { return a.segment < b.segment; });
    KeptSession session;
    session.began = began;
    for (const File &file : files) {
        session.files << file.info.filePath();
        session.bytes += static_cast<quint64>(file.info.size());
        session.modified = std::max(session.modified, file.info.lastModified());
    }
    return session;
}

bool removeFiles(const QStringList &files)
{
    bool areGone = true;
    for (const QString &file : files) {
        areGone = (::unlink(QFile::encodeName(file).constData()) == 0 || errno == ENOENT) && areGone;
    }
    return areGone;
}

} // namespace

std::vector<KeptSession> keptSessions(const QString &folder)
{
    struct Found {
        QDateTime began;
        std::vector<File> files;
    };
    std::map<QString, Found> byStem;
    // Links are none of ours.
    const auto entries = QDir(folder).entryInfoList({QStringLiteral("session-*.pcapng")}, QDir::Files | QDir::NoSymLinks);
    for (const QFileInfo &info : entries) {
        const QRegularExpressionMatch name = matchName(info.fileName());
        const QDateTime began = QDateTime::fromString(name.captured(2), QStringLiteral("yyyy-MM-dd-HHmmss"));
        if (!name.hasMatch() || !began.isValid()) {
            continue;
        }
        Found &found = byStem[name.captured(1)];
        found.began = began;
        found.files.push_back({name.captured(3).isEmpty() ? 1 : name.captured(3).toInt(), info});
    }
    std::vector<KeptSession> sessions;
    sessions.reserve(byStem.size());
    for (auto &[stem, found] : byStem) {
        sessions.push_back(sessionOf(found.files, found.began));
    }
    std::stable_sort(sessions.begin(), sessions.end(), [](const KeptSession &a, const KeptSession &b) {
        return std::pair(a.began, a.modified) > std::pair(b.began, b.modified);
    });
    return sessions;
}

bool isBeingRecorded(const KeptSession &session)
{
    return std::any_of(session.files.begin(), session.files.end(), [](const QString &file) { return isBeingRecorded(file); });
}

bool removeSession(const QString &path)
{
    const QFileInfo info(path);
    const QString stem = matchName(info.fileName()).captured(1);
    for (const KeptSession &session : keptSessions(info.path())) {
        // The segment that is named may be the one that had to go first.
        if (!stem.isEmpty() && matchName(QFileInfo(session.path()).fileName()).captured(1) == stem) {
            return removeFiles(session.files);
        }
    }
    return removeFiles({path});
}

RetentionDone applyRetention(const QString &folder, const Retention &retention, const QDateTime &now)
{
    RetentionDone done;
    const std::vector<KeptSession> sessions = keptSessions(folder);
    quint64 all = 0;
    for (const KeptSession &session : sessions) {
        all += session.bytes;
    }
    for (auto session = sessions.rbegin(); session != sessions.rend(); ++session) { // the oldest first
        const bool isOld = retention.days > 0 && session->modified < now.addDays(-retention.days);
        const bool isTooMuch = retention.mostBytes > 0 && all > retention.mostBytes;
        if ((!isOld && !isTooMuch) || isBeingRecorded(*session)) {
            continue;
        }
        if (removeFiles(session->files)) {
            ++done.removed;
            done.bytes += session->bytes;
            all -= session->bytes;
        } else {
            ++done.failed;
        }
    }
    return done;
}

std::optional<KeptSession> unfinishedSession(const QString &folder, const QDateTime &since,
                                             const std::function<bool(const QString &)> &ended)
{
    for (const KeptSession &session : keptSessions(folder)) {
        if (session.modified >= since && !isBeingRecorded(session) && !ended(session.files.back())) {
            return session;
        }
    }
    return {};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace tincan {

// A session in the state folder, of one file or of several segments (session-DATE-TIME.pcapng, session-DATE-TIME.0002.pcapng …),
// which belong together.
struct KeptSession {
    QStringList files; // whole paths, the oldest segment first; never empty
    QDateTime began;   // by its name, to the second
    QDateTime modified;
    quint64 bytes = 0; // of all files

    const QString &path() const { return files.front(); }
};

// The sessions in this folder, newest first. Files with other names are none of ours and left alone. A folder that is not there
// is an empty one. Any thread; looks at names and sizes only.
std::vector<KeptSession> keptSessions(const QString &folder);

// Whether a program is recording it now (it holds the file's lock). Any thread.
bool isBeingRecorded(const KeptSession &session);

// Removes the session that this file belongs to, all its segments. Files that are gone already are no error. False where one
// could not be removed. Any thread.
bool removeSession(const QString &path);

// What is kept, and what goes: first what is older than that, then the oldest until the rest fits.
struct Retention {
    int days = 30;         // since it was last written to; 0: for ever
    quint64 mostBytes = 0; // of all sessions together; 0: no limit
};
struct RetentionDone {
    int removed = 0; // sessions
    quint64 bytes = 0;
    int failed = 0; // sessions that could not be removed whole
};
// Never removes one that is being recorded; its bytes count. A thread of the pool.
RetentionDone applyRetention(const QString &folder, const Retention &retention, const QDateTime &now);

// The newest session that no program is recording, that was written to after `since` and that `ended` says was not ended.
// A thread of the pool.
std::optional<KeptSession> unfinishedSession(const QString &folder, const QDateTime &since,
                                             const std::function<bool(const QString &)> &ended);

} // namespace tincan

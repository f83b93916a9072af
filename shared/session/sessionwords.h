// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include "session/openedsession.h"
#include "transcript/keptsessions.h"

namespace tincan {

// Sentences about sessions that are kept, and about those that were opened. GUI thread.

// Why a file cannot be read: "open: ENOENT — x: No such file or directory. Was it moved or removed?" Of files to be written
// speaks fileErrorText(). Any thread.
QString readErrorText(const Error &error);

// What a person should know of what was read, a sentence each; none where all is as it should be.
QStringList openedWords(const OpenedSession &session);

// "tincan-server 0.1.0", "dumpcap"; what kind of file it is where it does not say.
QString writtenByText(const RowSource::Report &report);

// "2026-11-21 14:02:13 – 14:05:40", from the first row to the last; with the second date where it is another day.
QString timeSpanText(std::int64_t first, std::int64_t last);

// "1 234 messages", "one message".
QString messagesText(std::uint64_t count);

// For a menu: "Today 14:02 — 3 min, 1.2 MB".
QString keptSessionText(const KeptSession &session, const QDateTime &now);

// "The session of 14:02 was not ended (crash or power cut)."
QString unfinishedText(const KeptSession &session, const QDateTime &now);

// "3 kept sessions (1.2 GB) were removed: …"; empty where there is nothing to say.
QString retentionText(const RetentionDone &done, const Retention &retention);

} // namespace tincan

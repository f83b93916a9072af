// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/record.h"
#include "session/peermodel.h"
#include "transcript/index.h"

namespace tincan {

// Every sentence that is said of records, states and errors, for the windows and for standard error. In the field's words, with
// the plain meaning beside them. Any thread.

// What went wrong ("bind: EADDRINUSE — port 6666 is taken by nc (pid 4242).") and what to do about it.
struct ErrorWords {
    QString headline;
    QString remedy; // may be empty
};
// Of ListenFailed and ConnectFailed.
ErrorWords words(const FailureInfo &failure, RecordKind kind);

// The text of a row that is no message: "connected from 127.0.0.1:53422", "peer sent FIN: …". Of Refused: why.
QString noteText(const Index &index, const Row &row);
// The same without an index at hand, as for a thread that saves. `context`: see Index::contextOf().
QString noteText(const Row &row, const Detail &detail, const RowContext &context);
// `transport`: of the peer that it is said of.
QString noteText(const NoteInfo &note, Transport transport = Transport::Tcp);
QString leftText(const LeftInfo &left, Transport transport = Transport::Tcp);
QString refusedText(const RefusedInfo &refused, Transport transport = Transport::Tcp);

// "open: EACCES — /x/y: Permission denied", with what to do where that is known.
QString fileErrorText(const Error &error);
QString recordingFailedText(int error, const QString &path);

QString peerStateWord(PeerState state); // "ESTABLISHED"
// "localhost:6666", "[::1]:6666": a host as a person gives it, and its port.
QString hostAndPort(const QString &host, int port);

QString formatBytes(std::uint64_t bytes);         // "812 B", "3.1 KB": powers of 1000
QString formatTime(std::int64_t time);            // wall clock ns → "14:02:13.118", local time
QString formatDateAndTime(std::int64_t time);     // … → "2026-11-21 14:02:13.118042"
QString formatElapsed(std::int64_t nanoseconds);  // "+12 µs", "+1.204 ms", "+3.200 s", "+2:05 min"
QString formatDuration(std::int64_t nanoseconds); // "41 s", "2 min", "3 h"

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "transcript/row.h"

namespace tincan {

// What is said of sockets of every kind (see session/words.h). Any thread.

QString transportName(Transport transport);       // "TCP", "Unix stream": as the windows write it
QString servingName(Serving serving);             // "One at a time"
QString joinedText(const PeerInfo &info);         // "connected from 127.0.0.1:53422"
QString listeningText(const ListenInfo &info);    // "listening on 127.0.0.1:6666 (backlog 4096)"
QString credentialsText(const Credentials &from); // "socat (pid 4242, user root)"; "" where nothing is known

// Of the notes that are about sockets; empty for all others. `transport`: of the peer that it is said of.
QString socketNoteText(const NoteInfo &note, Transport transport = Transport::Tcp);

// Of PeerFinished and Finished: "peer sent FIN: …" of TCP; of others what takes its place.
QString peerFinishedText(const RowContext &context);
QString finishedText(const RowContext &context);
// How a conversation ended that has no TCP; empty where the words are those of any connection.
QString endText(const LeftInfo &left, Transport transport);
// What stands where a message has no bytes: "(empty datagram)".
QString emptyText(Transport transport);

} // namespace tincan

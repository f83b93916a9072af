// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/record.h"

namespace tincan {

// What is said of sockets of every kind (see session/words.h). Any thread.

QString transportName(Transport transport);       // "TCP", "Unix stream": as the windows write it
QString servingName(Serving serving);             // "One at a time"
QString joinedText(const PeerInfo &info);         // "connected from 127.0.0.1:53422"
QString listeningText(const ListenInfo &info);    // "listening on 127.0.0.1:6666 (backlog 4096)"
QString credentialsText(const Credentials &from); // "socat (pid 4242, user root)"; "" where nothing is known

// Of the notes that are about sockets; empty for all others.
QString socketNoteText(const NoteInfo &note);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "session/listenermodel.h"
#include "session/words.h"

namespace tincan {

// What is said of listeners, and of the peers of each kind of socket. GUI thread.

QString listenerTitle(const ListenerView &listener); // "UDP 127.0.0.1:7000"
// "listening", "listening, accepting paused", "not listening", "EADDRINUSE"; `open`: its peers now.
QString listenerStateText(const ListenerView &listener, int open);
QString listeningWord(Transport transport); // "Listening on", "Receiving on"
// Of the switch that lets what comes wait: "&Pause accepting", "&Pause reading"; and what it does.
QString pauseText(Transport transport);
QString pauseMeaning(Transport transport);
// What a person may type to reach it: "nc 127.0.0.1 6666", "nc -u …", "socat - UNIX-CONNECT:/x".
QString tryText(Transport transport, const Endpoint &where);

QString servingMeaning(Serving serving);       // for tool tips
QString transportMeaning(Transport transport); // likewise

// Why a listening or bound socket of UDP or of a Unix transport could not be had.
ErrorWords unixListenWords(const FailureInfo &failure);
ErrorWords udpListenWords(const FailureInfo &failure);

// The state of a peer in its transport's words: TCP's are those of RFC 9293; "datagrams", "connected" of the others.
QString socketStateWord(const Peer &peer);
// What stands behind it of a Unix peer: "socat (pid 4242, user root)", or what its name does not say of that.
QString peerProcessText(const Peer &peer);

} // namespace tincan

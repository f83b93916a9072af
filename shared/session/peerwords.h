// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "session/peermodel.h"

namespace tincan {

// What is said of a peer beside its conversation. Any thread.

// Its state, and what we do not do any more: "ESTABLISHED, not reading".
QString peerStateText(const Peer &peer);

// The ways to end, as commands for peers.
enum class WayToEnd : std::uint8_t { FinishSending, EndReceiving, Both, Disconnect, Reset, StopReading, ReadOn };

// What the command does, and what goes over the wire.
QString endingText(WayToEnd way);
// Of Disconnect for a peer that has no connection.
QString forgettingText();

} // namespace tincan

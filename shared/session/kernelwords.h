// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/kernelview.h"
#include "base/result.h"
#include "session/peermodel.h"

namespace tincan {

// What is said of what the kernel tells. Any thread.

QString tcpStateWord(TcpState state);    // "CLOSE_WAIT"; empty of Unknown
QString tcpStateMeaning(TcpState state); // "the other side has finished sending; we still may"

// The state of a peer as it is shown: the kernel's where that is known, else that of our own records.
QString shownStateWord(const Peer &peer);

QString microsecondsText(std::int64_t microseconds); // "34 µs", "1.25 ms", "3.2 s"
QString rateText(double bytesPerSecond);             // "1.2 MB/s"
QString ownerText(const PortOwner &owner);           // "nc (pid 4242)"; empty where it is not known

// Why there is no state diagram of such a socket.
QString noStatesText(Transport transport);
// Why nothing is known: what failed, and what it means here.
QString notToldText(const Error &error);

} // namespace tincan

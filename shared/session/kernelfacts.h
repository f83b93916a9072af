// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

#include "base/kernelview.h"
#include "session/peermodel.h"

namespace tincan {

// One number of a connection, in words.
struct KernelFact {
    QString group; // "Sending"
    QString label; // "Congestion window"
    QString value; // "10 segments"
    QString meaning;
};

// What is known of a peer's socket: addresses and descriptor from our own records, all else as the kernel told it. What it did
// not tell is left out. Any thread.
QList<KernelFact> kernelFacts(const Peer &peer, const KernelView &view);

} // namespace tincan

// SPDX-License-Identifier: MIT
// What PeerModel shows of the states that the kernel told.
#include "session/peermodel.h"

namespace tincan {

void PeerModel::setKernelStates(std::span<const KernelStateOf> states)
{
    for (const KernelStateOf &told : states) {
        Entry *entry = entryOf(told.peer);
        if (!entry || entry->peer.since != told.since) {
            continue;
        }
        Peer &peer = entry->peer;
        const bool isHere = told.presence == Presence::Here;
        const TcpState state = isHere && peer.transport == Transport::Tcp ? told.state : TcpState::Unknown;
        const bool isGone = peer.kernelGone || (told.presence == Presence::Gone && peer.state == PeerState::Closed);
        if (peer.kernelState != state || peer.kernelGone != isGone) {
            peer.kernelState = state;
            peer.kernelGone = isGone;
            touch(rowOf(told.peer));
        }
    }
}

void PeerModel::forgetKernelStates()
{
    for (Entry &entry : m_entries) {
        if (entry.peer.kernelState != TcpState::Unknown) {
            entry.peer.kernelState = TcpState::Unknown;
            touch(rowOf(entry.peer.id));
        }
    }
}

} // namespace tincan

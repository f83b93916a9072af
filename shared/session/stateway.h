// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "base/kernelview.h"
#include "session/peermodel.h"

namespace tincan {

// One arrow of the state diagram of RFC 9293, figure 5, with what is written at it there: what happens, and what is sent then.
struct StateArrow {
    TcpState from;
    TcpState to;
    const char *event;
    const char *action; // may be empty
};
std::span<const StateArrow> stateArrows() noexcept;

// The states that a connection has gone through, in order, the last one being that in which it is. From what was recorded of it
// and from the states that the kernel told while somebody looked (`seen`): what lies between two of them is filled in by the
// shortest way along the arrows. A step that is no arrow is the end by a reset or a time-out. Of a peer that is no TCP
// connection: none. Any thread.
std::vector<TcpState> stateWay(const Peer &peer, std::span<const TcpState> seen);

} // namespace tincan

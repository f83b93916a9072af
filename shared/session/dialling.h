// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>

#include "base/endpoint.h"
#include "base/ids.h"

namespace tincan {

class CallModel;

// The socket by which a connection is being made.
struct Dialling {
    Endpoint local;
    Endpoint remote;
    int fd = -1;
};

// Of these peers those that are being connected over TCP, as their calls tell: the socket that connect(2) was called on last,
// where it is still open and has a name. Goes through the call log from its end, so not for peers by the thousand. GUI thread.
std::map<PeerId, Dialling> diallingOf(const CallModel &calls, std::set<PeerId> peers);

} // namespace tincan

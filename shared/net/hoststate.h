// SPDX-License-Identifier: MIT
#pragma once

#include "net/engine.h"

namespace tincan {

// What holds for all peers, so that a loop that begins later goes by it too. A value.
struct HostState {
    Limits limits;
    AnswerOptions answer;
    bool followsDelivery = false;
    PeerId stamped = kNoPeer;
    PeerId traced = kNoPeer;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "session/kernelfacts.h"

namespace tincan {

// What is known of a peer of a session that is over: its addresses, and what was recorded of it. Any thread.
QList<KernelFact> recordedFacts(const Peer &peer);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "session/words.h"

namespace tincan {

// Why a connection could not be made, where it is not about the other computer. Any thread.

// The socket could not be bound to the address of ours that was asked for (error.call is Bind, error.detail that address).
ErrorWords fromWords(const FailureInfo &failure);
// Of Unix sockets, but for fromWords(). Also that an accept queue stayed full (FailureCause::TimedOut).
ErrorWords unixConnectWords(const FailureInfo &failure);

} // namespace tincan

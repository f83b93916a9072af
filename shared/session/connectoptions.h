// SPDX-License-Identifier: MIT
#pragma once

#include "net/engine.h"
#include "session/listenrequest.h"

namespace tincan {

// What the engine is asked for. Any thread; does not block.
//   UDP to a broadcast address    SO_BROADCAST, without which the kernel says EACCES (ip(7))
//   UDP to 239.1.2.3%eth0         the group, by that interface; one that there is not stays in the host, so that it is said
ConnectOptions connectOptions(const ConnectRequest &request);

// Likewise. What the transport has not got (serving of datagrams, a mode of an address) is left out.
ListenOptions listenOptions(const ListenRequest &request);

} // namespace tincan

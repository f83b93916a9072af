// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/record.h"

namespace tincan {

// The program that listens on the endpoint's port (on this or a wildcard address), as far as /proc lets us know: the socket's
// inode from /proc/net/tcp and tcp6 (proc(5)), then who has it open. Reads many small files: for errors only. Any thread.
PortOwner findPortOwner(const Endpoint &endpoint);

// The program that has the socket with this inode open; pid 0 where none has, or none that we may look into. Likewise slow: it
// goes through the descriptors of every process. Any thread.
PortOwner findSocketOwner(std::uint64_t inode);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "base/endpoint.h"

namespace tincan {

// The address of ours that a client's socket is bound to, beside those that it is to reach. Any thread.

// From an address of ours only those of its family can be reached: the others need not be tried, unless there are none else.
void dropOtherFamily(std::vector<Endpoint> &addresses, const Endpoint &local);

// `local` as a socket for `remote` can be bound to it: where only the port was asked for (0.0.0.0, ::), in that family. Nothing
// where it is an address of another one (EAFNOSUPPORT).
std::optional<Endpoint> localFor(const Endpoint &local, const Endpoint &remote);

} // namespace tincan

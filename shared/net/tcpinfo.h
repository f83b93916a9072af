// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "base/kernelview.h"

namespace tincan {

// Reads a struct tcp_info (linux/tcp.h) as far as the kernel gave it: it has grown over the years, so it may be shorter or longer
// than ours. Any thread.
void decodeTcpInfo(std::span<const std::byte> info, KernelView &into);

// Reads the answer of sock_diag(7) about an IPv4 or IPv6 socket: struct inet_diag_msg and the attributes behind it. `presence` is
// Unknown where it is too short to be one. Any thread.
KernelView decodeInetDiag(std::span<const std::byte> message);

// … about a Unix socket: struct unix_diag_msg.
KernelView decodeUnixDiag(std::span<const std::byte> message);

} // namespace tincan

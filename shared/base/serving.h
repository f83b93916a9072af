// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace tincan {

// How a listener's peers are served: where an accepted connection is placed, and when the next one is accepted. The numbers stand
// in session files.
//   EventLoop       all in one loop (or in some, see ListenOptions::loops), as soon as they come
//   OneAtATime      the next is accepted when this one has gone; those who wait stand in the kernel's accept queue
//   ThreadPerPeer   a thread each
//   ProcessPerPeer  a child process each, which holds the socket
enum class Serving : std::uint8_t { EventLoop, OneAtATime, ThreadPerPeer, ProcessPerPeer };

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "base/uniquefd.h"

namespace tincan {

// Where a process that serves a peer finds what it is given.
inline constexpr int kChildSocket = 3; // the peer's
inline constexpr int kChildPair = 4;   // its end of the seqpacket pair

// A process that was started, and is to be waited for by waitChild(): until then it stays a zombie once it has ended.
struct Child {
    UniqueFd pair; // our end; CLOEXEC and NONBLOCK
    UniqueFd pid;  // pidfd_open(2): readable when it has ended
    pid_t number = 0;
};

// Runs `program` with the argument --serve-peer by posix_spawn(3), in a process group of its own. It has /dev/null as standard
// input and output, our standard error, `socket`, and its end of the pair; nothing else. Any thread; blocks until the program
// runs (about a millisecond).
Result<Child> spawnChild(const std::string &program, int socket);

// What a Left record says of its end: 1000 + the signal, or its exit status. -1 where it has not ended.
int waitChild(const Child &child);
void killChild(const Child &child); // SIGKILL
void endChild(Child &child);        // likewise, and waits for it: nothing of it is left

// The program to run where none was named: tincan-peer beside our own or in its libexec, which is small; else our own.
std::string findPeerProgram();

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

namespace tincan {

// Whether the program was started to serve a peer (--serve-peer, by an engine; see net/childprocess.h): then runPeerProcess() is
// its main function, before anything else.
bool isPeerProcess(int argc, char **argv);

// Serves the peer whose socket it was given until that has gone, or the engine has. What main() returns. One thread, no Qt.
int runPeerProcess();

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/peerprocess.h"

// Started by tincan-server for each peer of "Process per peer", not by people.
int main()
{
    return tincan::runPeerProcess();
}

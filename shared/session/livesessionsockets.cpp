// SPDX-License-Identifier: MIT
// Of session/livesession.h: what is done to the sockets of single peers.
#include "session/livesession.h"

#include "net/engine.h"

namespace tincan {

void LiveSession::endReceiving(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.endReceiving(peer);
        }
    });
}

void LiveSession::shutdownBoth(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.shutdownBoth(peer);
        }
    });
}

void LiveSession::stopReading(const std::vector<PeerId> &peers, bool stopped)
{
    post([peers, stopped](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.stopReading(peer, stopped);
        }
    });
}

} // namespace tincan

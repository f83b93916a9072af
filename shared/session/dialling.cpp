// SPDX-License-Identifier: MIT
#include "session/dialling.h"

#include <cerrno>
#include <utility>

#include "session/callmodel.h"

namespace tincan {

namespace {

// What was learnt of one peer, from the end of the log backwards.
struct Trail {
    std::set<int> closed;
    std::map<int, Endpoint> names; // by descriptor
};

} // namespace

std::map<PeerId, Dialling> diallingOf(const CallModel &calls, std::set<PeerId> peers)
{
    std::map<PeerId, Dialling> found;
    std::map<PeerId, Trail> trails;
    for (int row = calls.rowCount() - 1; row >= 0 && !peers.empty(); --row) {
        const RowBatch::Call &made = calls.call(row);
        if (!peers.contains(made.peer)) {
            continue;
        }
        const CallInfo &call = made.info;
        Trail &trail = trails[made.peer];
        if (call.call == CallName::Close) {
            trail.closed.insert(call.fd);
        } else if (call.call == CallName::Socket) { // before it the number was another socket's
            trail.closed.erase(static_cast<int>(call.result));
            trail.names.erase(static_cast<int>(call.result));
        } else if (trail.closed.contains(call.fd)) {
            continue;
        } else if (call.call == CallName::GetSockName && call.error == 0) {
            trail.names.emplace(call.fd, call.address);
        } else if (call.call == CallName::Connect && call.error == EINPROGRESS) {
            if (const auto name = trail.names.find(call.fd); name != trail.names.end() && name->second.isIp()) {
                found[made.peer] = {name->second, call.address, call.fd};
                peers.erase(made.peer);
            }
        }
    }
    return found;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/unixconnection.h"

#include <utility>

#include "net/room.h"
#include "net/seqpacketconnection.h"

namespace tincan {

UnixConnection::UnixConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options,
                               std::shared_ptr<UnixPath> path)
    : Connection(context, id, fd, std::move(info), std::move(options))
    , m_path(std::move(path))
{
    if (m_state == State::Closed) { // it could not be watched
        closing();
    }
}

void UnixConnection::reset()
{
    if (m_state != State::Closed) {
        m_context.room.flush();
    }
    close(LeftReason::DisconnectedByUs);
}

void UnixConnection::closing()
{
    if (m_path) {
        m_path->remove(m_context.calls, m_id);
    }
}

std::unique_ptr<Connection> makeConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options,
                                           std::shared_ptr<UnixPath> path)
{
    switch (info.transport) {
    case Transport::UnixStream:
        return std::make_unique<UnixConnection>(context, id, fd, std::move(info), std::move(options), std::move(path));
    case Transport::UnixSeqpacket:
        return std::make_unique<SeqpacketConnection>(context, id, fd, std::move(info), std::move(options), std::move(path));
    default:
        return std::make_unique<Connection>(context, id, fd, std::move(info), std::move(options));
    }
}

} // namespace tincan

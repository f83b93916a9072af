// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "net/connection.h"
#include "net/unixpath.h"

namespace tincan {

// A connection of a Unix stream socket: as one of TCP, but for what the kernel has no notion of. Nothing travels, so nothing is
// acknowledged; there is no RST. Loop thread only.
class UnixConnection : public Connection
{
public:
    // `path`: that our end has a name at, if it has; removed when the connection ends.
    UnixConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options, std::shared_ptr<UnixPath> path);

    // SO_LINGER means nothing to a Unix socket: it is closed at once, and what the peer sees is the end of the stream (or
    // ECONNRESET, where we had not read all that it sent).
    void reset() override;
    void setStamped(bool /*stamped*/) override { }

protected:
    void closing() override;

private:
    std::shared_ptr<UnixPath> m_path;
};

// The connection that a socket of `info.transport` makes.
std::unique_ptr<Connection> makeConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options = {},
                                           std::shared_ptr<UnixPath> path = {});

} // namespace tincan

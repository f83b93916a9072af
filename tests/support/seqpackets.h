// SPDX-License-Identifier: MIT
#pragma once

#include "support/unixpeers.h"

namespace tincan::test {

// Peers of seqpacket sockets: one send(2) is one message.
inline bool sendMessage(const RawPeer &peer, const QByteArray &message)
{
    return ::send(peer.fd(), message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL) == message.size();
}

// One message; none where the stream has ended (or an empty one came: who reads by recv(2) cannot tell).
inline QByteArray receiveMessage(const RawPeer &peer, qsizetype most = 300'000)
{
    constexpr qsizetype kMore = 4; // room in which a message that was joined with another would show
    QByteArray message(most + kMore, Qt::Uninitialized);
    const ssize_t count = ::recv(peer.fd(), message.data(), static_cast<std::size_t>(message.size()), 0);
    message.truncate(std::max<ssize_t>(count, 0));
    return message;
}

// The first peer of a listener there, once it has joined.
template<typename Host>
RawPeer peerOf(Host &host, const UnixFolder &folder, AnswerMode mode = AnswerMode::Manual)
{
    if (!listenAt(host, folder.path(), Transport::UnixSeqpacket, mode)) {
        return {};
    }
    RawPeer peer(connectUnix(folder.path(), SOCK_SEQPACKET));
    host.waitFor(RecordKind::Joined, 1);
    return peer;
}

} // namespace tincan::test

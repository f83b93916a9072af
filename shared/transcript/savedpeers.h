// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QByteArray>

#include "transcript/saver.h"

namespace tincan {

// Who is who among rows that are saved, and when each of them finished: what an Index knows, from views of it, for a thread of
// the pool. Costs one look at each row and memory for each peer.
class SavedPeers
{
public:
    explicit SavedPeers(const SaveRequest &request);

    const PeerInfo *info(PeerId peer) const noexcept; // nullptr where it has not joined
    // "127.0.0.1:53422"; what was asked for ("localhost:6666") where it has not joined; else empty.
    QByteArray remote(PeerId peer) const;
    QByteArray local(PeerId peer) const; // empty where it has not joined
    RowContext contextOf(const Row &row) const noexcept;
    const Detail &detailOf(const Row &row) const noexcept;

    // The other side of a message: an address, or those whom a message to many was for ("all", "all but 127.0.0.1:53422").
    QByteArray otherSide(const Row &row) const;
    // The words for a row that is no message, on one line.
    QString words(const Row &row) const;

private:
    struct Known {
        RowNumber named = kNoRow; // of its Joined row, or of the Connecting row where there is none
        RowNumber leftRoom = kNoRow;
        RowNumber peerFinished = kNoRow;
    };
    bool otherSideFinished(const Row &row) const noexcept;
    void learn(RowNumber number, const Row &row);

    const SaveRequest &m_request;
    std::vector<Known> m_peers; // by id
};

} // namespace tincan

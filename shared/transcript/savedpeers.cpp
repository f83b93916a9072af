// SPDX-License-Identifier: MIT
#include "transcript/savedpeers.h"

#include <algorithm>

#include "base/peertext.h"
#include "transcript/runtext.h"

namespace tincan {

SavedPeers::SavedPeers(const SaveRequest &request)
    : m_request(request)
{
    for (std::size_t number = 0; number < request.rows.size() && number <= request.last; ++number) {
        const Row &row = request.rows[number];
        if (!hasPayload(row.kind) && row.peer != kNoPeer) {
            learn(static_cast<RowNumber>(number), row);
        }
    }
}

void SavedPeers::learn(RowNumber number, const Row &row)
{
    if (m_peers.size() <= row.peer) {
        m_peers.resize(row.peer + std::size_t{1});
    }
    Known &peer = m_peers[row.peer];
    switch (row.kind) {
    case RecordKind::Connecting:
    case RecordKind::Joined:
        peer.named = number;
        break;
    case RecordKind::PeerFinished:
        peer.peerFinished = number;
        break;
    case RecordKind::Finished:
    case RecordKind::Left:
        peer.leftRoom = std::min(peer.leftRoom, number);
        break;
    default:
        break;
    }
}

const Detail &SavedPeers::detailOf(const Row &row) const noexcept
{
    static const Detail none;
    return row.detail < m_request.details.size() ? m_request.details[row.detail] : none;
}

const PeerInfo *SavedPeers::info(PeerId peer) const noexcept
{
    return peer < m_peers.size() && m_peers[peer].named != kNoRow
        ? std::get_if<PeerInfo>(&detailOf(m_request.rows[m_peers[peer].named]))
        : nullptr;
}

QByteArray SavedPeers::remote(PeerId peer) const
{
    if (const PeerInfo *joined = info(peer)) {
        return QByteArray::fromStdString(peerText(*joined));
    }
    if (peer < m_peers.size() && m_peers[peer].named != kNoRow) {
        if (const auto *asked = std::get_if<ConnectInfo>(&detailOf(m_request.rows[m_peers[peer].named]))) {
            const QByteArray host = QByteArray::fromStdString(asked->host);
            return (host.contains(':') ? '[' + host + ']' : host) + ':' + QByteArray::number(asked->port);
        }
    }
    return {};
}

QByteArray SavedPeers::local(PeerId peer) const
{
    const PeerInfo *joined = info(peer);
    return joined ? QByteArray::fromStdString(joined->local.toString()) : QByteArray();
}

RowContext SavedPeers::contextOf(const Row &row) const noexcept
{
    const PeerInfo *joined = info(row.peer);
    return {joined ? joined->transport : Transport::Tcp, otherSideFinished(row)};
}

bool SavedPeers::otherSideFinished(const Row &row) const noexcept
{
    if (row.peer >= m_peers.size()) {
        return false;
    }
    const Known &peer = m_peers[row.peer];
    const RowNumber other = row.kind == RecordKind::PeerFinished ? peer.leftRoom : peer.peerFinished;
    return other != kNoRow && m_request.rows[other].kind != RecordKind::Left && m_request.rows[other].time < row.time;
}

QByteArray SavedPeers::otherSide(const Row &row) const
{
    if (row.kind != RecordKind::FanOut) {
        return remote(row.peer);
    }
    if (m_request.conversation.peer() != kNoPeer) {
        return remote(m_request.conversation.peer());
    }
    const auto *info = std::get_if<FanOutInfo>(&detailOf(row));
    QByteArray list;
    for (const PeerId peer : info ? info->peers : std::vector<PeerId>()) {
        list += ' ' + remote(peer);
    }
    if (info && info->only) {
        return list.trimmed();
    }
    const QByteArray all = row.peer == kNoPeer ? QByteArray("all") : QByteArray("all others");
    return list.isEmpty() ? all : all + " but" + list;
}

QString SavedPeers::words(const Row &row) const
{
    const QString said = m_request.words ? m_request.words(row, detailOf(row), contextOf(row)) : QString();
    return shownText(decodeMessage({}, said.toUtf8(), true, 0)); // it may quote what others wrote
}

} // namespace tincan

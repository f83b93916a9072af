// SPDX-License-Identifier: MIT
#include "transcript/index.h"

#include <algorithm>

#include "transcript/conversationcursor.h"
#include "transcript/peername.h"

namespace tincan {

RowNumber Index::append(RowBatch &batch)
{
    const RowNumber first = size();
    const auto detailBase = static_cast<std::uint32_t>(m_details.size());
    for (Detail &detail : batch.details) {
        m_details.append(std::move(detail));
    }
    for (Row &row : batch.rows) {
        if (row.detail != kNoDetail) {
            row.detail += detailBase;
        }
        const RowNumber number = size();
        row.isApart = isMessage(row.kind) && isApart(row);
        m_rows.append(row);
        enlist(number, row);
    }
    batch.rows.clear();
    batch.details.clear();
    return first;
}

void Index::enlist(RowNumber number, const Row &row)
{
    if (row.kind == RecordKind::FanOut) {
        m_fanOuts.append(number);
        return;
    }
    if (row.peer == kNoPeer) {
        return;
    }
    if (m_peers.size() <= row.peer) {
        m_peers.resize(std::max<std::size_t>(row.peer + std::size_t{1}, m_peers.size() * 2));
    }
    Membership &peer = m_peers[row.peer];
    peer.rows.append(number);
    if (row.kind == RecordKind::Joined) {
        peer.joined = number;
        join(peer, row);
    } else if (row.kind == RecordKind::PeerFinished) {
        peer.peerFinished = number;
    } else if ((row.kind == RecordKind::Finished || row.kind == RecordKind::Left) && peer.leftRoom == kNoRow) {
        peer.leftRoom = number;
    } else if (row.kind == RecordKind::Note) {
        takeName(row);
    }
}

void Index::join(Membership &peer, const Row &row)
{
    const auto *info = detailOf<PeerInfo>(row);
    peer.keepsBorders = info && tincan::keepsBorders(info->transport);
    (peer.keepsBorders ? m_hasBorders : m_hasStreams) = true;
}

// What went to many is one where none of them may have had a stream.
bool Index::isApart(const Row &row) const noexcept
{
    if (row.peer != kNoPeer && row.peer < m_peers.size() && m_peers[row.peer].keepsBorders) {
        return true;
    }
    return row.kind == RecordKind::FanOut && m_hasBorders && !m_hasStreams;
}

std::vector<PeerId> Index::named() const
{
    std::vector<PeerId> peers(m_names.keyBegin(), m_names.keyEnd());
    std::sort(peers.begin(), peers.end());
    return peers;
}

// Files are other people's words: what is no name there is none here.
void Index::takeName(const Row &row)
{
    const auto *note = detailOf<NoteInfo>(row);
    if (!note || note->code != NoteCode::Named) {
        return;
    }
    const QString name = cleanPeerName(QString::fromStdString(note->text));
    ++m_timesNamed;
    if (name.isEmpty()) {
        m_names.remove(row.peer);
    } else {
        m_names.insert(row.peer, name);
    }
}

const PeerInfo *Index::peerInfo(PeerId peer) const noexcept
{
    return peer < m_peers.size() && m_peers[peer].joined != kNoRow ? detailOf<PeerInfo>(m_rows[m_peers[peer].joined]) : nullptr;
}

Transport Index::transportOf(PeerId peer) const noexcept
{
    const PeerInfo *info = peerInfo(peer);
    return info ? info->transport : Transport::Tcp;
}

bool Index::otherSideFinished(const Row &row) const noexcept
{
    if (row.peer >= m_peers.size()) {
        return false;
    }
    const Membership &peer = m_peers[row.peer];
    const RowNumber other = row.kind == RecordKind::PeerFinished ? peer.leftRoom : peer.peerFinished;
    return other != kNoRow && m_rows[other].kind != RecordKind::Left && m_rows[other].time < row.time;
}

bool Index::reached(RowNumber fanOut, PeerId peer) const noexcept
{
    const Row &row = m_rows[fanOut];
    if (row.kind != RecordKind::FanOut || peer == kNoPeer || peer == row.peer) {
        return false;
    }
    const auto *info = detailOf<FanOutInfo>(row);
    const bool listed = info && std::find(info->peers.begin(), info->peers.end(), peer) != info->peers.end();
    if (info && info->only) {
        return listed;
    }
    if (listed || peer >= m_peers.size()) {
        return false;
    }
    const Membership &membership = m_peers[peer];
    return membership.joined != kNoRow && membership.joined < fanOut && fanOut < membership.leftRoom;
}

std::vector<PeerId> Index::reachedBy(RowNumber fanOut) const
{
    const Row &row = m_rows[fanOut];
    const auto *info = detailOf<FanOutInfo>(row);
    std::vector<PeerId> listed = info ? info->peers : std::vector<PeerId>();
    std::sort(listed.begin(), listed.end());
    if (info && info->only) {
        return listed;
    }
    std::vector<PeerId> reached;
    for (PeerId peer = 1; peer < m_peers.size(); ++peer) {
        const Membership &member = m_peers[peer];
        if (member.joined != kNoRow && member.joined < fanOut && fanOut < member.leftRoom && peer != row.peer
            && !std::binary_search(listed.begin(), listed.end(), peer)) {
            reached.push_back(peer);
        }
    }
    return reached;
}

bool Index::belongsTo(RowNumber number, PeerId peer) const noexcept
{
    const Row &row = m_rows[number];
    return row.kind == RecordKind::FanOut ? reached(number, peer) : row.peer == peer;
}

std::size_t firstFrom(const BlockList<RowNumber> &numbers, RowNumber from)
{
    std::size_t low = 0;
    std::size_t high = numbers.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (numbers[middle] < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void Index::conversation(PeerId peer, RowNumber from, BlockList<RowNumber> &into) const
{
    ConversationCursor cursor(*this, peer, from);
    for (RowNumber number = cursor.next(); number != kNoRow; number = cursor.next()) {
        into.append(number);
    }
}

std::size_t Index::memoryUse() const noexcept
{
    std::size_t bytes = m_rows.size() * sizeof(Row) + m_details.size() * sizeof(Detail) + m_fanOuts.size() * sizeof(RowNumber)
        + m_peers.capacity() * sizeof(Membership);
    for (const Membership &peer : m_peers) {
        bytes += peer.rows.size() * sizeof(RowNumber);
    }
    return bytes;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// How peers are taken out of a PeerModel.
#include <algorithm>
#include <iterator>
#include <utility>

#include "session/peermodel.h"

namespace tincan {

namespace {

// Removed one by one.
constexpr std::size_t kMostRuns = 16;

} // namespace

void PeerModel::clearClosed()
{
    removeWhere([](const Peer &peer) { return peer.state == PeerState::Closed || peer.state == PeerState::Failed; });
}

void PeerModel::clearFailed(const QString &target)
{
    removeWhere([&](const Peer &peer) {
        return peer.state == PeerState::Failed && peer.remote.isEmpty() && peer.host == target && !isLookedAt(peer.id);
    });
}

template<typename Goes>
void PeerModel::removeWhere(Goes &&goes)
{
    tell();
    // From the end, a removal for each run of neighbours.
    std::vector<Run> runs;
    for (auto end = m_entries.size(); end > 0;) {
        if (!goes(m_entries[end - 1].peer)) {
            --end;
            continue;
        }
        auto begin = end - 1;
        while (begin > 0 && goes(m_entries[begin - 1].peer)) {
            --begin;
        }
        runs.push_back({begin, end});
        end = begin;
    }
    if (runs.size() > kMostRuns) {
        runs = {gather(runs)};
    }
    for (const Run &run : runs) {
        removeEntries(run.begin, run.end);
    }
    touch(0);
}

// Each removal moves all rows behind it: where there are many, those that go are brought together at the end first.
PeerModel::Run PeerModel::gather(const std::vector<Run> &runs)
{
    emit layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<PeerId> held; // by whom the views hold on to a row
    for (const QModelIndex &index : before) {
        held.push_back(peer(index.row()).id);
    }
    std::vector<Entry> kept;
    std::vector<Entry> going;
    kept.reserve(m_entries.size());
    auto run = runs.rbegin();
    for (std::size_t at = 0; at < m_entries.size(); ++at) {
        run += run != runs.rend() && at == run->end ? 1 : 0;
        (run != runs.rend() && at >= run->begin ? going : kept).push_back(std::move(m_entries[at]));
    }
    const Run end{kept.size(), m_entries.size()};
    std::move(going.begin(), going.end(), std::back_inserter(kept));
    m_entries = std::move(kept);
    renumber(0);
    QModelIndexList after;
    for (const PeerId id : held) {
        after << index(rowOf(id));
    }
    changePersistentIndexList(before, after);
    emit layoutChanged();
    return end;
}

void PeerModel::renumber(std::size_t first)
{
    for (std::size_t at = first; at < m_entries.size(); ++at) {
        m_rowOfId[m_entries[at].peer.id] = static_cast<int>(at) + 1;
    }
}

void PeerModel::removeEntries(std::size_t begin, std::size_t end)
{
    beginRemoveRows({}, static_cast<int>(begin) + 1, static_cast<int>(end));
    const auto from = m_entries.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = m_entries.begin() + static_cast<std::ptrdiff_t>(end);
    for (auto gone = from; gone != to; ++gone) {
        m_rowOfId[gone->peer.id] = 0;
        m_all.unread -= gone->peer.unread;
        count(gone->peer, -1);
    }
    m_entries.erase(from, to);
    renumber(begin);
    endRemoveRows();
}

} // namespace tincan

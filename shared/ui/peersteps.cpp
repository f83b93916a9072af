// SPDX-License-Identifier: MIT
// How a PeerList is gone through by commands: to a peer, the next, the n-th, the one with news, the name of one.
#include "ui/peerlist.h"

#include <algorithm>

#include <QLineEdit>
#include <QListView>

#include "ui/peerfilter.h"

namespace tincan {

void PeerList::choose(PeerId id)
{
    if (m_peers->rowOf(id) < 0) {
        return;
    }
    const bool isOther = m_chosen != std::vector<PeerId>{id} || m_current != id;
    m_chosen.assign(1, id);
    m_current = id;
    showChoice();
    if (const QModelIndex index = m_filter->indexOf(id); index.isValid()) {
        m_view->scrollTo(index);
    }
    if (isOther) {
        emit choiceChanged();
    }
}

void PeerList::step(int rows)
{
    const QModelIndex at = m_filter->indexOf(m_current);
    int row = std::clamp((at.isValid() ? at.row() : 0) + rows, 0, m_filter->rowCount() - 1);
    while (row < m_filter->rowCount() && !m_filter->isPeer(m_filter->index(row, 0))) {
        row += rows < 0 ? -1 : 1; // over listeners; the first row is a peer's
    }
    if (row < m_filter->rowCount()) {
        choose(m_filter->idOf(m_filter->index(row, 0)));
    }
}

void PeerList::chooseNth(int nth)
{
    for (int row = 0, left = nth; nth >= 0 && row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (m_filter->isPeer(index) && left-- == 0) {
            choose(m_filter->idOf(index));
            return;
        }
    }
}

bool PeerList::editName()
{
    if (m_current == kNoPeer || !m_peers->isNameable()) {
        return false;
    }
    if (!m_filter->indexOf(m_current).isValid()) {
        m_filterEdit->clear();
    }
    const QModelIndex index = m_filter->indexOf(m_current);
    m_view->scrollTo(index);
    m_view->edit(index);
    return true;
}

bool PeerList::chooseNextWithNews()
{
    const int count = m_filter->rowCount();
    const QModelIndex at = m_filter->indexOf(m_current);
    const int from = at.isValid() ? at.row() : 0;
    for (int step = 1; step <= count; ++step) {
        const QModelIndex index = m_filter->index((from + step) % count, 0);
        const Peer &peer = m_filter->peer(index);
        if (peer.id != kNoPeer && peer.unread > 0) {
            choose(peer.id);
            return true;
        }
    }
    return false;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/peerfilter.h"

#include "base/clock.h"
#include "session/peerwords.h"
#include "session/words.h"

namespace tincan {

PeerFilter::PeerFilter(PeerModel *peers, const QString &all, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_peers(peers)
    , m_all(all)
{
    setSourceModel(peers);
}

void PeerFilter::setText(const QString &text)
{
    const QString wanted = text.trimmed();
    if (wanted != m_text) {
        m_text = wanted;
        invalidateRowsFilter();
    }
}

bool PeerFilter::filterAcceptsRow(int row, const QModelIndex & /*parent*/) const
{
    if (row == 0 || m_text.isEmpty()) {
        return true;
    }
    const Peer &peer = m_peers->peer(row);
    return PeerModel::titleText(peer).contains(m_text, Qt::CaseInsensitive) || peer.host.contains(m_text, Qt::CaseInsensitive)
        || originText(peer).contains(m_text, Qt::CaseInsensitive) || peerStateText(peer).contains(m_text, Qt::CaseInsensitive);
}

const Peer &PeerFilter::peer(const QModelIndex &index) const
{
    return m_peers->peer(mapToSource(index).row());
}

PeerId PeerFilter::idOf(const QModelIndex &index) const
{
    return index.isValid() ? peer(index).id : kNoPeer;
}

QModelIndex PeerFilter::indexOf(PeerId id) const
{
    const int row = m_peers->rowOf(id);
    return row < 0 ? QModelIndex() : mapFromSource(m_peers->index(row));
}

QVariant PeerFilter::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const bool isAll = mapToSource(index).row() == 0;
    switch (role) {
    case Qt::DisplayRole:
        return isAll ? m_all : PeerModel::titleText(peer(index));
    case Qt::AccessibleTextRole:
        return accessibleText(index);
    case Qt::ToolTipRole:
        return isAll ? QVariant() : QVariant(accessibleText(index));
    default:
        return QSortFilterProxyModel::data(index, role);
    }
}

QString PeerFilter::stateText(const QModelIndex &index) const
{
    if (mapToSource(index).row() == 0) {
        return m_peers->isOver() ? QStringLiteral("%1 in all").arg(m_peers->rowCount() - 1)
                                 : QStringLiteral("%1 connected").arg(m_peers->openCount());
    }
    const Peer &shown = peer(index);
    if (m_peers->isOver()) {
        return peerStateText(shown);
    }
    return peerStateText(shown) + QStringLiteral(" · ") + formatDuration(wallNanoseconds() - shown.since);
}

QString PeerFilter::originText(const Peer &peer)
{
    if (peer.direction != Direction::Outgoing || peer.local.isEmpty()) {
        return {};
    }
    return QStringLiteral("from ") + QString::fromStdString(peer.local.toString());
}

QString PeerFilter::accessibleText(const QModelIndex &index) const
{
    if (mapToSource(index).row() == 0) {
        return m_all + QStringLiteral(", ") + stateText(index);
    }
    const Peer &shown = peer(index);
    QStringList parts{PeerModel::titleText(shown), peerStateText(shown)};
    if (shown.isOpen() && !shown.faults.isEmpty()) {
        parts << QStringLiteral("faults on purpose: ") + shown.faults;
    }
    if (shown.unread > 0) {
        parts << QStringLiteral("%1 unread").arg(shown.unread);
    }
    parts << formatBytes(shown.bytesIn + shown.bytesOut);
    if (const QString origin = originText(shown); !origin.isEmpty()) {
        parts << origin;
    }
    return parts.join(QLatin1String(", "));
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/peerfilter.h"

#include <algorithm>
#include <climits>
#include <tuple>
#include <utility>

#include <QConcatenateTablesProxyModel>

#include "base/clock.h"
#include "session/listenermodel.h"
#include "session/listenerwords.h"
#include "session/peerwords.h"
#include "session/words.h"

namespace tincan {

PeerFilter::PeerFilter(PeerModel *peers, const QString &all, ListenerModel *listeners, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_peers(peers)
    , m_listeners(listeners)
    , m_all(all)
{
    if (!listeners) {
        setSourceModel(peers);
        return;
    }
    m_table = new QConcatenateTablesProxyModel(this);
    m_table->addSourceModel(peers);
    m_table->addSourceModel(listeners);
    setSourceModel(m_table);
    connect(listeners, &QAbstractItemModel::rowsInserted, this, &PeerFilter::takeListeners);
    connect(listeners, &QAbstractItemModel::rowsRemoved, this, &PeerFilter::regroup);
    connect(listeners, &QAbstractItemModel::rowsMoved, this, &PeerFilter::regroup);
    connect(listeners, &QAbstractItemModel::dataChanged, this, [this] {
        if (m_isGrouped != (m_listeners->wanted() > 1)) { // one was retired where it stood
            regroup();
        }
    });
    connect(peers, &QAbstractItemModel::rowsRemoved, this, &PeerFilter::filterLater);
    regroup();
}

// Which listener stands where.
void PeerFilter::readGroups()
{
    m_groupOf.clear();
    for (int row = 0; row < m_listeners->rowCount(); ++row) {
        m_groupOf[m_listeners->view(row).id] = row;
    }
}

// … and whether there are groups at all.
void PeerFilter::regroup()
{
    readGroups();
    const bool wasGrouped = std::exchange(m_isGrouped, m_listeners->wanted() > 1);
    if (m_isGrouped && !wasGrouped) {
        sort(0);
    } else if (!m_isGrouped && wasGrouped) {
        sort(-1); // as they came
    }
    if (m_isGrouped || wasGrouped) {
        invalidate();
    }
}

// A file that is read tells of hundreds in a row, and each time all peers would be sorted: the new rows are in their places
// already, and the peers that came to them go there once for any number.
void PeerFilter::takeListeners()
{
    if (!m_isGrouped || m_listeners->wanted() < 2) {
        regroup();
        return;
    }
    readGroups();
    if (!std::exchange(m_isSortAsked, true)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_isSortAsked = false;
                invalidate();
            },
            Qt::QueuedConnection);
    }
}

// A listener that was kept for its peers may go with the last of them. Asked once for any number of removals: each time it goes
// through all rows.
void PeerFilter::filterLater()
{
    if (!m_isGrouped || std::exchange(m_isFilterAsked, true)) {
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isFilterAsked = false;
            invalidateRowsFilter();
        },
        Qt::QueuedConnection);
}

int PeerFilter::listenerRow(int sourceRow) const
{
    return m_listeners ? std::max(sourceRow - m_peers->rowCount(), -1) : -1;
}

const ListenerView *PeerFilter::listener(const QModelIndex &index) const
{
    const int row = listenerRow(mapToSource(index).row());
    return row < 0 || row >= m_listeners->rowCount() ? nullptr : &m_listeners->view(row);
}

PeerFilter::Place PeerFilter::placeOf(int sourceRow) const
{
    if (sourceRow == 0) {
        return {};
    }
    if (const int row = listenerRow(sourceRow); row >= 0) {
        return {row, 0};
    }
    const auto group = m_groupOf.find(m_peers->peer(sourceRow).listener);
    // Those without a header come before all that have one: below the last of them they would look like its own.
    return {group == m_groupOf.end() ? -1 : group->second, 1};
}

bool PeerFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const Place one = placeOf(left.row());
    const Place other = placeOf(right.row());
    return std::tuple(one.group, one.behind, left.row()) < std::tuple(other.group, other.behind, right.row());
}

Qt::ItemFlags PeerFilter::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QSortFilterProxyModel::flags(index);
    return listener(index) ? flags & ~(Qt::ItemIsSelectable | Qt::ItemIsEditable) : flags;
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
    if (const int at = listenerRow(row); at >= 0) {
        const ListenerView &listener = m_listeners->view(at);
        return m_isGrouped && (!listener.retired || m_peers->countOf(listener.id) > 0);
    }
    if (row == 0 || m_text.isEmpty()) {
        return true;
    }
    const Peer &peer = m_peers->peer(row);
    return PeerModel::titleText(peer).contains(m_text, Qt::CaseInsensitive) || peer.host.contains(m_text, Qt::CaseInsensitive)
        || originText(peer).contains(m_text, Qt::CaseInsensitive) || peerStateText(peer).contains(m_text, Qt::CaseInsensitive);
}

const Peer &PeerFilter::peer(const QModelIndex &index) const
{
    return m_peers->peer(isPeer(index) ? mapToSource(index).row() : 0);
}

PeerId PeerFilter::idOf(const QModelIndex &index) const
{
    return isPeer(index) ? peer(index).id : kNoPeer;
}

QModelIndex PeerFilter::indexOf(PeerId id) const
{
    const int row = m_peers->rowOf(id);
    return row < 0 ? QModelIndex() : mapFromSource(sourceModel()->index(row, 0));
}

QVariant PeerFilter::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    if (const ListenerView *header = listener(index)) {
        switch (role) {
        case Qt::AccessibleTextRole:
        case Qt::ToolTipRole:
            return accessibleText(index);
        case PeerModel::IdRole: // it is no peer, and not all of them
            return UINT_MAX;
        case Qt::DisplayRole:
            return listenerTitle(*header);
        default:
            return QSortFilterProxyModel::data(index, role);
        }
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
    if (const ListenerView *header = listener(index)) {
        if (header->past) {
            return QStringLiteral("%1 in all").arg(m_peers->countOf(header->id));
        }
        return listenerStateText(*header, m_peers->openCountOf(header->id));
    }
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
    if (isUnix(peer.transport)) {
        return peerProcessText(peer);
    }
    if (peer.direction != Direction::Outgoing || peer.local.isEmpty()) {
        return {};
    }
    return QStringLiteral("from ") + QString::fromStdString(peer.local.toString());
}

QString PeerFilter::accessibleText(const QModelIndex &index) const
{
    if (const ListenerView *header = listener(index)) {
        return QStringLiteral("Listener ") + listenerTitle(*header) + QStringLiteral(", ") + stateText(index);
    }
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

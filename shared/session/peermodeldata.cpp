// SPDX-License-Identifier: MIT
// What the views ask a PeerModel for.
#include "base/peertext.h"
#include "session/peermodel.h"
#include "transcript/peername.h"

namespace tincan {

int PeerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size()) + 1;
}

QVariant PeerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const Peer &shown = peer(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return titleText(shown);
    case AddressRole:
        return addressText(shown);
    case Qt::EditRole:
        return shown.name;
    case IdRole:
        return static_cast<uint>(shown.id);
    case StateRole:
        return static_cast<int>(shown.state);
    case UnreadRole:
        return static_cast<uint>(shown.unread);
    case BytesRole:
        return static_cast<quint64>(shown.bytesIn + shown.bytesOut);
    case KernelStateRole:
        return static_cast<int>(shown.kernelState);
    default:
        return {};
    }
}

bool PeerModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !flags(index).testFlag(Qt::ItemIsEditable)) {
        return false;
    }
    const Peer &named = peer(index.row());
    if (const QString name = cleanPeerName(value.toString()); name != named.name) {
        emit nameAsked(named.id, name);
    }
    return true;
}

Qt::ItemFlags PeerModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return m_isNameable && index.isValid() && index.row() > 0 ? flags | Qt::ItemIsEditable : flags;
}

QString PeerModel::titleText(const Peer &peer)
{
    return peer.name.isEmpty() ? addressText(peer) : peer.name + QLatin1String("  ") + addressText(peer);
}

QString PeerModel::addressText(const Peer &peer)
{
    if (isUnix(peer.transport) && !(peer.remote.isEmpty() && peer.direction == Direction::Outgoing)) {
        PeerInfo info;
        info.remote = peer.remote;
        info.fd = peer.fd;
        info.transport = peer.transport;
        info.process = peer.process;
        return QString::fromStdString(peerText(info));
    }
    if (!peer.called.isEmpty()) {
        return peer.called;
    }
    return peer.remote.isEmpty() ? peer.host : QString::fromStdString(peer.remote.toString());
}

} // namespace tincan

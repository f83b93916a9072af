// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

#include "session/peermodel.h"

namespace tincan {

// The peers whose name, address or state contains a text, with the words for their rows. Row 0, "all of them", always passes.
// GUI thread.
class PeerFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    // `all` is what row 0 is called: "All peers".
    PeerFilter(PeerModel *peers, const QString &all, QObject *parent = nullptr);

    void setText(const QString &text);
    QString text() const { return m_text; }

    QVariant data(const QModelIndex &index, int role) const override;

    const Peer &peer(const QModelIndex &index) const;
    PeerId idOf(const QModelIndex &index) const;
    QModelIndex indexOf(PeerId id) const; // invalid where the filter hides it

    // "ESTABLISHED · 2 min", "3 connected"
    QString stateText(const QModelIndex &index) const;
    // What tells an outgoing connection from others to the same place: "from 127.0.0.1:53422"; else empty.
    static QString originText(const Peer &peer);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString accessibleText(const QModelIndex &index) const;
    PeerModel *m_peers;
    QString m_all;
    QString m_text;
};

} // namespace tincan

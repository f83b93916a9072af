// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_map>

#include <QSortFilterProxyModel>

#include "session/peermodel.h"

class QConcatenateTablesProxyModel;

namespace tincan {

class ListenerModel;
struct ListenerView;

// The peers whose name, address or state contains a text, with the words for their rows. Row 0, "all of them", always passes.
//
// Where a server listens on more than one address, each listener is a row, and the peers that came to it stand below it. For that
// the listeners are behind the peers in one table, which is sorted then; with one listener nothing is sorted, and its row is not
// there. GUI thread.
class PeerFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    // `all` is what row 0 is called: "All peers". `listeners`: nullptr where there are none.
    PeerFilter(PeerModel *peers, const QString &all, ListenerModel *listeners, QObject *parent = nullptr);

    void setText(const QString &text);
    QString text() const { return m_text; }

    QVariant data(const QModelIndex &index, int role) const override;

    Qt::ItemFlags flags(const QModelIndex &index) const override;

    const ListenerView *listener(const QModelIndex &index) const; // nullptr where the row is a peer's
    bool isPeer(const QModelIndex &index) const { return index.isValid() && !listener(index); }
    const Peer &peer(const QModelIndex &index) const; // of a peer's row; of any other, the sums
    PeerId idOf(const QModelIndex &index) const;
    QModelIndex indexOf(PeerId id) const; // invalid where the filter hides it

    // "ESTABLISHED · 2 min", "3 connected"
    QString stateText(const QModelIndex &index) const;
    // What tells an outgoing connection from others to the same place: "from 127.0.0.1:53422"; else empty.
    static QString originText(const Peer &peer);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    struct Place { // of a row of the table, in order
        int group = -1;
        int behind = 0; // its header
    };
    Place placeOf(int sourceRow) const;
    int listenerRow(int sourceRow) const; // -1: it is a peer's
    void readGroups();
    void regroup();
    void takeListeners();
    void filterLater();
    QString accessibleText(const QModelIndex &index) const;
    PeerModel *m_peers;
    ListenerModel *m_listeners;
    QConcatenateTablesProxyModel *m_table = nullptr;
    std::unordered_map<ListenerId, int> m_groupOf; // the listeners' rows; a file may have any number
    bool m_isGrouped = false;
    bool m_isFilterAsked = false; // of the event loop
    bool m_isSortAsked = false;   // likewise
    QString m_all;
    QString m_text;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "base/ids.h"

class QContextMenuEvent;
class QLineEdit;
class QListView;
class QModelIndex;
class QTimer;

namespace tincan {

class ListenerModel;
class PeerFilter;
class PeerModel;

// How a window speaks of those at the other end.
struct PeerWords {
    QString list; // "Peers"
    QString all;  // "All peers"
    QString one;  // "peer"
    QString many; // "peers"
};

// The list of peers with its filter. What is chosen stays chosen while the filter hides it. GUI thread.
class PeerList final : public QWidget
{
    Q_OBJECT
public:
    // `peers` and `listeners` (nullptr: there are none) outlive the list.
    PeerList(PeerModel *peers, const PeerWords &words, QWidget *parent = nullptr, ListenerModel *listeners = nullptr);

    // Those a message goes to, in no order. Never empty: {kNoPeer} where all are chosen.
    const std::vector<PeerId> &chosen() const noexcept { return m_chosen; }
    bool isAllChosen() const noexcept { return m_chosen.size() == 1 && m_chosen.front() == kNoPeer; }
    // The one of them whose conversation is looked at.
    PeerId current() const noexcept { return m_current; }

    void choose(PeerId id);
    void step(int rows);       // the next (1), the one before (-1), in the order on screen
    void chooseNth(int nth);   // 1: the first peer on screen
    bool chooseNextWithNews(); // false where there is none

    // The current peer's name is edited in its row; where the filter hides that, the filter goes. False: it can have none.
    bool editName();

    // How many of those that a message goes to the filter hides; of all, those that are connected.
    int hiddenCount() const;

    // Those whose rows are on screen, from top to bottom; none while the list is hidden.
    std::vector<PeerId> onScreen() const;

    // Takes those that are gone out of the model.
    void clearClosed();

    QListView *view() const { return m_view; }
    QLineEdit *filterEdit() const { return m_filterEdit; }

signals:
    // chosen() or current() is another one.
    void choiceChanged();
    // A row was clicked, it alone, or the filter was left by Enter or Esc: who does that wants to write next.
    void picked();
    void filterChanged();
    // The button of a listener's row was clicked, or Space or Enter pressed on it: it is to start or to stop.
    void listenerToggled(tincan::ListenerId listener);
    // Its context menu is wanted, at this place of the screen.
    void listenerMenuAsked(tincan::ListenerId listener, const QPoint &at);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUpView();
    ListenerId listenerAt(const QModelIndex &index) const; // kNoListener: it is a peer's
    bool takeViewKey(int key);
    bool takeMenuEvent(const QContextMenuEvent *event);
    void takeChoice();
    void applyFilter(const QString &text);
    bool takeFilterKey(int key);
    void chooseFirstMatch();
    void showChoice();
    void updatePlaceholder();

    PeerModel *m_peers;
    PeerWords m_words;
    PeerFilter *m_filter;
    QLineEdit *m_filterEdit;
    QListView *m_view;
    QTimer *m_ages; // the ages on screen grow
    std::vector<PeerId> m_chosen{kNoPeer};
    PeerId m_current = kNoPeer;
    bool m_holding = false; // the model changes under the selection, which is not a person's doing
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QFrame>

#include "base/ids.h"

class QAction;
class QLabel;
class QPushButton;

namespace tincan {

class Session;

// Says above a conversation that something is done wrong to the peer on purpose, and ends it. Takes no room while nothing is. GUI
// thread.
class FaultsStrip final : public QFrame
{
    Q_OBJECT
public:
    // `change` opens the panel. `session` outlives it.
    FaultsStrip(Session &session, QAction *change, QWidget *parent = nullptr);

    // Of this peer; kNoPeer: of all.
    void showOf(PeerId conversation);
    std::vector<QWidget *> tabOrder() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void clear();

    Session &m_session;
    QLabel *m_text;
    QPushButton *m_change;
    QPushButton *m_clear;
    std::vector<PeerId> m_peers; // that have faults
};

} // namespace tincan

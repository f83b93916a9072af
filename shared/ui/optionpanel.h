// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include "session/livesession.h"
#include "session/optionmodel.h"

class QLabel;
class QTableView;

namespace tincan {

class ComboBox;
class Settings;

// Socket options: what the next listener or connection is to ask for, and what an open one has, read back from the kernel. Not
// modal: it follows the choice of a peer. GUI thread.
class OptionPanel final : public QDialog
{
    Q_OBJECT
public:
    // `session` and `settings` outlive it.
    OptionPanel(LiveSession &session, Settings &settings, OptionModel::Of next, QWidget *parent = nullptr);

    // The peer that is chosen; kNoPeer: none is.
    void setPeer(PeerId peer);
    // The states of peers may have changed.
    void refresh();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeTable();
    void fillHolders();
    void showChosen();
    void read();
    void showMeaning();
    void showProblems();
    void ask(const OptionValue &value);
    void takeBack(SocketOption option);
    void keep(const OptionValues &options);
    OptionHolder chosen() const;

    LiveSession &m_session;
    Settings &m_settings;
    OptionModel::Of m_next;
    PeerId m_peer = kNoPeer;
    OptionModel *m_model;
    ComboBox *m_of;
    QTableView *m_table;
    QLabel *m_meaning;
    QLabel *m_hint;
    OptionHolder m_reading;   // who has been asked and has not answered yet; nobody: empty
    bool m_readAgain = false; // it has changed meanwhile
};

} // namespace tincan

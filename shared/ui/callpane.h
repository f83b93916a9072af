// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "session/callprogram.h"

class QAction;
class QCheckBox;
class QLabel;
class QMenu;

namespace tincan {

class CallFilter;
class CallLog;
class ComboBox;
class NoticeBar;
class Session;
class Settings;
struct PeerWords;

// The socket calls with what can be done with them: all or those of the selected peer, its recv and send on demand, what the
// selected call means, copies as text and as programs. Costs nothing while it is hidden. GUI thread.
class CallPane final : public QWidget
{
    Q_OBJECT
public:
    // All outlive it.
    CallPane(Session &session, const PeerWords &words, NoticeBar &notices, Settings &settings, QWidget *parent = nullptr);

    CallLog *log() const { return m_log; }
    // The peer that is selected; kNoPeer: all of them.
    void setPeer(PeerId peer);

    // For the menus of the window; owned by the pane.
    QMenu *copyMenu() const { return m_copyMenu; } // Edit
    QList<QAction *> viewActions() const;          // View
    std::vector<QWidget *> tabOrder() const;

    // What a program is made of now: the session, or the selected peer's connection.
    CallScript script() const;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeHeader(const PeerWords &words);
    void makeActions();
    void makeCopyMenu();
    void makeContextMenu();
    QAction *addProgramAction(QMenu *menu, ProgramKind kind);
    void filter();
    void trace();
    void showMeaning();
    void copyAll();
    void copyProgram(ProgramKind kind);
    void askForFile();
    void saveProgram(const QString &path, ProgramKind kind);
    void sayNothingThere();

    Session &m_session;
    NoticeBar &m_notices;
    Settings &m_settings;
    CallFilter *m_filter;
    CallLog *m_log;
    ComboBox *m_of;
    QCheckBox *m_traceBox;
    QLabel *m_meaning;
    QMenu *m_copyMenu;
    QAction *m_traceAction;
    QAction *m_onlyPeer;
    PeerId m_peer = kNoPeer;
};

} // namespace tincan

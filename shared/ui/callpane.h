// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
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
class CallScriptJob;
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

    ~CallPane() override;

    CallLog *log() const { return m_log; }
    // The peer that is selected; kNoPeer: all of them.
    void setPeer(PeerId peer);

    // For the menus of the window; owned by the pane.
    QMenu *copyMenu() const { return m_copyMenu; } // Edit
    QList<QAction *> viewActions() const;          // View
    std::vector<QWidget *> tabOrder() const;

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
    // Hands over what a program is made of now, the session or the selected peer's connection, once that has been gone through;
    // not where there is nothing, which is said, nor where another one is asked for meanwhile.
    void withScript(const std::function<void(const CallScript &)> &then);
    void copyProgram(ProgramKind kind);
    void askForFile(const CallScript &script);
    void saveProgram(const QString &path, ProgramKind kind, const CallScript &script);
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
    std::unique_ptr<CallScriptJob> m_making;
    PeerId m_peer = kNoPeer;
};

} // namespace tincan

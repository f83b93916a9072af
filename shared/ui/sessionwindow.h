// SPDX-License-Identifier: MIT
#pragma once

#include <QMainWindow>

#include "session/livesession.h"
#include "ui/noticebar.h"
#include "ui/peerlist.h"
#include "ui/sessionactions.h"
#include "ui/settingsdialog.h"

class QDockWidget;
class QMenu;
class QSplitter;
class QTimer;
class QToolButton;
class QVBoxLayout;

namespace tincan {

class CallPane;
struct KeptSession;
class SavedSessions;
class ConversationPane;
class FaultsPanel;
class OptionPanel;
class Inspector;
class Saving;
class Settings;
class StatusLine;
struct Peer;

// What both windows are: peers, conversation, socket calls, status, menus. The server's and the client's add the bar on top.
// Closing it ends the session. The window of a kept session (SavedSessionWindow) is one without a composer and without the
// commands that end connections. GUI thread.
class SessionWindow : public QMainWindow
{
    Q_OBJECT
public:
    ~SessionWindow() override;

    PeerList *peerList() const { return m_peerList; }
    ConversationPane *pane() const { return m_pane; }
    NoticeBar *notices() const { return m_notices; }
    const SessionActions &actions() const { return m_actions; }

    // A failure of opening the session file, said in the window: the session runs on with another one.
    void sayNotRecorded(const Error &error);

    // What is done once when the program starts: sessions that are too old or too much go, and one that was not ended is
    // offered. `ended`: see endedInOrder().
    void startHistory(const std::function<bool(const QString &)> &ended);

    // The windows of kept sessions.
    SavedSessions *savedSessions() const { return m_saved; }

protected:
    // `session` has begun; it and `settings` outlive the window. `saved`, where the window is one of them; else it makes its own.
    SessionWindow(Session &session, Settings &settings, const PeerWords &words, QWidget *parent, SavedSessions *saved = nullptr);

    // To be called once, in this order, by the constructor of the window.
    void addTopBar(QWidget *bar, const std::vector<QWidget *> &tabOrder);
    // `title` holds `own`; where `peerTitle` is empty, the commands for peers are in the same menu.
    void addMenus(const QString &title, const QList<QAction *> &own, const QString &peerTitle);
    void restore();

    Settings &settings() const { return m_settings; }
    StatusLine *statusLine() const { return m_status; }
    QToolButton *makeOptionsButton();     // for the bar
    void setStopped(const QString &hint); // what the empty transcript says

    // Saved with everything else when the window closes.
    virtual void saveOwn() = 0;
    // The settings have changed. What sessionSettings() says is applied afterwards.
    virtual void settingsChanged() = 0;
    // The settings, and before them what the command line says.
    virtual SessionSettings sessionSettings() const;
    // A chance to offer a way out by a button.
    virtual void addRemedy(const Notice &notice, NoticeText &text);
    virtual SettingsDialog::For settingsFor() const = 0;

    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void connectSession();
    void connectActions();
    void connectViewActions();
    void connectEncoding();
    void fillPeerMenu(QMenu *menu);
    void fillViewMenu(QMenu *menu);
    void takeChoice();
    void refreshSoon();
    void refresh();
    void rowsCame();
    void showNotice(const Notice &notice);
    void showRecordingFailed(int error);
    void showRecordingRecovered();
    void showSettings();
    void connectSockets();
    void showFaults();
    void showSocketOptions();
    void refreshSockets();
    void showZoom(int percent);
    void showEncoding();
    void connectPane(ConversationPane *pane);
    SessionActions twins(ConversationPane *SessionWindow::*pane);
    void makeInspector();
    int inspectorWidth() const;
    void widenInspector();
    void watchRows();
    void inspectActive();
    void restoreInspector();
    void saveInspector();
    void connectBeside();
    void makeBeside();
    void openBeside();
    void closeBeside();
    bool isBesideShown() const;
    void takeFocus(const QWidget *focus);
    void setActive(ConversationPane *pane);
    const std::vector<PeerId> &choice() const;
    void connectHistory();
    void fillFileMenu(QMenu *menu);
    void fillRecent(QMenu *menu);
    void askForFile();
    void keepOrNot(bool dontKeep);
    void offerUnfinished(const KeptSession &session);
    void clearConversation();
    using Ending = void (*)(LiveSession &, const std::vector<PeerId> &);
    using Condition = bool (*)(const Peer &);
    void connectEndings();
    void enableEndings();
    void enableWaysToEnd(const SessionActions &actions, const std::vector<PeerId> &chosen);
    void end(const std::vector<PeerId> &peers, bool asks, Ending ending, const QString &words, const QString &meaning);
    void dismissEnding();
    std::vector<PeerId> allWhere(Condition holds) const;
    std::vector<PeerId> chosenWhere(Condition holds) const;
    bool isAnyOf(const std::vector<PeerId> &chosen, Condition holds) const;
    void askToClear();
    QString clearingText() const;
    int stateOf(PeerId peer) const;
    void toFocusWidget(const char *slot);
    void save();

    Session &m_session;
    LiveSession *m_live; // m_session, where it runs
    SavedSessions *m_saved;
    Settings &m_settings;
    PeerWords m_words;
    SessionActions m_actions;
    SessionActions m_firstActions; // what the buttons of the first pane do, whichever was used last
    SessionActions m_besideActions;
    QVBoxLayout *m_layout;
    NoticeBar *m_notices;
    QSplitter *m_upper;
    QSplitter *m_whole;
    PeerList *m_peerList;
    ConversationPane *m_pane;
    ConversationPane *m_beside = nullptr; // made when it is first wanted; what is begun in it stays while it is closed
    ConversationPane *m_active;           // of the two, the one that was used last: what commands are about
    std::vector<PeerId> m_besideChoice{kNoPeer};
    QString m_hint; // what an empty transcript says
    CallPane *m_calls;
    QDockWidget *m_inspectorDock = nullptr;
    Inspector *m_inspector = nullptr;
    bool m_inspectorPlaced = false; // it has the width that was chosen, or at least the one it needs
    StatusLine *m_status;
    QTimer *m_refresh;
    Saving *m_saving;
    FaultsPanel *m_faults = nullptr; // made when they are first wanted
    OptionPanel *m_options = nullptr;
    int m_shownOpen = 0;
    int m_shownState = -1; // PeerState of the one that is looked at
    int m_besideState = -1;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/answeroptions.h"
#include "base/endpoint.h"
#include "session/serversession.h"
#include "ui/given.h"
#include "ui/sessionwindow.h"

class QPushButton;
class QToolButton;

namespace tincan {

class AnswerEdit;
class EndpointEdit;
class ListenEdit;
class ListenerDialog;

// What the command line asks of the window; the rest is as it was the last time.
struct ServerWindowOptions {
    std::optional<Endpoint> address; // of the first listener
    std::optional<Transport> transport;
    std::optional<Serving> serving;
    std::optional<int> loops;
    std::optional<int> pathMode;
    std::vector<GroupRequest> groups;
    std::vector<ListenRequest> more; // further listeners; where there are any, or an address, not those of the last time
    bool start = false;
    std::optional<AnswerOptions> answer;
    std::optional<AfterFin> afterFin;
    std::optional<int> backlog;
    std::optional<int> maxPeers;
};

// The server: where it listens and what it answers, on top of what both windows share. GUI thread.
class ServerWindow final : public SessionWindow
{
    Q_OBJECT
public:
    // `session` has begun; it and `settings` outlive the window.
    ServerWindow(ServerSession &session, Settings &settings, const ServerWindowOptions &options = {}, QWidget *parent = nullptr);

protected:
    void saveOwn() override;
    void settingsChanged() override;
    SessionSettings sessionSettings() const override;
    void addRemedy(const Notice &notice, NoticeText &text) override;
    SettingsDialog::For settingsFor() const override { return SettingsDialog::For::Server; }

private:
    void makeTopBar();
    void makeListenerActions();
    void takeOptions(const ServerWindowOptions &options);
    ListenRequest base() const; // what is not in the fields
    void prepareFirst();
    void addListener();
    void toggle(ListenerId listener);
    void showListenerMenu(ListenerId listener, const QPoint &at);
    void showListeners();
    QString whereText() const; // "127.0.0.1:6666", "127.0.0.1:6666 and 2 more"
    const ListenerView *firstListening() const;
    void sayNoAddress(const QString &why);
    void startOrStop();
    void start();
    void showState();
    void showStatus();

    ServerSession &m_session;
    ListenEdit *m_listen;
    EndpointEdit *m_endpoint; // of m_listen
    AnswerEdit *m_answer;
    QPushButton *m_startStop;
    QToolButton *m_moreButton;
    QToolButton *m_addButton;
    QAction *m_startStopAction;
    QAction *m_addAction;
    QAction *m_stopAllAction;
    QAction *m_pauseAction;
    bool m_keepsListeners = true;
    Given<int> m_backlog;
    Given<int> m_maxPeers;
    Given<AfterFin> m_afterFin;
    int m_askedPort = -1; // 0 where the kernel was to choose, while it listens
};

} // namespace tincan

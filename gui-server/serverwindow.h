// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/answeroptions.h"
#include "base/endpoint.h"
#include "session/serversession.h"
#include "ui/sessionwindow.h"

class QPushButton;

namespace tincan {

class AnswerEdit;
class EndpointEdit;

// What the command line asks of the window; the rest is as it was the last time.
struct ServerWindowOptions {
    std::optional<Endpoint> address;
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
    void addRemedy(const Notice &notice, NoticeText &text) override;
    SettingsDialog::For settingsFor() const override { return SettingsDialog::For::Server; }

private:
    void makeTopBar();
    void takeOptions(const ServerWindowOptions &options);
    void startOrStop();
    void start();
    void showState();
    void showStatus();

    ServerSession &m_session;
    EndpointEdit *m_endpoint;
    AnswerEdit *m_answer;
    QPushButton *m_startStop;
    QAction *m_startStopAction;
    std::optional<int> m_backlog; // of the command line
    int m_askedPort = -1;         // 0 where the kernel was to choose, while it listens
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include "session/openedsession.h"
#include "ui/sessionwindow.h"

class QProgressBar;
class QPushButton;

namespace tincan {

class ElidedLabel;

// A kept session, or a capture, to be read: everything of the window of a running session but what sends or ends. GUI thread.
class SavedSessionWindow final : public SessionWindow
{
    Q_OBJECT
public:
    // All of them outlive the window.
    SavedSessionWindow(OpenedSession &session, Settings &settings, SavedSessions &saved, QWidget *parent = nullptr);

    const OpenedSession &session() const { return m_session; }

signals:
    void closed();

protected:
    void saveOwn() override { }
    void settingsChanged() override { }
    SettingsDialog::For settingsFor() const override { return SettingsDialog::For::Server; }
    void closeEvent(QCloseEvent *event) override;

private:
    void makeTopBar();
    void showProgress();
    void showState();
    void showFacts();

    OpenedSession &m_session;
    ElidedLabel *m_facts;
    QProgressBar *m_progress;
    QPushButton *m_cancel;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QHash>

#include "base/endpoint.h"
#include "session/clientsession.h"
#include "transcript/payload.h"
#include "ui/sessionwindow.h"

class QPushButton;

namespace tincan {

class EndpointEdit;

// What the command line asks of the window; the rest is as it was the last time.
struct ClientWindowOptions {
    QString host; // empty: none was given; else it connects at once
    quint16 port = 0;
    Endpoint local;
    std::optional<LineEnding> lineEnding;
    std::optional<int> timeoutMilliseconds;
};

// The client: where to connect, on top of what both windows share. GUI thread.
class ClientWindow final : public SessionWindow
{
    Q_OBJECT
public:
    // `session` has begun; it and `settings` outlive the window.
    ClientWindow(ClientSession &session, Settings &settings, const ClientWindowOptions &options = {}, QWidget *parent = nullptr);

protected:
    void saveOwn() override;
    void settingsChanged() override;
    void addRemedy(const Notice &notice, NoticeText &text) override;
    SettingsDialog::For settingsFor() const override { return SettingsDialog::For::Client; }

private:
    void makeTopBar();
    void connectToPeer();
    void dial(const QString &host, quint16 port);
    void cancel();
    void joined(PeerId peer);
    void rememberHost(PeerId peer);
    void showState();

    ClientSession &m_session;
    EndpointEdit *m_endpoint;
    QPushButton *m_connect;
    QPushButton *m_cancel;
    QAction *m_connectAction;
    QAction *m_cancelAction;
    QHash<PeerId, QString> m_asked;           // the hosts of the connections being made
    Endpoint m_local;                         // of the command line
    std::optional<int> m_timeoutMilliseconds; // of the command line
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>

#include <QHash>

#include "base/endpoint.h"
#include "session/clientsession.h"
#include "transcript/payload.h"
#include "ui/given.h"
#include "ui/sessionwindow.h"

class QCheckBox;
class QLabel;
class QPushButton;

namespace tincan {

class ComboBox;
class EndpointEdit;
class FromEdit;

// What the command line asks of the window; the rest is as it was the last time.
struct ClientWindowOptions {
    QString host; // empty: none was given; else it connects at once
    quint16 port = 0;
    std::optional<Transport> transport; // none: with a host, TCP
    Endpoint local;                     // empty: none was given
    std::optional<bool> connected;      // of datagrams
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
    void dial(ConnectRequest request);
    void takeOptions(const ClientWindowOptions &options);
    void showTransport();
    void say(const QString &headline, const QString &remedy, QWidget *field);
    void cancel();
    void joined(PeerId peer);
    void remember(PeerId peer);
    void showState();

    ClientSession &m_session;
    ComboBox *m_transport;
    EndpointEdit *m_endpoint;
    QCheckBox *m_connected;
    FromEdit *m_from;
    QPushButton *m_connect;
    QPushButton *m_cancel;
    QAction *m_connectAction;
    QAction *m_cancelAction;
    QHash<PeerId, ConnectRequest> m_asked; // of the connections that are being made, or were not made
    Given<int> m_timeoutMilliseconds;
    // What the fields were given by the command line, for this time only.
    std::array<std::optional<Endpoint>, 2> m_givenFrom; // of addresses; of paths
    std::optional<bool> m_givenConnected;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "base/endpoint.h"
#include "base/transport.h"

class QLabel;
class QSpinBox;

namespace tincan {

class ComboBox;

// An address (or a host name) and a port; of a Unix transport a path or "@name", and no port. GUI thread.
class EndpointEdit final : public QWidget
{
    Q_OBJECT
public:
    enum class For : std::uint8_t {
        Listening,  // the addresses of this computer to choose from
        Connecting, // hosts that were used before
    };
    explicit EndpointEdit(For purpose, QWidget *parent = nullptr);

    // What each kind of address was is kept, and comes back with it.
    void setTransport(Transport transport);
    Transport transport() const { return m_transport; }

    // What was typed or chosen, without port: "127.0.0.1", "::", "localhost".
    QString host() const;
    // An address typed with its port ("192.0.2.1:7000", "[::1]:7000", "localhost:7000") puts the port into its own field.
    void takePortFromHost();
    void setHost(const QString &host);
    void setHosts(const QStringList &hosts);
    // The last path, whichever transport is chosen now; and those to choose from, of a client.
    QString path() const;
    void setPath(const QString &path);
    void setPaths(const QStringList &paths);
    // The last address or host likewise.
    QString ipHost() const;
    void setIpHost(const QString &host);
    int port() const;
    void setPort(int port);

    // For listening. Error: {0, Parse, the text}.
    Result<Endpoint> endpoint();

    ComboBox *hostEdit() const { return m_host; }
    QSpinBox *portEdit() const { return m_port; }
    void hideLabel();

signals:
    void entered(); // Enter was pressed in it

private:
    void setUpPort();
    void fillAddresses();
    void fillPaths();
    void fillHosts(const QStringList &hosts);
    void fitList();
    void completePaths(bool on);
    void showTransport();

    For m_purpose;
    Transport m_transport = Transport::Tcp;
    QLabel *m_label;
    QLabel *m_colon;
    ComboBox *m_host;
    QSpinBox *m_port;
    QString m_otherHost; // of the kind of address that is not chosen now
    QStringList m_hosts;
    QStringList m_paths;
};

} // namespace tincan

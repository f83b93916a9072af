// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "base/endpoint.h"

class QSpinBox;

namespace tincan {

class ComboBox;

// An address (or a host name) and a port. GUI thread.
class EndpointEdit final : public QWidget
{
    Q_OBJECT
public:
    enum class For : std::uint8_t {
        Listening,  // the addresses of this computer to choose from
        Connecting, // hosts that were used before
    };
    explicit EndpointEdit(For purpose, QWidget *parent = nullptr);

    // What was typed or chosen, without port: "127.0.0.1", "::", "localhost".
    QString host() const;
    // An address typed with its port ("192.0.2.1:7000", "[::1]:7000", "localhost:7000") puts the port into its own field.
    void takePortFromHost();
    void setHost(const QString &host);
    void setHosts(const QStringList &hosts);
    int port() const;
    void setPort(int port);

    // For listening. Error: {0, Parse, the text}.
    Result<Endpoint> endpoint();

    ComboBox *hostEdit() const { return m_host; }
    QSpinBox *portEdit() const { return m_port; }

signals:
    void entered(); // Enter was pressed in it

private:
    void setUpPort();
    void fillAddresses();
    void fitList();

    For m_purpose;
    ComboBox *m_host;
    QSpinBox *m_port;
};

} // namespace tincan

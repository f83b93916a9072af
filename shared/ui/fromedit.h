// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <tl/expected.hpp>

#include "base/endpoint.h"
#include "base/transport.h"

class QLabel;
class QSpinBox;
class QToolButton;

namespace tincan {

class ComboBox;
class ElidedLabel;

// What a client's socket is bound to before it connects: an address of this computer and a port, or a path. Empty and 0: the
// kernel chooses. Shown by its button, which also says what is set while the rest is hidden. GUI thread.
class FromEdit final : public QWidget
{
    Q_OBJECT
public:
    explicit FromEdit(QWidget *parent = nullptr);

    // Addresses and paths have their own: what was set for the other kind is there again where one comes back to it.
    void setTransport(Transport transport);
    // Error: a sentence.
    tl::expected<Endpoint, QString> endpoint() const { return endpointOf(isUnix(m_transport)); }
    tl::expected<Endpoint, QString> endpointOf(bool isPath) const;
    void setEndpoint(const Endpoint &endpoint); // of its own kind; an empty one, of that which is shown

    QToolButton *button() const { return m_button; } // to be put where there is room; belongs to the parent of this
    ComboBox *addressEdit() const { return m_address; }
    QSpinBox *portEdit() const { return m_port; }

signals:
    void entered(); // Enter was pressed in it

private:
    void fill();
    void showButton();
    QString address() const;

    Transport m_transport = Transport::Tcp;
    QString m_otherAddress; // of the kind that is not shown
    QToolButton *m_button;
    ComboBox *m_address;
    QLabel *m_colon;
    QSpinBox *m_port;
    ElidedLabel *m_hint;
};

} // namespace tincan

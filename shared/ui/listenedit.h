// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <tl/expected.hpp>

#include "session/listenrequest.h"

class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;
class QWidget;

namespace tincan {

class ComboBox;
class EndpointEdit;

// The controls of one listener: transport, address, way to serve, and what only some transports have. They belong together, but
// are laid out by whoever shows them: a window's bar, a dialog. GUI thread.
class ListenEdit final : public QObject
{
    Q_OBJECT
public:
    // The widgets belong to `parent`. `prefix` stands before their object names ("other" makes "otherAddress"); may be empty.
    ListenEdit(const QString &prefix, QWidget *parent);

    // What was typed; backlog and options are left as they are in `base`. Error: a sentence.
    tl::expected<ListenRequest, QString> request(ListenRequest base = {});
    void setRequest(const ListenRequest &request);
    void setEnabled(bool enabled); // while it listens, nothing can be changed

    ComboBox *transportEdit() const { return m_transport; }
    EndpointEdit *endpointEdit() const { return m_endpoint; }
    QLabel *serveLabel() const { return m_serveLabel; }
    ComboBox *serveEdit() const { return m_serve; }
    // The rest, in one line. Of those, only what the transport has is visible.
    QWidget *more() const { return m_more; }
    QSpinBox *loopsEdit() const { return m_loops; }
    ComboBox *modeEdit() const { return m_mode; }
    QLineEdit *groupsEdit() const { return m_groups; }
    bool hasMore() const; // whether there is anything in it now

    void showTransport();

signals:
    void changed(); // transport, or way to serve

private:
    void makeServe(const QString &prefix, QWidget *parent);
    void makeMore(const QString &prefix, QWidget *parent);

    ComboBox *m_transport;
    EndpointEdit *m_endpoint;
    QLabel *m_serveLabel;
    ComboBox *m_serve;
    QWidget *m_more;
    QLabel *m_loopsLabel;
    QSpinBox *m_loops;
    QLabel *m_modeLabel;
    ComboBox *m_mode;
    QLabel *m_groupsLabel;
    QLineEdit *m_groups;
    bool m_enabled = true;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
// The panels of a SessionWindow that are about sockets: faults on purpose, and options.
#include <QToolButton>

#include "session/optionwords.h"
#include "session/peermodel.h"
#include "ui/faultspanel.h"
#include "ui/optionpanel.h"
#include "ui/sessionwindow.h"
#include "ui/settings.h"

namespace tincan {

void SessionWindow::connectSockets()
{
    if (!m_live) { // whose sockets are gone
        for (QAction *action : {m_actions.faults, m_actions.socketOptions}) {
            action->setEnabled(false);
            action->setVisible(false);
        }
        return;
    }
    m_live->setOptions(optionsFromList(m_settings.socketOptions()));
    connect(m_actions.faults, &QAction::triggered, this, &SessionWindow::showFaults);
    connect(m_actions.socketOptions, &QAction::triggered, this, &SessionWindow::showSocketOptions);
}

QToolButton *SessionWindow::makeOptionsButton()
{
    auto *button = new QToolButton(this);
    button->setDefaultAction(m_actions.socketOptions);
    button->setObjectName(QStringLiteral("socketOptions"));
    button->setAccessibleName(QStringLiteral("Socket options"));
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
    return button;
}

void SessionWindow::showFaults()
{
    if (!m_faults) {
        m_faults = new FaultsPanel(*m_live, m_words.many, this);
    }
    m_faults->setPeers(choice());
    m_faults->show();
    m_faults->raise();
    m_faults->activateWindow();
}

void SessionWindow::showSocketOptions()
{
    if (!m_options) {
        const auto next
            = settingsFor() == SettingsDialog::For::Server ? OptionModel::Of::Listeners : OptionModel::Of::Connections;
        m_options = new OptionPanel(*m_live, m_settings, next, this);
    }
    m_options->setPeer(choice().front());
    m_options->show();
    m_options->raise();
    m_options->activateWindow();
}

// The choice, or the state of somebody, is another one.
void SessionWindow::refreshSockets()
{
    if (m_faults && m_faults->isVisible()) {
        m_faults->setPeers(choice());
    }
    if (m_options && m_options->isVisible()) {
        m_options->setPeer(choice().front());
        m_options->refresh();
    }
}

} // namespace tincan

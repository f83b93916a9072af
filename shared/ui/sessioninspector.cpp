// SPDX-License-Identifier: MIT
// The inspector of a SessionWindow: a pane at its side that shows what the kernel knows, and the kernel's states in the list.
#include "ui/sessionwindow.h"

#include <algorithm>

#include <QDockWidget>
#include <QTimer>

#include "session/serversession.h"
#include "ui/conversationpane.h"
#include "ui/inspector.h"
#include "ui/settings.h"

namespace tincan {

namespace {

constexpr int kDocksVersion = 1; // of what is kept; before it, a width may be that of a dock that was never shown

} // namespace

void SessionWindow::makeInspector()
{
    if (!m_live) { // what was long ago no kernel knows
        m_actions.kernelStates->setVisible(false);
        m_actions.kernelStates->setEnabled(false);
        m_actions.showInspector->setToolTip(
            QStringLiteral("What was recorded of the connection: the way through its states, times"));
    }
    m_inspectorDock = new QDockWidget(QStringLiteral("Inspector"), this);
    m_inspectorDock->setObjectName(QStringLiteral("inspectorDock"));
    m_inspectorDock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    m_inspector = new Inspector(m_session, m_words.all, m_inspectorDock);
    m_inspector->setObjectName(QStringLiteral("inspector"));
    m_inspectorDock->setWidget(m_inspector);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    m_inspectorDock->hide();
    connect(m_actions.showInspector, &QAction::toggled, m_inspectorDock, &QWidget::setVisible);
    // A dock that was hidden when the window was laid out is as narrow as it may be when it first comes: too narrow for an
    // address. From then on its width is the person's.
    connect(m_actions.showInspector, &QAction::toggled, m_inspectorDock, [this](bool shown) {
        if (shown && !m_inspectorPlaced) {
            QTimer::singleShot(0, m_inspectorDock, [this] { widenInspector(); });
        }
    });
    // Its own button closes it too. Where the window is minimised or closed it is not seen either, but not hidden.
    connect(m_inspectorDock->toggleViewAction(), &QAction::toggled, this, [this](bool shown) {
        if (shown != m_inspectorDock->isHidden()) {
            m_actions.showInspector->setChecked(shown);
        }
    });
    if (m_live) {
        connect(m_actions.showInspector, &QAction::toggled, this, &SessionWindow::watchRows);
        connect(m_actions.kernelStates, &QAction::toggled, this, &SessionWindow::watchRows);
    }
    if (auto *server = qobject_cast<ServerSession *>(m_live)) {
        connect(m_inspector, &Inspector::pauseAcceptingAsked, server, &ServerSession::pauseAccepting);
    }
}

// In a small window the list and the conversation need theirs.
int SessionWindow::inspectorWidth() const
{
    return std::min(m_inspector->sizeHint().width(), width() * 3 / 10);
}

void SessionWindow::widenInspector()
{
    if (m_inspectorPlaced || !m_inspectorDock->isVisible()) {
        return;
    }
    m_inspectorPlaced = true;
    resizeDocks({m_inspectorDock}, {inspectorWidth()}, Qt::Horizontal);
}

// The kernel is asked for the states of rows while they are wanted, and then for those on screen.
void SessionWindow::watchRows()
{
    const bool isWanted = m_actions.showInspector->isChecked() || m_actions.kernelStates->isChecked();
    m_inspector->watch().showRows(isWanted ? [this] { return m_peerList->onScreen(); } : KernelWatch::Rows());
}

void SessionWindow::inspectActive()
{
    m_inspector->setPeer(m_active->conversation());
}

void SessionWindow::restoreInspector()
{
    m_inspectorPlaced = restoreState(m_settings.splitter(QStringLiteral("docks")), kDocksVersion);
    if (!m_inspectorPlaced) {
        resizeDocks({m_inspectorDock}, {inspectorWidth()}, Qt::Horizontal);
    }
    m_inspectorDock->setVisible(m_settings.isInspectorShown());
    m_actions.showInspector->setChecked(m_settings.isInspectorShown());
    m_actions.kernelStates->setChecked(m_settings.isKernelStatesShown());
}

void SessionWindow::saveInspector()
{
    if (m_inspectorPlaced) {
        m_settings.setSplitter(QStringLiteral("docks"), saveState(kDocksVersion));
    }
    m_settings.setInspectorShown(m_actions.showInspector->isChecked());
    m_settings.setKernelStatesShown(m_actions.kernelStates->isChecked());
}

} // namespace tincan

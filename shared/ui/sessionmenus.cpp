// SPDX-License-Identifier: MIT
// The menus of a SessionWindow.
#include "ui/sessionwindow.h"

#include <QActionGroup>
#include <QListView>
#include <QMenuBar>

#include "ui/callpane.h"

namespace tincan {

void SessionWindow::addMenus(const QString &title, const QList<QAction *> &own, const QString &peerTitle)
{
    QMenu *file = menuBar()->addMenu(QStringLiteral("&File"));
    fillFileMenu(file);
    QMenu *mine = own.isEmpty() ? nullptr : menuBar()->addMenu(title);
    if (mine) {
        mine->addActions(own);
    }
    QMenu *edit = menuBar()->addMenu(QStringLiteral("&Edit"));
    edit->addAction(m_actions.copy);
    edit->addActions(m_actions.copyAs->actions());
    edit->addMenu(m_calls->copyMenu());
    edit->addSeparator();
    edit->addAction(m_actions.selectAll);
    edit->addSeparator();
    edit->addActions({m_actions.find, m_actions.findNext, m_actions.findPrevious});
    edit->addSeparator();
    edit->addActions({m_actions.clearConversation, m_actions.showCleared});
    if (peerTitle.isEmpty()) {
        mine->addSeparator();
        fillPeerMenu(mine);
    } else {
        fillPeerMenu(menuBar()->addMenu(peerTitle));
    }
    fillViewMenu(menuBar()->addMenu(QStringLiteral("&View")));
    menuBar()->addMenu(QStringLiteral("&Help"))->addActions({m_actions.shortcuts, m_actions.about});
}

void SessionWindow::fillPeerMenu(QMenu *menu)
{
    menu->setToolTipsVisible(true);
    menu->addActions({m_actions.writeMessage, m_actions.namePeer});
    menu->addSeparator();
    menu->addActions(m_actions.waysToEnd());
    menu->addSeparator();
    menu->addActions({m_actions.faults, m_actions.socketOptions});
    menu->addSeparator();
    menu->addActions({m_actions.disconnectAll, m_actions.clearClosed});
    menu->addSeparator();
    menu->addActions({m_actions.nextPeer, m_actions.previousPeer, m_actions.nextNews, m_actions.filterPeers, m_actions.allPeers});
    QMenu *nth = menu->addMenu(QStringLiteral("&Go to"));
    for (QAction *action : m_actions.nthPeer) {
        nth->addAction(action);
    }
    m_peerList->view()->addActions({m_actions.openBeside, m_actions.namePeer});
    m_peerList->view()->addActions(m_actions.waysToEnd());
    m_peerList->view()->addActions({m_actions.faults, m_actions.socketOptions, m_actions.clearClosed});
}

void SessionWindow::fillViewMenu(QMenu *menu)
{
    menu->addActions({m_actions.showPeers, m_actions.showCalls, m_actions.showDetail});
    menu->addActions(m_calls->viewActions());
    menu->addActions({m_actions.showInspector, m_actions.kernelStates});
    menu->addSeparator();
    menu->addActions({m_actions.openBeside, m_actions.otherPane, m_actions.closeBeside});
    menu->addSeparator();
    menu->addMenu(QStringLiteral("&Show as"))->addActions(m_actions.showAs->actions());
    menu->addMenu(QStringLiteral("&Cut messages by"))->addActions(m_actions.cutBy->actions());
    QMenu *encoding = menu->addMenu(QStringLiteral("&Encoding"));
    encoding->setToolTipsVisible(true);
    encoding->addActions(m_actions.encoding->actions());
    encoding->addSeparator();
    encoding->addAction(m_actions.encodingForNew);
    menu->addMenu(QStringLiteral("T&imes"))->addActions(m_actions.timesAs->actions());
    menu->addSeparator();
    menu->addActions({m_actions.largerText, m_actions.smallerText, m_actions.normalText});
    menu->addSeparator();
    menu->addMenu(QStringLiteral("&Theme"))->addActions(m_actions.theme->actions());
}

} // namespace tincan

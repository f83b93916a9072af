// SPDX-License-Identifier: MIT
// What a ServerWindow does about listeners beside the first one.
#include "serverwindow.h"

#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "listenerdialog.h"
#include "session/listenerwords.h"
#include "session/wordssockets.h"
#include "ui/combobox.h"
#include "ui/endpointedit.h"
#include "ui/listenedit.h"
#include "ui/settings.h"

namespace tincan {

void ServerWindow::makeListenerActions()
{
    m_addAction->setToolTip(QStringLiteral("Listen on another address too, of any transport (Ctrl+Shift+N)"));
    m_addAction->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    m_stopAllAction->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F5));
    m_pauseAction->setCheckable(true);
    addActions({m_addAction, m_stopAllAction, m_pauseAction});
    connect(m_addAction, &QAction::triggered, this, &ServerWindow::addListener);
    connect(m_stopAllAction, &QAction::triggered, &m_session, &ServerSession::closeAll);
    connect(m_pauseAction, &QAction::triggered, this,
            [this](bool paused) { m_session.pauseAccepting(m_session.first(), paused); });
}

ListenRequest ServerWindow::base() const
{
    ListenRequest request;
    request.backlog = m_backlog.over(settings().backlog());
    return request;
}

// Beside others, the first has a row as well, before it was ever started.
void ServerWindow::prepareFirst()
{
    const bool isOnly
        = m_session.listeners()->wanted() == 0 || (m_session.listeners()->wanted() == 1 && m_session.first() != kNoListener);
    if (isOnly || m_session.state() != ServerSession::State::Stopped) {
        return;
    }
    if (const auto request = m_listen->request(base())) {
        m_session.prepare(*request);
    }
}

void ServerWindow::addListener()
{
    auto *dialog = findChild<ListenerDialog *>();
    if (!dialog) {
        dialog = new ListenerDialog(this);
        connect(dialog, &ListenerDialog::asked, this, [this](ListenRequest request) {
            request.backlog = base().backlog;
            m_session.open(request);
            prepareFirst();
        });
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void ServerWindow::toggle(ListenerId listener)
{
    const ListenerView *found = m_session.listeners()->find(listener);
    if (!found) {
        return;
    }
    if (found->isActive()) {
        m_session.close(listener);
    } else if (listener == m_session.first()) {
        start(); // as the fields say
    } else {
        notices()->dismiss(QStringLiteral("listen%1").arg(listener));
        m_session.restart(listener);
    }
}

void ServerWindow::showListenerMenu(ListenerId listener, const QPoint &at)
{
    const ListenerView *found = m_session.listeners()->find(listener);
    if (!found || found->retired) {
        return;
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("listenerMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(found->isActive() ? QStringLiteral("&Stop") : QStringLiteral("&Start"), this,
                    [this, listener] { toggle(listener); });
    menu->setToolTipsVisible(true);
    QAction *pause = menu->addAction(pauseText(found->asked.transport));
    pause->setToolTip(pauseMeaning(found->asked.transport));
    pause->setCheckable(true);
    pause->setChecked(found->acceptingPaused);
    pause->setEnabled(found->state == ListenerView::State::Listening);
    connect(pause, &QAction::triggered, this, [this, listener](bool paused) { m_session.pauseAccepting(listener, paused); });
    QAction *remove = menu->addAction(QStringLiteral("&Remove from the list"), this, [this, listener] {
        notices()->dismiss(QStringLiteral("listen%1").arg(listener));
        m_session.forget(listener);
    });
    remove->setEnabled(listener != m_session.first());
    menu->popup(at);
}

void ServerWindow::showListeners()
{
    const ListenerView *first = m_session.listeners()->find(m_session.first());
    const Transport transport = first ? first->asked.transport : m_endpoint->transport();
    m_pauseAction->setText(pauseText(transport));
    m_pauseAction->setToolTip(pauseMeaning(transport));
    m_pauseAction->setEnabled(first && first->state == ListenerView::State::Listening);
    m_pauseAction->setChecked(first && first->acceptingPaused);
    m_stopAllAction->setEnabled(m_session.isAnyActive());
    showStatus();
}

const ListenerView *ServerWindow::firstListening() const
{
    for (const ListenerView &listener : m_session.listeners()->views()) {
        if (listener.state == ListenerView::State::Listening) {
            return &listener;
        }
    }
    return nullptr;
}

QString ServerWindow::whereText() const
{
    const ListenerView *listening = firstListening();
    if (!listening) {
        return {};
    }
    int others = -1;
    for (const ListenerView &listener : m_session.listeners()->views()) {
        others += static_cast<int>(listener.state == ListenerView::State::Listening);
    }
    const QString where = listening->asked.transport == Transport::Tcp ? QString::fromStdString(listening->local.toString())
                                                                       : listenerTitle(*listening);
    return others == 0 ? where : QStringLiteral("%1 and %2 more").arg(where).arg(others);
}

void ServerWindow::sayNoAddress(const QString &why)
{
    FailureInfo failure;
    failure.error = {0, CallName::Parse, why.toStdString()};
    failure.transport = m_endpoint->transport();
    const ErrorWords said = words(failure, RecordKind::ListenFailed);
    notices()->post({.key = QStringLiteral("listen"), .headline = said.headline, .remedy = said.remedy});
    m_endpoint->hostEdit()->setFocus(Qt::OtherFocusReason);
}

} // namespace tincan

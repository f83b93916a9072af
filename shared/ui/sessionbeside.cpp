// SPDX-License-Identifier: MIT
// Two conversations side by side in a SessionWindow: the first pane follows the list of peers, the one beside it stays where it
// is. What commands are about is the pane that had the focus last.
#include "ui/sessionwindow.h"

#include <QActionGroup>
#include <QApplication>
#include <QSplitter>

#include "session/peermodel.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"
#include "ui/finder.h"
#include "ui/lensedit.h"
#include "ui/saving.h"
#include "ui/settings.h"
#include "ui/transcriptview.h"

namespace tincan {

// For the buttons in a pane: the same commands, but always about that pane. `pane` is looked at when one of them is triggered.
SessionActions SessionWindow::twins(ConversationPane *SessionWindow::*pane)
{
    SessionActions actions = m_actions;
    for (QAction **action : {&actions.find, &actions.saveConversation, &actions.finishSending, &actions.endReceiving,
                             &actions.shutdownBoth, &actions.disconnect, &actions.reset, &actions.stopReading, &actions.faults}) {
        QAction *of = *action;
        auto *twin = new QAction(of->icon(), of->text(), this);
        twin->setIconText(of->iconText());
        twin->setToolTip(of->toolTip());
        twin->setStatusTip(of->statusTip());
        twin->setCheckable(of->isCheckable());
        twin->setText(of->text() + u'\t' + of->shortcut().toString(QKeySequence::NativeText)); // shown, but not another one
        connect(twin, &QAction::triggered, this, [this, of, pane] {
            setActive(this->*pane);
            of->trigger();
        });
        *action = twin;
    }
    return actions;
}

// What is changed in a pane is said in the menus, where it is the one that they are about.
void SessionWindow::connectPane(ConversationPane *pane)
{
    const auto ifActive = [this, pane](auto what) {
        return [this, pane, what](auto... values) {
            if (pane == m_active) {
                what(values...);
            }
        };
    };
    connect(pane, &ConversationPane::showAsChanged, this,
            ifActive([this](int index) { m_actions.showAs->actions().at(index)->setChecked(true); }));
    connect(pane->lensEdit()->kindEdit(), &QComboBox::currentIndexChanged, this,
            ifActive([this](int index) { m_actions.cutBy->actions().at(index)->setChecked(true); }));
    connect(pane->view(), &TranscriptView::zoomChanged, this, ifActive([this](int percent) { showZoom(percent); }));
    connect(pane, &ConversationPane::encodingChanged, this, ifActive([this] { showEncoding(); }));
    connect(pane, &ConversationPane::detailShown, this,
            ifActive([this](bool shown) { m_actions.showDetail->setChecked(shown); }));
}

void SessionWindow::connectBeside()
{
    connect(m_actions.openBeside, &QAction::triggered, this, &SessionWindow::openBeside);
    connect(m_actions.closeBeside, &QAction::triggered, this, &SessionWindow::closeBeside);
    connect(m_actions.otherPane, &QAction::triggered, this, [this] {
        ConversationPane *other = m_active == m_pane ? m_beside : m_pane;
        other->focusIt();
    });
    for (QAction *action : {m_actions.closeBeside, m_actions.otherPane}) {
        action->setEnabled(false);
    }
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, const QWidget *now) { takeFocus(now); });
    connect(m_session.peers(), &QAbstractItemModel::rowsRemoved, this, [this] {
        if (isBesideShown() && m_session.peers()->rowOf(m_besideChoice.front()) < 0) {
            closeBeside(); // it was taken out of the list
        }
    });
}

bool SessionWindow::isBesideShown() const
{
    return m_beside && !m_beside->isHidden();
}

void SessionWindow::makeBeside()
{
    m_beside = new ConversationPane(m_session, m_words, m_besideActions, this, ConversationPane::Role::Beside);
    m_beside->setObjectName(QStringLiteral("beside"));
    m_beside->hide();
    m_upper->addWidget(m_beside);
    // A splitter puts the widget that comes first among its children; who looks for a control is to find the first pane's.
    m_peerList->lower();
    m_pane->lower();
    m_upper->setStretchFactor(m_upper->indexOf(m_beside), 1);
    m_beside->view()->setPlaceholder(m_hint);
    m_beside->restoreSplitters(m_settings);
    std::vector<QWidget *> order = m_beside->tabOrder();
    order.insert(order.begin(), m_pane->tabOrder().back());
    for (std::size_t at = 1; at < order.size(); ++at) {
        setTabOrder(order[at - 1], order[at]);
    }
    connect(m_beside, &ConversationPane::closeAsked, this, &SessionWindow::closeBeside);
    connectPane(m_beside);
}

// The conversation that is chosen in the list; where several are, the one that is looked at.
void SessionWindow::openBeside()
{
    if (!m_beside) {
        makeBeside();
    }
    const bool isNew = m_beside->isHidden();
    m_besideChoice = {m_peerList->current()};
    m_beside->setChoice(m_besideChoice.front(), m_besideChoice);
    m_session.peers()->setBeside(m_besideChoice.front());
    if (isNew) {
        m_beside->lookAs(*m_pane);
        m_beside->view()->setTimesAs(static_cast<TimesAs>(m_settings.timesAs()));
        const QList<int> sizes = m_upper->sizes();
        const int half = (m_pane->width() - m_upper->handleWidth()) / 2;
        m_beside->show();
        m_upper->setSizes({sizes.front(), half, half});
    }
    for (QAction *action : {m_actions.closeBeside, m_actions.otherPane}) {
        action->setEnabled(true);
    }
    m_beside->focusIt();
    setActive(m_beside);
    refresh();
}

// What was begun in it is there again when the conversation is opened there once more.
void SessionWindow::closeBeside()
{
    if (!isBesideShown()) {
        return;
    }
    const bool hadFocus = m_beside->isAncestorOf(focusWidget());
    m_beside->finder()->close();
    m_beside->hide();
    m_session.peers()->setBeside(std::nullopt);
    for (QAction *action : {m_actions.closeBeside, m_actions.otherPane}) {
        action->setEnabled(false);
    }
    setActive(m_pane);
    if (hadFocus) {
        m_pane->focusIt();
    }
}

void SessionWindow::takeFocus(const QWidget *focus)
{
    if (!focus || !m_beside) {
        return;
    }
    if (m_beside->isAncestorOf(focus)) {
        setActive(m_beside);
    } else if (m_pane->isAncestorOf(focus) || m_peerList->isAncestorOf(focus)) {
        setActive(m_pane); // which the list is about
    }
}

void SessionWindow::setActive(ConversationPane *pane)
{
    if (pane == m_active) {
        return;
    }
    m_active = pane;
    dismissEnding(); // it was asked of the other one
    m_saving->setPane(*pane);
    m_actions.showAs->actions().at(pane->showAs())->setChecked(true);
    m_actions.cutBy->actions().at(pane->lensEdit()->kindEdit()->currentIndex())->setChecked(true);
    m_actions.showDetail->setChecked(pane->isDetailShown());
    showZoom(pane->view()->zoom());
    showEncoding();
    refresh();
}

// Those that the commands that end connections are about.
const std::vector<PeerId> &SessionWindow::choice() const
{
    return m_active == m_pane ? m_peerList->chosen() : m_besideChoice;
}

void SessionWindow::showEncoding()
{
    m_actions.encoding->actions().at(indexOf(m_active->encoding()))->setChecked(true);
    m_actions.encodingForNew->setEnabled(&m_active->encoding() != &encodingOf(m_settings.encoding()));
}

void SessionWindow::showZoom(int percent)
{
    m_actions.largerText->setEnabled(percent < TranscriptView::kLargestZoom);
    m_actions.smallerText->setEnabled(percent > TranscriptView::kSmallestZoom);
    m_actions.normalText->setEnabled(percent != 100);
    m_actions.normalText->setText(percent == 100 ? QStringLiteral("&Normal text")
                                                 : QStringLiteral("&Normal text (now %1 %)").arg(percent));
}

void SessionWindow::setStopped(const QString &hint)
{
    m_hint = hint;
    for (const ConversationPane *pane : {m_pane, m_beside}) {
        if (pane) {
            pane->view()->setPlaceholder(hint);
        }
    }
}

} // namespace tincan

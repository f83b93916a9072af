// SPDX-License-Identifier: MIT
#include "ui/sessionwindow.h"

#include <utility>

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include "session/peermodel.h"
#include "session/words.h"
#include "ui/callpane.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"
#include "ui/finder.h"
#include "ui/helpdialogs.h"
#include "ui/lensedit.h"
#include "ui/savedsessions.h"
#include "ui/saving.h"
#include "ui/settings.h"
#include "ui/statusline.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

constexpr int kRefreshMilliseconds = 100;

// The line of an editable combo box stands in the chain by itself: wherever it is, Shift+Tab goes from it to the box. While it
// hands its focus on to the box, setTabOrder() cannot place it.
void setOrder(const std::vector<QWidget *> &order)
{
    QWidget *before = nullptr;
    for (QWidget *widget : order) {
        if (before) {
            QWidget::setTabOrder(before, widget);
        }
        before = widget;
        const auto *box = qobject_cast<QComboBox *>(widget);
        if (QLineEdit *line = box ? box->lineEdit() : nullptr) {
            line->setFocusProxy(nullptr);
            QWidget::setTabOrder(widget, line);
            before = line;
        }
    }
    for (QWidget *widget : order) {
        const auto *box = qobject_cast<QComboBox *>(widget);
        if (box && box->lineEdit()) {
            box->lineEdit()->setFocusProxy(widget);
        }
    }
}

} // namespace

SessionWindow::SessionWindow(Session &session, Settings &settings, const PeerWords &words, QWidget *parent, SavedSessions *saved)
    : QMainWindow(parent)
    , m_session(session)
    , m_live(session.live())
    , m_saved(saved ? saved : new SavedSessions(settings, this))
    , m_settings(settings)
    , m_words(words)
    , m_actions(m_words, this)
    , m_firstActions(twins(&SessionWindow::m_pane))
    , m_besideActions(twins(&SessionWindow::m_beside))
    , m_notices(new NoticeBar(this))
    , m_upper(new QSplitter(Qt::Horizontal, this))
    , m_whole(new QSplitter(Qt::Vertical, this))
    , m_peerList(new PeerList(session.peers(), m_words, this, session.listeners()))
    , m_pane(new ConversationPane(session, m_words, m_firstActions, this))
    , m_active(m_pane)
    , m_calls(new CallPane(session, m_words, *m_notices, settings, this))
    , m_status(new StatusLine(session, m_words, this))
    , m_refresh(new QTimer(this))
    , m_saving(new Saving(session, *m_pane, *m_notices, settings, this))
{
    auto *central = new QWidget(this);
    m_layout = new QVBoxLayout(central);
    m_layout->setContentsMargins({});
    m_layout->setSpacing(0);
    m_layout->addWidget(m_notices);
    m_upper->addWidget(m_peerList);
    m_upper->addWidget(m_pane);
    m_upper->setStretchFactor(1, 1);
    m_upper->setChildrenCollapsible(false);
    m_whole->addWidget(m_upper);
    m_whole->addWidget(m_calls);
    m_whole->setStretchFactor(0, 1);
    m_whole->setChildrenCollapsible(false);
    auto *inside = new QVBoxLayout; // a splitter leaves its own margins out of what it needs
    inside->setContentsMargins(8, 8, 8, 2);
    inside->addWidget(m_whole);
    m_layout->addLayout(inside, 1);
    setCentralWidget(central);
    setStatusBar(m_status);
    m_refresh->setSingleShot(true);
    m_refresh->setInterval(kRefreshMilliseconds);
    connectSession();
    connectActions();
    connectViewActions();
    if (m_live) {
        m_live->followDelivery();
    }
    connectEncoding();
    connectPane(m_pane);
    connectBeside();
    connectHistory();
    makeInspector();
}

SessionWindow::~SessionWindow()
{
    disconnect(qApp, nullptr, this, nullptr); // the focus wanders while the children go
    // Where the window is still shown, its end hides the dock, which says so when this is a QWidget only.
    disconnect(m_inspectorDock->toggleViewAction(), nullptr, this, nullptr);
}

void SessionWindow::addTopBar(QWidget *bar, const std::vector<QWidget *> &tabOrder)
{
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    m_layout->insertWidget(0, bar);
    m_layout->insertWidget(1, line);

    std::vector<QWidget *> order = tabOrder;
    order.push_back(m_peerList->filterEdit());
    order.push_back(m_peerList->view());
    const std::vector<QWidget *> pane = m_pane->tabOrder();
    order.insert(order.end(), pane.begin(), pane.end());
    const std::vector<QWidget *> calls = m_calls->tabOrder();
    order.insert(order.end(), calls.begin(), calls.end());
    setOrder(order);
}

void SessionWindow::connectSession()
{
    connect(m_peerList, &PeerList::choiceChanged, this, &SessionWindow::takeChoice);
    if (m_live) {
        connect(m_peerList, &PeerList::picked, m_pane->composer(), &Composer::focusMessage);
        connect(m_live, &LiveSession::noticeRaised, this, &SessionWindow::showNotice);
        connect(m_live, &LiveSession::recordingFailed, this, &SessionWindow::showRecordingFailed);
        connect(m_live, &LiveSession::recordingRecovered, this, &SessionWindow::showRecordingRecovered);
    }
    connect(m_peerList, &PeerList::filterChanged, this, &SessionWindow::refresh);
    connect(&m_session, &Session::rowsAdded, this, &SessionWindow::rowsCame);
    connect(m_session.peers(), &PeerModel::openCountChanged, this, [this](int open) {
        // The first to come and the last to go change what can be done; the others only how many there are.
        const bool isTurn = (open == 0) != (std::exchange(m_shownOpen, open) == 0);
        isTurn ? refresh() : refreshSoon();
        if (open == 0) {
            dismissEnding();
        }
    });
    connect(m_session.peers(), &PeerModel::dataChanged, this, &SessionWindow::refreshSoon);
    connect(m_refresh, &QTimer::timeout, this, &SessionWindow::refresh);
}

void SessionWindow::connectActions()
{
    const auto on = [this](QAction *action, auto what) { connect(action, &QAction::triggered, this, what); };
    on(m_actions.quit, [this] { m_saved->quit(); });
    on(m_actions.closeWindow, &QWidget::close);
    on(m_actions.settings, &SessionWindow::showSettings);
    on(m_actions.copy, [this] { toFocusWidget("copy"); });
    connect(m_actions.copyAs, &QActionGroup::triggered, this,
            [this](const QAction *action) { m_active->view()->copy(static_cast<CopyAs>(action->data().toInt())); });
    on(m_actions.saveConversation, [this] { m_saving->ask(m_active->conversation()); });
    on(m_actions.saveSession, [this] { m_saving->ask(kNoPeer); });
    on(m_actions.selectAll, [this] { toFocusWidget("selectAll"); });
    on(m_actions.find, [this] { m_active->finder()->open(); });
    on(m_actions.findNext, [this] { m_active->finder()->step(1); });
    on(m_actions.findPrevious, [this] { m_active->finder()->step(-1); });
    on(m_actions.previousPeer, [this] { m_peerList->step(-1); });
    on(m_actions.nextPeer, [this] { m_peerList->step(1); });
    on(m_actions.nextNews, [this] { m_peerList->chooseNextWithNews(); });
    for (std::size_t at = 0; at < m_actions.nthPeer.size(); ++at) {
        on(m_actions.nthPeer[at], [this, at] { m_peerList->chooseNth(static_cast<int>(at) + 1); });
    }
    on(m_actions.allPeers, [this] { m_peerList->choose(kNoPeer); });
    on(m_actions.filterPeers, [this] {
        m_actions.showPeers->setChecked(true);
        m_peerList->filterEdit()->setFocus(Qt::ShortcutFocusReason);
        m_peerList->filterEdit()->selectAll();
    });
    on(m_actions.namePeer, [this] {
        m_actions.showPeers->setChecked(true);
        m_peerList->editName();
    });
    on(m_actions.writeMessage, [this] { m_active->composer()->focusMessage(); });
    connectEndings();
    connectSockets();
    on(m_actions.shortcuts, [this] { showShortcuts(this, menuBar()); });
    on(m_actions.about, [this] { showAbout(this, QApplication::applicationName()); });
}

void SessionWindow::connectViewActions()
{
    connect(m_actions.showAs, &QActionGroup::triggered, this,
            [this](QAction *action) { m_active->setShowAs(action->data().toInt()); });
    connect(m_actions.showCalls, &QAction::toggled, m_calls, &QWidget::setVisible);
    connect(m_actions.showPeers, &QAction::toggled, m_peerList, &QWidget::setVisible);
    connect(m_actions.cutBy, &QActionGroup::triggered, this,
            [this](const QAction *action) { m_active->lensEdit()->kindEdit()->setCurrentIndex(action->data().toInt()); });
    connect(m_actions.timesAs, &QActionGroup::triggered, this, [this](const QAction *action) {
        m_settings.setTimesAs(action->data().toInt());
        for (const ConversationPane *pane : {m_pane, m_beside}) {
            if (pane) {
                pane->view()->setTimesAs(static_cast<TimesAs>(action->data().toInt()));
            }
        }
    });
    connect(m_actions.largerText, &QAction::triggered, this, [this] { m_active->view()->zoomBy(1); });
    connect(m_actions.smallerText, &QAction::triggered, this, [this] { m_active->view()->zoomBy(-1); });
    connect(m_actions.normalText, &QAction::triggered, this, [this] { m_active->view()->setZoom(100); });
    connect(m_actions.theme, &QActionGroup::triggered, this, [this](QAction *action) {
        const auto theme = static_cast<Theme>(action->data().toInt());
        m_settings.setTheme(theme);
        applyTheme(theme);
    });
}

void SessionWindow::connectEncoding()
{
    connect(m_actions.encoding, &QActionGroup::triggered, this, [this](const QAction *action) {
        m_active->setEncoding(encodings()[static_cast<std::size_t>(action->data().toInt())]);
    });
    connect(m_actions.encodingForNew, &QAction::triggered, this, [this] {
        const Encoding &encoding = m_active->encoding();
        m_settings.setEncoding(QString::fromLatin1(encoding.id));
        for (ConversationPane *pane : {m_pane, m_beside}) {
            if (pane) {
                pane->setDefaultEncoding(encoding);
            }
        }
        showEncoding();
    });
    connect(m_actions.showDetail, &QAction::triggered, this, [this](bool shown) { m_active->showDetail(shown); });
}

void SessionWindow::restore()
{
    if (!restoreGeometry(m_live ? m_settings.geometry() : m_settings.savedGeometry())) {
        resize(1080, 720);
    }
    if (!m_upper->restoreState(m_settings.splitter(QStringLiteral("upper")))) {
        m_upper->setSizes({230, 850});
    }
    if (!m_whole->restoreState(m_settings.splitter(QStringLiteral("whole")))) {
        m_whole->setSizes({560, 120});
    }
    m_actions.showCalls->setChecked(m_settings.isCallsShown());
    m_actions.showPeers->setChecked(m_settings.isPeersShown());
    m_calls->setVisible(m_settings.isCallsShown());
    m_peerList->setVisible(m_settings.isPeersShown());
    m_pane->setShowAs(m_settings.showAs());
    m_pane->lensEdit()->setLens(m_settings.lens());
    m_pane->view()->setTimesAs(static_cast<TimesAs>(m_settings.timesAs()));
    m_actions.timesAs->actions().at(m_settings.timesAs())->setChecked(true);
    m_pane->view()->setZoom(m_settings.zoom());
    showZoom(m_pane->view()->zoom());
    m_actions.showAs->actions().at(m_pane->showAs())->setChecked(true);
    m_pane->setDefaultEncoding(encodingOf(m_settings.encoding()));
    showEncoding();
    m_pane->restoreSplitters(m_settings);
    restoreInspector();
    m_pane->composer()->setComposeAs(m_settings.composeAs());
    m_pane->composer()->setLineEnding(m_settings.lineEnding());
    m_actions.theme->actions().at(static_cast<int>(themeFromEnvironment(m_settings.theme())))->setChecked(true);
    if (m_live) {
        m_live->setSettings(sessionSettings());
    }
    refresh();
}

void SessionWindow::takeChoice()
{
    dismissEnding(); // it was asked of another choice
    m_pane->setChoice(m_peerList->current(), m_peerList->chosen(), m_peerList->hiddenCount());
    m_calls->setPeer(m_peerList->current());
    refresh();
}

// Peers come and go by the thousand; what is said of those chosen is made a few times a second.
void SessionWindow::refreshSoon()
{
    if (!m_refresh->isActive()) {
        m_refresh->start();
    }
}

int SessionWindow::stateOf(PeerId peer) const
{
    const Peer *found = peer == kNoPeer ? nullptr : m_session.peers()->find(peer);
    return found ? static_cast<int>(found->state) : -1;
}

void SessionWindow::rowsCame()
{
    if (stateOf(m_peerList->current()) != m_shownState || stateOf(m_besideChoice.front()) != m_besideState) {
        refresh();
    }
}

void SessionWindow::refresh()
{
    m_shownState = stateOf(m_peerList->current());
    m_besideState = stateOf(m_besideChoice.front());
    m_pane->refresh(m_peerList->hiddenCount());
    if (isBesideShown()) {
        m_beside->refresh();
    }
    enableEndings();
    refreshSockets();
    inspectActive();
    m_actions.showCleared->setEnabled(m_active->isCleared());
}

// Every widget that holds something to copy has a slot of that name.
void SessionWindow::toFocusWidget(const char *slot)
{
    QWidget *focus = focusWidget();
    if (focus
        && focus->metaObject()->indexOfMethod(
               QMetaObject::normalizedSignature(qPrintable(QLatin1String(slot) + QLatin1String("()"))).constData())
            >= 0) {
        QMetaObject::invokeMethod(focus, slot);
    }
}

SessionSettings SessionWindow::sessionSettings() const
{
    return m_settings.session();
}

void SessionWindow::addRemedy(const Notice & /*notice*/, NoticeText & /*text*/) { }

void SessionWindow::showSettings()
{
    auto *dialog = findChild<SettingsDialog *>();
    if (!dialog) {
        dialog = new SettingsDialog(m_settings, settingsFor(), this);
        connect(dialog, &SettingsDialog::changed, this, [this] {
            settingsChanged();
            if (m_live) {
                m_live->setSettings(sessionSettings());
            }
        });
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void SessionWindow::save()
{
    if (!m_live) {
        m_settings.setSavedGeometry(saveGeometry());
        return; // the rest is as the window of the running session leaves it
    }
    m_settings.setGeometry(saveGeometry());
    m_settings.setSplitter(QStringLiteral("upper"), m_upper->saveState());
    m_settings.setSplitter(QStringLiteral("whole"), m_whole->saveState());
    saveInspector();
    m_settings.setCallsShown(m_actions.showCalls->isChecked());
    m_settings.setPeersShown(m_actions.showPeers->isChecked());
    m_settings.setShowAs(m_pane->showAs());
    m_settings.setLens(m_pane->lensEdit()->lens());
    m_pane->saveSplitters(m_settings);
    m_settings.setZoom(m_pane->view()->zoom());
    m_settings.setComposeAs(m_pane->composer()->composeAs());
    m_settings.setLineEnding(m_pane->composer()->lineEnding());
    saveOwn();
}

void SessionWindow::closeEvent(QCloseEvent *event)
{
    save();
    for (auto *dialog : findChildren<QDialog *>()) {
        dialog->close();
    }
    // Ending takes as long as the peers take to read what is queued; nobody needs to look at that.
    hide();
    m_saving->waitForEnd();
    if (m_live) {
        m_live->end();
    }
    event->accept();
}

} // namespace tincan

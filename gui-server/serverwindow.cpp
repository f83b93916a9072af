// SPDX-License-Identifier: MIT
#include "serverwindow.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include "session/listenerwords.h"
#include "session/peermodel.h"
#include "ui/answeredit.h"
#include "ui/combobox.h"
#include "ui/endpointedit.h"
#include "ui/foldingbar.h"
#include "ui/icons.h"
#include "ui/listenedit.h"
#include "ui/settings.h"
#include "ui/statusline.h"
#include "ui/theme.h"

namespace tincan {

namespace {

PeerWords peerWords()
{
    return {QStringLiteral("Peers"), QStringLiteral("All peers"), QStringLiteral("peer"), QStringLiteral("peers")};
}

} // namespace

ServerWindow::ServerWindow(ServerSession &session, Settings &settings, const ServerWindowOptions &options, QWidget *parent)
    : SessionWindow(session, settings, peerWords(), parent)
    , m_session(session)
    , m_listen(new ListenEdit({}, this))
    , m_endpoint(m_listen->endpointEdit())
    , m_answer(new AnswerEdit(this))
    , m_startStop(new QPushButton(this))
    , m_moreButton(new QToolButton(this))
    , m_addButton(new QToolButton(this))
    , m_startStopAction(new QAction(this))
    , m_addAction(new QAction(icon(QLatin1String("add")), QStringLiteral("&Listen on another address too…"), this))
    , m_stopAllAction(new QAction(QStringLiteral("Stop &all listeners"), this))
    , m_pauseAction(new QAction(QStringLiteral("&Pause accepting"), this))
{
    setWindowTitle(QStringLiteral("Tincan Server"));
    m_startStopAction->setShortcut(QKeySequence(Qt::Key_F5));
    addAction(m_startStopAction);
    makeListenerActions();
    makeTopBar();
    addMenus(QStringLiteral("&Server"), {m_startStopAction, m_pauseAction, m_addAction, m_stopAllAction},
             QStringLiteral("&Peer"));
    takeOptions(options);
    restore();

    connect(&m_session, &ServerSession::stateChanged, this, &ServerWindow::showState);
    connect(&m_session, &ServerSession::listenersChanged, this, &ServerWindow::showListeners);
    connect(peerList(), &PeerList::listenerToggled, this, &ServerWindow::toggle);
    connect(peerList(), &PeerList::listenerMenuAsked, this, &ServerWindow::showListenerMenu);
    connect(m_listen, &ListenEdit::changed, this, &ServerWindow::prepareFirst);
    connect(m_endpoint->hostEdit(), &QComboBox::editTextChanged, this, &ServerWindow::prepareFirst);
    connect(m_endpoint->portEdit(), &QSpinBox::valueChanged, this, &ServerWindow::prepareFirst);
    connect(m_session.peers(), &PeerModel::openCountChanged, this, &ServerWindow::showStatus);
    connect(m_startStop, &QPushButton::clicked, this, &ServerWindow::startOrStop);
    connect(m_startStopAction, &QAction::triggered, this, &ServerWindow::startOrStop);
    connect(m_endpoint, &EndpointEdit::entered, this, &ServerWindow::start);
    connect(m_answer, &AnswerEdit::answerChanged, this, [this] { m_session.setAnswer(m_answer->answer()); });
    showState();
    showListeners();
    m_startStop->setFocus(Qt::OtherFocusReason);
    if (options.start) {
        startOrStop();
    }
}

void ServerWindow::makeTopBar()
{
    m_startStop->setObjectName(QStringLiteral("startStop"));
    m_startStop->setMinimumWidth(fontMetrics().averageCharWidth() * 11);
    m_addButton->setDefaultAction(m_addAction);
    m_addButton->setObjectName(QStringLiteral("addListener"));
    m_addButton->setAccessibleName(QStringLiteral("Listen on another address too"));
    m_addButton->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_moreButton->setObjectName(QStringLiteral("moreListenOptions"));
    m_moreButton->setAccessibleName(QStringLiteral("More about listening"));
    m_moreButton->setIcon(icon(QLatin1String("options")));
    m_moreButton->setCheckable(true);
    m_moreButton->setToolTip(QStringLiteral("More: loops, permissions of a path, multicast groups, socket options"));
    QToolButton *options = makeOptionsButton();
    const auto showMore = [this, options](bool shown) {
        m_listen->more()->setVisible(shown);
        options->setVisible(shown);
    };
    connect(m_moreButton, &QToolButton::toggled, this, showMore);
    showMore(false);
    m_endpoint->hideLabel();
    m_endpoint->portEdit()->setFixedWidth(m_endpoint->portEdit()->fontMetrics().averageCharWidth() * 9);

    auto *label = new QLabel(QStringLiteral("&Listen on"), this);
    label->setBuddy(m_endpoint->hostEdit());
    auto *bar = new FoldingBar(this);
    QHBoxLayout *row = bar->row();
    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    bar->addRow(second);
    second->addWidget(m_listen->more());
    second->addWidget(options);
    second->addStretch(1);
    second->addWidget(m_answer->prefixEdit()); // where it does not crowd the bar
    row->addWidget(label);
    row->addWidget(m_listen->transportEdit());
    row->addWidget(m_endpoint, 1);
    row->addWidget(m_moreButton);
    row->addWidget(m_addButton);
    row->addSpacing(4);
    bar->addFolding({m_listen->serveLabel(), m_listen->serveEdit(), m_answer});
    row->addSpacing(4);
    row->addWidget(m_startStop);
    addTopBar(bar,
              {m_listen->transportEdit(), m_endpoint->hostEdit(), m_endpoint->portEdit(), m_moreButton, m_addButton,
               m_listen->serveEdit(), m_answer->modeEdit(), m_startStop, m_listen->loopsEdit(), m_listen->modeEdit(),
               m_listen->groupsEdit(), options, m_answer->prefixEdit()});
}

void ServerWindow::takeOptions(const ServerWindowOptions &options)
{
    // What a command line does not say is as --help has it, not as the window was left.
    ListenRequest request = options.address ? ListenRequest() : settings().serving();
    // Who asks for loops asks for the way to serve that has them.
    request.serving = options.serving.value_or(options.loops ? Serving::EventLoop : request.serving);
    request.loops = options.loops.value_or(request.loops);
    request.pathMode = options.pathMode.value_or(request.pathMode);
    request.groups = options.groups.empty() ? request.groups : options.groups;
    request.transport = options.transport.value_or(options.address ? Transport::Tcp : settings().transport());
    m_endpoint->setIpHost(settings().address());
    m_endpoint->setPath(settings().path());
    m_endpoint->setPort(settings().port());
    if (options.address) {
        request.address = *options.address;
    }
    m_listen->setRequest(request);
    AnswerOptions answer = options.answer.value_or(settings().answer());
    m_afterFin = {options.afterFin, settings().answer().afterFin};
    answer.afterFin = m_afterFin.over(settings().answer().afterFin);
    m_answer->setAnswer(answer);
    m_session.setAnswer(answer);
    m_backlog = {options.backlog, settings().backlog()};
    m_maxPeers = {options.maxPeers, settings().session().maxPeers};
    m_keepsListeners = !options.address;
    const std::vector<ListenRequest> more = options.address ? options.more : settings().listeners();
    for (ListenRequest other : more) {
        other.backlog = base().backlog;
        m_session.open(other, false);
    }
    prepareFirst();
}

void ServerWindow::startOrStop()
{
    if (m_session.state() != ServerSession::State::Stopped) {
        m_session.stop();
        return;
    }
    start();
    if (m_session.state() != ServerSession::State::Stopped) { // the others with it
        m_session.startAll();
    }
}

void ServerWindow::start()
{
    if (m_session.state() != ServerSession::State::Stopped) {
        return;
    }
    const auto request = m_listen->request(base());
    if (!request) {
        sayNoAddress(request.error());
        return;
    }
    notices()->dismiss(QStringLiteral("listen"));
    m_askedPort = request->address.port();
    m_session.start(*request);
}

void ServerWindow::showState()
{
    using State = ServerSession::State;
    const State state = m_session.state();
    const bool isStopped = state == State::Stopped;
    const QString word = isStopped ? QStringLiteral("Start") : QStringLiteral("Stop");
    const QIcon picture = icon(isStopped ? QLatin1String("start") : QLatin1String("stop"));
    m_startStop->setText(word);
    m_startStop->setAccessibleName(word);
    m_startStop->setIcon(picture);
    m_startStop->setEnabled(state != State::Stopping);
    m_startStop->setToolTip(isStopped ? QStringLiteral("Listen for peers (F5)")
                                      : QStringLiteral("Stop listening and disconnect everybody (F5)"));
    m_startStopAction->setText(isStopped ? QStringLiteral("&Start") : QStringLiteral("&Stop"));
    m_startStopAction->setIcon(picture);
    m_startStopAction->setEnabled(state != State::Stopping);
    m_listen->setEnabled(isStopped);
    if (state == State::Listening && m_session.listeningOn().isIp()) {
        m_endpoint->setPort(m_session.listeningOn().port());
    }
    showStatus();
}

void ServerWindow::showStatus()
{
    const QString program = QStringLiteral("Tincan Server");
    const QString where = whereText();
    setWindowTitle(where.isEmpty() ? program : where + QStringLiteral(" — ") + program);
    const ListenerView *listening = firstListening();
    using State = ServerSession::State;
    switch (listening && m_session.state() == State::Stopped ? State::Listening : m_session.state()) {
    case ServerSession::State::Stopped:
        statusLine()->setState(quietColour(), QStringLiteral("Not listening"));
        setStopped(QStringLiteral("Press Start. Whoever connects then appears on the left."));
        break;
    case ServerSession::State::Starting:
        statusLine()->setState(waitingColour(), QStringLiteral("Starting…"));
        break;
    case ServerSession::State::Listening:
        if (listening) {
            statusLine()->setState(goodColour(), listeningWord(listening->asked.transport) + u' ' + where);
            setStopped(QStringLiteral("Listening. Nobody has written yet; try:  ")
                       + tryText(listening->asked.transport, listening->where()));
        }
        break;
    case ServerSession::State::Stopping:
        statusLine()->setState(waitingColour(),
                               QStringLiteral("Stopping: %1 still finishing…").arg(m_session.peers()->openCount()));
        break;
    }
}

void ServerWindow::saveOwn()
{
    settings().setAddress(m_endpoint->ipHost());
    settings().setPath(m_endpoint->path());
    settings().setTransport(m_endpoint->transport());
    if (const auto request = m_listen->request()) {
        settings().setServing(*request);
    }
    std::vector<ListenRequest> others;
    for (const ListenerView &listener : m_session.listeners()->views()) {
        if (listener.id != m_session.first() && !listener.retired) {
            others.push_back(listener.asked);
        }
    }
    if (m_keepsListeners) { // those of a command line are for this time
        settings().setListeners(others);
    }
    // A port that the kernel chose once is not one to ask for the next time.
    const bool isChosenByKernel = m_askedPort == 0 && m_session.listeningOn().port() == m_endpoint->port();
    settings().setPort(isChosenByKernel ? 0 : m_endpoint->port());
    AnswerOptions answer = m_answer->answer();
    answer.afterFin = settings().answer().afterFin; // that of a command line is for this time
    settings().setAnswer(answer);
}

void ServerWindow::settingsChanged()
{
    const AfterFin chosen = settings().answer().afterFin;
    m_afterFin.follow(chosen);
    AnswerOptions answer = m_answer->answer();
    if (const AfterFin afterFin = m_afterFin.over(chosen); afterFin != answer.afterFin) {
        answer.afterFin = afterFin;
        m_answer->setAnswer(answer);
        m_session.setAnswer(answer);
    }
    m_backlog.follow(settings().backlog());
    m_session.setBacklog(base().backlog);
    m_maxPeers.follow(settings().session().maxPeers);
}

SessionSettings ServerWindow::sessionSettings() const
{
    SessionSettings session = settings().session();
    session.maxPeers = m_maxPeers.over(session.maxPeers);
    return session;
}

void ServerWindow::addRemedy(const Notice &notice, NoticeText &text)
{
    const auto *failure = std::get_if<FailureInfo>(&notice.detail);
    if (notice.kind != RecordKind::ListenFailed || !failure) {
        return;
    }
    if (failure->listener != m_session.first()) {
        text.key = QStringLiteral("listen%1").arg(failure->listener); // each has its own
        return;
    }
    if (failure->endpoint.port() == 0) {
        return;
    }
    if (failure->error.code == EADDRINUSE || failure->error.code == EACCES) {
        text.actionText = QStringLiteral("Use a free port");
        text.action = [this] {
            m_endpoint->setPort(0);
            start();
        };
    }
}

} // namespace tincan

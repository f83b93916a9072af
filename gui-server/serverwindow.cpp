// SPDX-License-Identifier: MIT
#include "serverwindow.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include "session/peermodel.h"
#include "session/words.h"
#include "ui/answeredit.h"
#include "ui/combobox.h"
#include "ui/endpointedit.h"
#include "ui/icons.h"
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
    , m_endpoint(new EndpointEdit(EndpointEdit::For::Listening, this))
    , m_answer(new AnswerEdit(this))
    , m_startStop(new QPushButton(this))
    , m_startStopAction(new QAction(this))
{
    setWindowTitle(QStringLiteral("Tincan Server"));
    m_startStopAction->setShortcut(QKeySequence(Qt::Key_F5));
    addAction(m_startStopAction);
    makeTopBar();
    addMenus(QStringLiteral("&Server"), {m_startStopAction}, QStringLiteral("&Peer"));
    takeOptions(options);
    restore();
    if (options.maxPeers) {
        SessionSettings limits = settings.session();
        limits.maxPeers = *options.maxPeers;
        m_session.setSettings(limits);
    }

    connect(&m_session, &ServerSession::stateChanged, this, &ServerWindow::showState);
    connect(m_session.peers(), &PeerModel::openCountChanged, this, &ServerWindow::showStatus);
    connect(m_startStop, &QPushButton::clicked, this, &ServerWindow::startOrStop);
    connect(m_startStopAction, &QAction::triggered, this, &ServerWindow::startOrStop);
    connect(m_endpoint, &EndpointEdit::entered, this, &ServerWindow::start);
    connect(m_answer, &AnswerEdit::answerChanged, this, [this] { m_session.setAnswer(m_answer->answer()); });
    showState();
    m_startStop->setFocus(Qt::OtherFocusReason);
    if (options.start) {
        start();
    }
}

void ServerWindow::makeTopBar()
{
    m_startStop->setObjectName(QStringLiteral("startStop"));
    m_startStop->setMinimumWidth(fontMetrics().averageCharWidth() * 14);
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 7, 8, 7);
    row->setSpacing(14);
    row->addWidget(m_endpoint);
    row->addWidget(m_answer);
    row->addStretch(1);
    QToolButton *options = makeOptionsButton();
    row->addWidget(options);
    row->addWidget(m_startStop);
    m_endpoint->portEdit()->setFixedWidth(m_endpoint->portEdit()->fontMetrics().averageCharWidth() * 9);
    addTopBar(
        bar,
        {m_endpoint->hostEdit(), m_endpoint->portEdit(), m_answer->modeEdit(), m_answer->prefixEdit(), options, m_startStop});
}

void ServerWindow::takeOptions(const ServerWindowOptions &options)
{
    m_endpoint->setHost(options.address ? QString::fromStdString(options.address->addressText()) : settings().address());
    m_endpoint->setPort(options.address ? options.address->port() : settings().port());
    AnswerOptions answer = options.answer.value_or(settings().answer());
    answer.afterFin = options.afterFin.value_or(settings().answer().afterFin);
    m_answer->setAnswer(answer);
    m_session.setAnswer(answer);
    m_backlog = options.backlog;
}

void ServerWindow::startOrStop()
{
    m_session.state() == ServerSession::State::Stopped ? start() : m_session.stop();
}

void ServerWindow::start()
{
    if (m_session.state() != ServerSession::State::Stopped) {
        return;
    }
    const Result<Endpoint> endpoint = m_endpoint->endpoint();
    if (!endpoint) {
        FailureInfo failure;
        failure.error = endpoint.error();
        const ErrorWords said = words(failure, RecordKind::ListenFailed);
        notices()->post({.key = QStringLiteral("listen"), .headline = said.headline, .remedy = said.remedy});
        m_endpoint->hostEdit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    notices()->dismiss(QStringLiteral("listen"));
    m_askedPort = endpoint->port();
    m_session.start(*endpoint, m_backlog.value_or(settings().backlog()));
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
    m_endpoint->hostEdit()->setEnabled(isStopped);
    m_endpoint->portEdit()->setEnabled(isStopped);
    if (state == State::Listening) {
        m_endpoint->setPort(m_session.listeningOn().port());
    }
    showStatus();
}

void ServerWindow::showStatus()
{
    const QString program = QStringLiteral("Tincan Server");
    const QString where = QString::fromStdString(m_session.listeningOn().toString());
    setWindowTitle(where.isEmpty() ? program : where + QStringLiteral(" — ") + program);
    switch (m_session.state()) {
    case ServerSession::State::Stopped:
        statusLine()->setState(quietColour(), QStringLiteral("Not listening"));
        setStopped(QStringLiteral("Press Start. Whoever connects then appears on the left."));
        break;
    case ServerSession::State::Starting:
        statusLine()->setState(waitingColour(), QStringLiteral("Starting…"));
        break;
    case ServerSession::State::Listening: {
        const Endpoint &at = m_session.listeningOn();
        statusLine()->setState(goodColour(), QStringLiteral("Listening on ") + where);
        const QString host = !at.isAny()            ? QString::fromStdString(at.addressText())
            : at.family() == Endpoint::Family::IPv6 ? QStringLiteral("localhost")
                                                    : QStringLiteral("127.0.0.1");
        setStopped(QStringLiteral("Listening. Nobody has written yet; try:  nc %1 %2").arg(host).arg(at.port()));
        break;
    }
    case ServerSession::State::Stopping:
        statusLine()->setState(waitingColour(),
                               QStringLiteral("Stopping: %1 still finishing…").arg(m_session.peers()->openCount()));
        break;
    }
}

void ServerWindow::saveOwn()
{
    settings().setAddress(m_endpoint->host());
    // A port that the kernel chose once is not one to ask for the next time.
    const bool isChosenByKernel = m_askedPort == 0 && m_session.listeningOn().port() == m_endpoint->port();
    settings().setPort(isChosenByKernel ? 0 : m_endpoint->port());
    settings().setAnswer(m_answer->answer());
}

void ServerWindow::settingsChanged()
{
    AnswerOptions answer = m_answer->answer();
    if (const AfterFin afterFin = settings().answer().afterFin; afterFin != answer.afterFin) {
        answer.afterFin = afterFin;
        m_answer->setAnswer(answer);
        m_session.setAnswer(answer);
    }
    m_backlog.reset();
}

void ServerWindow::addRemedy(const Notice &notice, NoticeText &text)
{
    const auto *failure = std::get_if<FailureInfo>(&notice.detail);
    if (notice.kind != RecordKind::ListenFailed || !failure || failure->endpoint.port() == 0) {
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

// SPDX-License-Identifier: MIT
#include "clientwindow.h"

#include <algorithm>

#include <QApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include "session/peermodel.h"
#include "session/words.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"
#include "ui/endpointedit.h"
#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/statusline.h"
#include "ui/theme.h"

namespace tincan {

namespace {

PeerWords peerWords()
{
    return {QStringLiteral("Connections"), QStringLiteral("All connections"), QStringLiteral("connection"),
            QStringLiteral("connections")};
}

} // namespace

ClientWindow::ClientWindow(ClientSession &session, Settings &settings, const ClientWindowOptions &options, QWidget *parent)
    : SessionWindow(session, settings, peerWords(), parent)
    , m_session(session)
    , m_endpoint(new EndpointEdit(EndpointEdit::For::Connecting, this))
    , m_connect(new QPushButton(icon(QLatin1String("connect")), QStringLiteral("Connect"), this))
    , m_cancel(new QPushButton(icon(QLatin1String("cancel")), QStringLiteral("Cancel"), this))
    , m_connectAction(new QAction(icon(QLatin1String("connect")), QStringLiteral("&Connect"), this))
    , m_cancelAction(new QAction(icon(QLatin1String("cancel")), QStringLiteral("C&ancel connecting"), this))
    , m_local(options.local)
    , m_timeoutMilliseconds(options.timeoutMilliseconds)
{
    setWindowTitle(QStringLiteral("Tincan Client"));
    m_connectAction->setShortcut(QKeySequence(Qt::Key_F5));
    addActions({m_connectAction, m_cancelAction});
    m_endpoint->setHosts(settings.hosts());
    m_endpoint->setHost(options.host.isEmpty() ? settings.address() : options.host);
    m_endpoint->setPort(options.host.isEmpty() ? settings.port() : options.port);
    makeTopBar();
    addMenus(QStringLiteral("&Connection"), {m_connectAction, m_cancelAction}, {});
    restore();
    if (options.lineEnding) {
        pane()->composer()->setLineEnding(*options.lineEnding);
    }
    setStopped(QStringLiteral("Choose a host and a port, and press Connect."));

    connect(m_connect, &QPushButton::clicked, this, &ClientWindow::connectToPeer);
    connect(m_connectAction, &QAction::triggered, this, &ClientWindow::connectToPeer);
    connect(m_endpoint, &EndpointEdit::entered, this, &ClientWindow::connectToPeer);
    connect(m_cancel, &QPushButton::clicked, this, &ClientWindow::cancel);
    connect(m_cancelAction, &QAction::triggered, this, &ClientWindow::cancel);
    connect(&m_session, &ClientSession::connectingChanged, this, &ClientWindow::showState);
    connect(m_session.peers(), &PeerModel::openCountChanged, this, &ClientWindow::showState);
    connect(&m_session, &ClientSession::joined, this, &ClientWindow::joined);
    showState();
    m_connect->setFocus(Qt::OtherFocusReason);
    if (!options.host.isEmpty()) {
        connectToPeer();
    }
}

void ClientWindow::makeTopBar()
{
    m_connect->setObjectName(QStringLiteral("connectButton"));
    m_connect->setAccessibleName(QStringLiteral("Connect"));
    m_connect->setToolTip(QStringLiteral("Open one more connection (F5)"));
    m_cancel->setObjectName(QStringLiteral("cancelConnect"));
    m_cancel->setAccessibleName(QStringLiteral("Cancel"));
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 7, 8, 7);
    row->setSpacing(8);
    row->addWidget(m_endpoint);
    row->addSpacing(6);
    row->addWidget(m_connect);
    row->addWidget(m_cancel);
    row->addStretch(1);
    QToolButton *options = makeOptionsButton();
    row->addWidget(options);
    for (QPushButton *button : {m_connect, m_cancel}) {
        button->setMinimumWidth(fontMetrics().averageCharWidth() * 14);
    }
    m_endpoint->portEdit()->setFixedWidth(m_endpoint->portEdit()->fontMetrics().averageCharWidth() * 9);
    addTopBar(bar, {m_endpoint->hostEdit(), m_endpoint->portEdit(), m_connect, m_cancel, options});
}

void ClientWindow::connectToPeer()
{
    m_endpoint->portEdit()->interpretText();
    m_endpoint->takePortFromHost();
    QString host = m_endpoint->host();
    if (host.startsWith(u'[') && host.endsWith(u']')) {
        host = host.mid(1, host.size() - 2);
    }
    if (host.isEmpty()) {
        notices()->post({.key = QStringLiteral("connect"),
                         .headline = QStringLiteral("No host was given"),
                         .remedy = QStringLiteral("Type a name or an address to connect to, such as localhost or 127.0.0.1.")});
        m_endpoint->hostEdit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    dial(host, static_cast<quint16>(m_endpoint->port()));
}

void ClientWindow::dial(const QString &host, quint16 port)
{
    notices()->dismiss(QStringLiteral("connect"));
    m_session.peers()->clearFailed(hostAndPort(host, port)); // trying again and again does not fill the list
    const std::vector<PeerId> &making = m_session.connecting();
    m_asked.removeIf([&](const auto &asked) { return std::find(making.begin(), making.end(), asked.key()) == making.end(); });
    const PeerId peer
        = m_session.connectTo(host, port, m_timeoutMilliseconds.value_or(settings().connectMilliseconds()), m_local);
    m_asked.insert(peer, host);
}

// Only hosts that answered are worth remembering.
void ClientWindow::rememberHost(PeerId peer)
{
    const QString host = m_asked.take(peer);
    if (!host.isEmpty()) {
        settings().addHost(host);
        m_endpoint->setHosts(settings().hosts());
    }
}

void ClientWindow::cancel()
{
    const std::vector<PeerId> making = m_session.connecting(); // a copy: it shrinks meanwhile
    for (const PeerId peer : making) {
        m_session.cancel(peer);
    }
}

// A connection that is up is what the person wanted to see, unless they are writing to another one.
void ClientWindow::joined(PeerId peer)
{
    rememberHost(peer);
    const bool isWriting = !pane()->composer()->isEmpty() || peerList()->chosen().size() > 1;
    if (isWriting) {
        return;
    }
    peerList()->choose(peer);
    const QWidget *focus = focusWidget();
    if (!focus || focus == m_connect || focus == m_cancel || m_endpoint->isAncestorOf(focus)) {
        pane()->composer()->focusMessage();
    }
}

void ClientWindow::showState()
{
    const auto making = static_cast<int>(m_session.connecting().size());
    const int open = m_session.peers()->openCount();
    if (making == 0 && m_cancel->hasFocus()) {
        m_connect->setFocus(Qt::OtherFocusReason); // what is hidden passes its focus on to anything
    }
    m_cancel->setVisible(making > 0);
    m_cancel->setToolTip(making == 1 ? QStringLiteral("Give up the connection that is being made")
                                     : QStringLiteral("Give up the %1 connections that are being made").arg(making));
    m_cancelAction->setEnabled(making > 0);
    if (making > 0) {
        statusLine()->setState(waitingColour(),
                               making == 1 ? QStringLiteral("Connecting…") : QStringLiteral("Connecting (%1)…").arg(making));
    } else if (open > 0) {
        statusLine()->setState(goodColour(), QStringLiteral("Connected"));
    } else {
        statusLine()->setState(quietColour(), QStringLiteral("Not connected"));
    }
}

void ClientWindow::saveOwn()
{
    settings().setAddress(m_endpoint->host());
    settings().setPort(m_endpoint->port());
}

void ClientWindow::settingsChanged()
{
    m_timeoutMilliseconds.reset();
}

void ClientWindow::addRemedy(const Notice &notice, NoticeText &text)
{
    const auto *failure = std::get_if<FailureInfo>(&notice.detail);
    if (notice.kind == RecordKind::ConnectFailed && failure) {
        text.actionText = QStringLiteral("Try again");
        // What failed: something else may stand in the fields by now.
        text.action = [this, host = QString::fromStdString(failure->host), port = failure->port] { dial(host, port); };
    }
}

} // namespace tincan

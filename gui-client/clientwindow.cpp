// SPDX-License-Identifier: MIT
#include "clientwindow.h"

#include <algorithm>

#include <QApplication>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include "session/peermodel.h"
#include "session/words.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"
#include "ui/endpointedit.h"
#include "ui/foldingbar.h"
#include "ui/fromedit.h"
#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/statusline.h"
#include "ui/theme.h"
#include "ui/transportedit.h"

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
    , m_transport(makeTransportEdit(QStringLiteral("transport"), this))
    , m_endpoint(new EndpointEdit(EndpointEdit::For::Connecting, this))
    , m_connected(new QCheckBox(QStringLiteral("C&onnected"), this))
    , m_from(new FromEdit(this))
    , m_connect(new QPushButton(icon(QLatin1String("connect")), QStringLiteral("Connect"), this))
    , m_cancel(new QPushButton(icon(QLatin1String("cancel")), QStringLiteral("Cancel"), this))
    , m_connectAction(new QAction(icon(QLatin1String("connect")), QStringLiteral("&Connect"), this))
    , m_cancelAction(new QAction(icon(QLatin1String("cancel")), QStringLiteral("C&ancel connecting"), this))
    , m_timeoutMilliseconds(options.timeoutMilliseconds, settings.connectMilliseconds())
{
    setWindowTitle(QStringLiteral("Tincan Client"));
    m_connectAction->setShortcut(QKeySequence(Qt::Key_F5));
    addActions({m_connectAction, m_cancelAction});
    makeTopBar();
    takeOptions(options);
    addMenus(QStringLiteral("&Connection"), {m_connectAction, m_cancelAction}, {});
    restore();
    if (options.lineEnding) {
        pane()->composer()->setLineEnding(*options.lineEnding);
    }
    setStopped(QStringLiteral("Choose a host and a port, and press Connect."));

    connect(m_connect, &QPushButton::clicked, this, &ClientWindow::connectToPeer);
    connect(m_connectAction, &QAction::triggered, this, &ClientWindow::connectToPeer);
    connect(m_endpoint, &EndpointEdit::entered, this, &ClientWindow::connectToPeer);
    connect(m_from, &FromEdit::entered, this, &ClientWindow::connectToPeer);
    connect(m_transport, &QComboBox::currentIndexChanged, this, &ClientWindow::showTransport);
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
    m_connected->setObjectName(QStringLiteral("connected"));
    m_connected->setToolTip(QStringLiteral(
        "connect(2) the socket: only this peer is heard, and ICMP errors such as “port unreachable” are told. Without it, "
        "whoever answers is heard, from any address: for broadcast and multicast"));
    auto *label = new QLabel(QStringLiteral("Connect &to"), this);
    label->setBuddy(m_endpoint->hostEdit());
    m_endpoint->hideLabel();
    QToolButton *options = makeOptionsButton();
    auto *bar = new FoldingBar(this);
    QHBoxLayout *row = bar->row();
    row->addWidget(label);
    row->addWidget(m_transport);
    row->addWidget(m_endpoint);
    bar->addFolding({m_from->button(), m_connected, options});
    row->addSpacing(6);
    row->addWidget(m_connect);
    row->addWidget(m_cancel);
    row->addStretch(1);
    auto *from = new QHBoxLayout;
    from->addWidget(m_from);
    bar->addRow(from);
    for (QPushButton *button : {m_connect, m_cancel}) {
        button->setMinimumWidth(std::max(fontMetrics().averageCharWidth() * 12, button->sizeHint().width()));
    }
    m_endpoint->hostEdit()->setMinimumWidth(fontMetrics().averageCharWidth() * 18); // where there is little room
    m_endpoint->portEdit()->setFixedWidth(m_endpoint->portEdit()->fontMetrics().averageCharWidth() * 9);
    addTopBar(bar,
              {m_transport, m_endpoint->hostEdit(), m_endpoint->portEdit(), m_from->button(), m_connected, options, m_connect,
               m_cancel, m_from->addressEdit(), m_from->portEdit()});
}

void ClientWindow::takeOptions(const ClientWindowOptions &options)
{
    const bool isGiven = !options.host.isEmpty();
    const Transport transport = options.transport.value_or(isGiven ? Transport::Tcp : settings().transport());
    m_endpoint->setHosts(settings().hosts());
    m_endpoint->setPaths(settings().paths());
    m_endpoint->setIpHost(settings().address());
    m_endpoint->setPath(settings().path());
    m_endpoint->setPort(settings().port());
    m_transport->chooseData(static_cast<int>(transport));
    if (isGiven || options.connected) {
        m_givenConnected = options.connected.value_or(true);
    }
    m_connected->setChecked(m_givenConnected.value_or(settings().isConnected()));
    showTransport();
    if (isGiven) {
        m_endpoint->setHost(options.host);
        if (!isUnix(transport)) {
            m_endpoint->setPort(options.port);
        }
    }
    for (const Endpoint &from : {settings().from(), settings().fromPath()}) {
        if (!from.isEmpty()) {
            m_from->setEndpoint(from);
        }
    }
    if (isGiven || !options.local.isEmpty()) {
        const bool isPath = options.local.isEmpty() ? isUnix(transport) : !options.local.isIp();
        m_givenFrom[isPath ? 1 : 0] = options.local;
        m_from->setEndpoint(options.local);
    }
}

void ClientWindow::showTransport()
{
    const Transport transport = transportOf(*m_transport);
    m_endpoint->setTransport(transport);
    m_from->setTransport(transport);
    m_connected->setVisible(isDatagram(transport));
}

void ClientWindow::say(const QString &headline, const QString &remedy, QWidget *field)
{
    notices()->post({.key = QStringLiteral("connect"), .headline = headline, .remedy = remedy});
    field->setFocus(Qt::OtherFocusReason);
}

void ClientWindow::connectToPeer()
{
    m_endpoint->portEdit()->interpretText();
    m_endpoint->takePortFromHost();
    ConnectRequest request;
    request.transport = transportOf(*m_transport);
    request.host = m_endpoint->host();
    if (isUnix(request.transport)) {
        if (const auto path = unixEndpoint(request.host); !path) {
            say(path.error() + u'.', QStringLiteral("Type the path of a socket file, or @name."), m_endpoint->hostEdit());
            return;
        }
    } else {
        request.port = static_cast<quint16>(m_endpoint->port());
        if (request.host.startsWith(u'[') && request.host.endsWith(u']')) {
            request.host = request.host.mid(1, request.host.size() - 2);
        }
        if (request.host.isEmpty()) {
            say(QStringLiteral("No host was given"),
                QStringLiteral("Type a name or an address to connect to, such as localhost or 127.0.0.1."),
                m_endpoint->hostEdit());
            return;
        }
    }
    const auto local = m_from->endpoint();
    if (!local) {
        m_from->button()->setChecked(true);
        say(local.error() + u'.', QStringLiteral("Leave “From” empty to let the kernel choose."), m_from->addressEdit());
        return;
    }
    request.local = *local;
    request.connected = m_connected->isChecked() || !isDatagram(request.transport);
    dial(request);
}

void ClientWindow::dial(ConnectRequest request)
{
    notices()->dismiss(QStringLiteral("connect"));
    // Trying again and again does not fill the list.
    m_session.peers()->clearFailed(hostAndPort(request.host, request.port));
    const std::vector<PeerId> &making = m_session.connecting();
    m_asked.removeIf([&](const auto &asked) { return std::find(making.begin(), making.end(), asked.key()) == making.end(); });
    request.timeoutMilliseconds = m_timeoutMilliseconds.over(settings().connectMilliseconds());
    m_asked.insert(m_session.connectTo(request), request);
}

// Only hosts that answered are worth remembering.
void ClientWindow::remember(PeerId peer)
{
    const ConnectRequest asked = m_asked.take(peer);
    if (asked.host.isEmpty()) {
        return;
    }
    if (isUnix(asked.transport)) {
        settings().addPath(asked.host);
        m_endpoint->setPaths(settings().paths());
    } else {
        settings().addHost(asked.host);
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
    remember(peer);
    const bool isWriting = !pane()->composer()->isEmpty() || peerList()->chosen().size() > 1;
    if (isWriting) {
        return;
    }
    peerList()->choose(peer);
    const QWidget *focus = focusWidget();
    if (!focus || focus == m_connect || focus == m_cancel || m_endpoint->isAncestorOf(focus) || m_from->isAncestorOf(focus)) {
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
    settings().setAddress(m_endpoint->ipHost());
    settings().setPath(m_endpoint->path());
    settings().setTransport(m_endpoint->transport());
    if (m_givenConnected != m_connected->isChecked()) {
        settings().setConnected(m_connected->isChecked());
    }
    settings().setPort(m_endpoint->port());
    if (const auto from = m_from->endpointOf(false); from && m_givenFrom[0] != *from) {
        settings().setFrom(*from);
    }
    if (const auto from = m_from->endpointOf(true); from && m_givenFrom[1] != *from) {
        settings().setFromPath(*from);
    }
}

void ClientWindow::settingsChanged()
{
    m_timeoutMilliseconds.follow(settings().connectMilliseconds());
}

void ClientWindow::addRemedy(const Notice &notice, NoticeText &text)
{
    const auto *failure = std::get_if<FailureInfo>(&notice.detail);
    if (notice.kind == RecordKind::ConnectFailed && failure) {
        text.actionText = QStringLiteral("Try again");
        // What failed: something else may stand in the fields by now.
        ConnectRequest request = m_asked.value(notice.peer);
        if (request.host.isEmpty()) {
            request.host = QString::fromStdString(failure->host);
            request.port = failure->port;
            request.transport = failure->transport;
        }
        text.action = [this, request] { dial(request); };
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/endpointedit.h"

#include <algorithm>
#include <utility>

#include <QAbstractItemView>
#include <QCompleter>
#include <QFileSystemModel>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardPaths>

#include "session/listenrequest.h"
#include "session/localaddresses.h"
#include "ui/combobox.h"
#include "ui/plainfileicons.h"

namespace tincan {

namespace {

// Between an address and what it means.
QString dash()
{
    return QStringLiteral(" — ");
}

} // namespace

EndpointEdit::EndpointEdit(For purpose, QWidget *parent)
    : QWidget(parent)
    , m_purpose(purpose)
    , m_label(new QLabel(purpose == For::Listening ? QStringLiteral("&Listen on") : QStringLiteral("Connect &to"), this))
    , m_colon(new QLabel(QStringLiteral(":"), this))
    , m_host(purpose == For::Listening ? new ComboBox(QStringLiteral("address"), QStringLiteral("Address"), this)
                                       : new ComboBox(QStringLiteral("host"), QStringLiteral("Host"), this))
    , m_port(new QSpinBox(this))
{
    const bool listens = purpose == For::Listening;
    m_host->makeEditable();
    m_host->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_host->setMinimumContentsLength(listens ? 15 : 20);
    setUpPort();

    m_label->setBuddy(m_host);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_host, 1);
    row->addWidget(m_colon);
    row->addWidget(m_port);
    showTransport();

    connect(m_host->lineEdit(), &QLineEdit::returnPressed, this, &EndpointEdit::entered);
    if (listens) {
        fillAddresses();
        connect(m_host, &ComboBox::aboutToShowPopup, this,
                [this] { isUnix(m_transport) ? fillPaths() : fillAddresses(); });
    }
}

void EndpointEdit::hideLabel()
{
    m_label->hide();
}

void EndpointEdit::setTransport(Transport transport)
{
    const bool isOther = isUnix(transport) != isUnix(m_transport);
    m_transport = transport;
    if (!isOther) {
        return;
    }
    const QString other = host();
    {
        const QSignalBlocker quiet(m_host);
        m_host->clear();
        m_host->clearEditText();
    }
    if (isUnix(transport)) {
        fillPaths();
    } else if (m_purpose == For::Listening) {
        fillAddresses();
    } else {
        fillHosts(m_hosts);
    }
    setHost(std::exchange(m_otherHost, other));
    showTransport();
}

void EndpointEdit::showTransport()
{
    const bool listens = m_purpose == For::Listening;
    const bool isPath = isUnix(m_transport);
    m_port->setVisible(!isPath);
    m_colon->setVisible(!isPath);
    m_host->lineEdit()->setPlaceholderText(isPath ? QStringLiteral("/path/to.sock or @name")
                                               : listens ? QStringLiteral("Address")
                                                         : QStringLiteral("Host or address"));
    m_host->setToolTip(isPath ? QStringLiteral("The path of a socket file, or @name for an abstract name, which has no file")
                           : listens ? QStringLiteral("Which of this computer's addresses peers may come to")
                                     : QStringLiteral("A name, an IPv4 or an IPv6 address; a multicast group as 239.1.2.3%eth0"));
    completePaths(isPath);
}

// Files are offered as a path is typed.
void EndpointEdit::completePaths(bool on)
{
    if (!on) {
        m_host->setCompleter(new QCompleter(m_host->model(), m_host));
        return;
    }
    auto *completer = new QCompleter(m_host);
    auto *files = new QFileSystemModel(completer);
    files->setIconProvider(PlainFileIcons::instance());
    files->setRootPath(QString());
    completer->setModel(files);
    m_host->setCompleter(completer);
}

void EndpointEdit::setUpPort()
{
    m_port->setObjectName(QStringLiteral("port"));
    m_port->setAccessibleName(QStringLiteral("Port"));
    m_port->setRange(m_purpose == For::Listening ? 0 : 1, 65'535);
    m_port->setValue(6666);
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    m_port->setToolTip(m_purpose == For::Listening ? QStringLiteral("Port, 0–65535; 0 takes a free one")
                                                   : QStringLiteral("Port, 1–65535"));
    if (auto *line = m_port->findChild<QLineEdit *>()) {
        connect(line, &QLineEdit::returnPressed, this, &EndpointEdit::entered);
    }
}

// Interfaces come and go: filled anew each time it is opened, with what is typed kept.
void EndpointEdit::fillAddresses()
{
    const QSignalBlocker quiet(m_host);
    const QString typed = m_host->currentText();
    m_host->clear();
    const auto add
        = [this](const QString &address, const QString &meaning) { m_host->addItem(address + dash() + meaning, address); };
    add(QStringLiteral("127.0.0.1"), QStringLiteral("this computer only"));
    add(QStringLiteral("0.0.0.0"), QStringLiteral("every IPv4 network"));
    add(QStringLiteral("::"), QStringLiteral("every network"));
    add(QStringLiteral("::1"), QStringLiteral("this computer only, IPv6"));
    for (const LocalAddress &own : localAddresses()) {
        add(own.address, own.interface);
    }
    fitList();
    if (!typed.isEmpty()) {
        const int at = m_host->findText(typed);
        m_host->setCurrentIndex(at);
        m_host->setEditText(typed);
    }
}

// Places that an ordinary user may use.
void EndpointEdit::fillPaths()
{
    const QSignalBlocker quiet(m_host);
    const QString typed = m_host->currentText();
    m_host->clear();
    if (m_purpose == For::Connecting) {
        m_host->addItems(m_paths);
    } else {
        const QString own = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
        if (!own.isEmpty()) {
            const QString path = own + QStringLiteral("/tincan.sock");
            m_host->addItem(path + dash() + QStringLiteral("a folder of yours"), path);
        }
        m_host->addItem(QStringLiteral("/tmp/tincan.sock") + dash() + QStringLiteral("a folder of everybody's"),
                        QStringLiteral("/tmp/tincan.sock"));
        m_host->addItem(QStringLiteral("@tincan") + dash() + QStringLiteral("an abstract name, no file"),
                        QStringLiteral("@tincan"));
    }
    fitList();
    m_host->setCurrentIndex(-1);
    m_host->setEditText(typed);
}

// The list is as wide as what it holds, whatever the field's own width.
void EndpointEdit::fitList()
{
    const int most = fontMetrics().averageCharWidth() * 80;
    m_host->view()->setMinimumWidth(std::min(most, m_host->view()->sizeHintForColumn(0) + 24));
}

QString EndpointEdit::host() const
{
    const QString text = m_host->currentText();
    const qsizetype end = text.indexOf(dash());
    return (end < 0 ? text : text.left(end)).trimmed();
}

void EndpointEdit::takePortFromHost()
{
    static const QRegularExpression form(QStringLiteral("^(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})$"));
    if (isUnix(m_transport)) {
        return;
    }
    const QRegularExpressionMatch match = form.match(host());
    const int port = match.captured(3).toInt();
    if (match.hasMatch() && port >= m_port->minimum() && port <= m_port->maximum()) {
        setHost(match.captured(1) + match.captured(2));
        setPort(port);
    }
}

void EndpointEdit::setHost(const QString &host)
{
    const int at = m_host->findData(host);
    if (at >= 0) {
        m_host->setCurrentIndex(at);
    } else {
        m_host->setEditText(host);
    }
    m_host->lineEdit()->setCursorPosition(0);
}

void EndpointEdit::setHosts(const QStringList &hosts)
{
    m_hosts = hosts;
    if (!isUnix(m_transport)) {
        fillHosts(hosts);
    }
}

void EndpointEdit::setPaths(const QStringList &paths)
{
    m_paths = paths;
    if (isUnix(m_transport)) {
        fillPaths();
    }
}

QString EndpointEdit::path() const
{
    return isUnix(m_transport) ? host() : m_otherHost;
}

void EndpointEdit::setPath(const QString &path)
{
    isUnix(m_transport) ? setHost(path) : void(m_otherHost = path);
}

QString EndpointEdit::ipHost() const
{
    return isUnix(m_transport) ? m_otherHost : host();
}

void EndpointEdit::setIpHost(const QString &host)
{
    isUnix(m_transport) ? void(m_otherHost = host) : setHost(host);
}

void EndpointEdit::fillHosts(const QStringList &hosts)
{
    const QSignalBlocker quiet(m_host);
    const QString typed = m_host->currentText();
    m_host->clear();
    for (const QString &host : hosts) {
        m_host->addItem(host, host);
    }
    fitList();
    m_host->setEditText(typed.isEmpty() ? hosts.value(0) : typed);
}

int EndpointEdit::port() const
{
    return m_port->value();
}

void EndpointEdit::setPort(int port)
{
    m_port->setValue(port);
}

Result<Endpoint> EndpointEdit::endpoint()
{
    if (isUnix(m_transport)) {
        const auto path = unixEndpoint(host());
        return path ? Result<Endpoint>(*path) : fail(0, CallName::Parse, path.error().toStdString());
    }
    takePortFromHost();
    m_port->interpretText();
    QString address = host();
    if (address.startsWith(u'[') && address.endsWith(u']')) {
        address = address.mid(1, address.size() - 2);
    }
    return Endpoint::fromAddress(address.toStdString(), static_cast<std::uint16_t>(port()));
}

} // namespace tincan

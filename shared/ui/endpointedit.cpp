// SPDX-License-Identifier: MIT
#include "ui/endpointedit.h"

#include <algorithm>

#include <QAbstractItemView>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>

#include "session/localaddresses.h"
#include "ui/combobox.h"

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
    , m_host(purpose == For::Listening ? new ComboBox(QStringLiteral("address"), QStringLiteral("Address"), this)
                                       : new ComboBox(QStringLiteral("host"), QStringLiteral("Host"), this))
    , m_port(new QSpinBox(this))
{
    const bool listens = purpose == For::Listening;
    m_host->makeEditable();
    m_host->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_host->setMinimumContentsLength(listens ? 27 : 20);
    m_host->setToolTip(listens ? QStringLiteral("Which of this computer's addresses peers may come to")
                               : QStringLiteral("A name, an IPv4 or an IPv6 address"));
    m_host->lineEdit()->setPlaceholderText(listens ? QStringLiteral("Address") : QStringLiteral("Host or address"));
    setUpPort();

    auto *label = new QLabel(listens ? QStringLiteral("&Listen on") : QStringLiteral("Connect &to"), this);
    label->setBuddy(m_host);
    auto *colon = new QLabel(QStringLiteral(":"), this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_host, 1);
    row->addWidget(colon);
    row->addWidget(m_port);

    connect(m_host->lineEdit(), &QLineEdit::returnPressed, this, &EndpointEdit::entered);
    if (listens) {
        fillAddresses();
        connect(m_host, &ComboBox::aboutToShowPopup, this, &EndpointEdit::fillAddresses);
    }
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
    takePortFromHost();
    m_port->interpretText();
    QString address = host();
    if (address.startsWith(u'[') && address.endsWith(u']')) {
        address = address.mid(1, address.size() - 2);
    }
    return Endpoint::fromAddress(address.toStdString(), static_cast<std::uint16_t>(port()));
}

} // namespace tincan

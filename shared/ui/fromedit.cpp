// SPDX-License-Identifier: MIT
#include "ui/fromedit.h"

#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include "session/listenrequest.h"
#include "session/localaddresses.h"
#include "ui/combobox.h"
#include "ui/elidedlabel.h"

namespace tincan {

namespace {

QString dash()
{
    return QStringLiteral(" — ");
}

} // namespace

FromEdit::FromEdit(QWidget *parent)
    : QWidget(parent)
    , m_button(new QToolButton(parent))
    , m_address(new ComboBox(QStringLiteral("localAddress"), QStringLiteral("Local address"), this))
    , m_colon(new QLabel(QStringLiteral(":"), this))
    , m_port(new QSpinBox(this))
{
    m_button->setObjectName(QStringLiteral("from"));
    m_button->setAccessibleName(QStringLiteral("From"));
    m_button->setCheckable(true);
    m_button->setToolTip(QStringLiteral("The local address and port that the socket is bound to before it connects"));
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_address->makeEditable();
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_address->setMinimumContentsLength(20);
    m_address->setMinimumWidth(fontMetrics().averageCharWidth() * 18); // where there is little room
    m_port->setObjectName(QStringLiteral("localPort"));
    m_port->setAccessibleName(QStringLiteral("Local port"));
    m_port->setRange(0, 65'535);
    m_port->setSpecialValueText(QStringLiteral("any"));
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    m_port->setToolTip(QStringLiteral("Local port, 1–65535; 0: the kernel chooses one"));
    m_port->setFixedWidth(m_port->fontMetrics().averageCharWidth() * 9);

    auto *label = new QLabel(QStringLiteral("&Local address"), this);
    label->setBuddy(m_address);
    m_hint = new ElidedLabel(this);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_address);
    row->addWidget(m_colon);
    row->addWidget(m_port);
    row->addWidget(m_hint, 1);
    fill();
    setTransport(Transport::Tcp);
    setVisible(false);

    connect(m_button, &QToolButton::toggled, this, [this](bool shown) {
        setVisible(shown);
        if (shown) {
            m_address->setFocus(Qt::OtherFocusReason);
        }
        showButton();
    });
    connect(m_address, &ComboBox::aboutToShowPopup, this, &FromEdit::fill);
    connect(m_address, &QComboBox::editTextChanged, this, &FromEdit::showButton);
    connect(m_port, &QSpinBox::valueChanged, this, &FromEdit::showButton);
    connect(m_address->lineEdit(), &QLineEdit::returnPressed, this, &FromEdit::entered);
    if (auto *line = m_port->findChild<QLineEdit *>()) {
        connect(line, &QLineEdit::returnPressed, this, &FromEdit::entered);
    }
    showButton();
}

// Interfaces come and go: filled anew each time it is opened, with what is typed kept.
void FromEdit::fill()
{
    const QSignalBlocker quiet(m_address);
    const QString typed = m_address->currentText();
    m_address->clear();
    if (!isUnix(m_transport)) {
        const auto add
            = [this](const QString &address, const QString &meaning) { m_address->addItem(address + dash() + meaning, address); };
        add(QStringLiteral("127.0.0.1"), QStringLiteral("this computer only"));
        add(QStringLiteral("::1"), QStringLiteral("this computer only, IPv6"));
        for (const LocalAddress &own : localAddresses()) {
            add(own.address, own.interface);
        }
    }
    m_address->setCurrentIndex(m_address->findText(typed));
    m_address->setEditText(typed);
}

void FromEdit::setTransport(Transport transport)
{
    const bool isPath = isUnix(transport);
    if (isPath != isUnix(std::exchange(m_transport, transport))) {
        const QString other = address();
        m_address->setEditText(std::exchange(m_otherAddress, other));
    }
    fill();
    m_colon->setVisible(!isPath);
    m_port->setVisible(!isPath);
    m_address->lineEdit()->setPlaceholderText(isPath ? QStringLiteral("no name") : QStringLiteral("any address"));
    m_address->setToolTip(isPath ? QStringLiteral("A path or @name for our own socket; a server of datagrams can answer only one "
                                                  "that has a name. Empty: none, or one that the kernel makes up")
                                 : QStringLiteral("An address of this computer; empty: the kernel chooses by its routes"));
    m_hint->setText({},
                    isPath ? QStringLiteral("empty: no name of its own") : QStringLiteral("empty and any: the kernel chooses"));
    showButton();
}

QString FromEdit::address() const
{
    const QString text = m_address->currentText();
    const qsizetype end = text.indexOf(dash());
    return (end < 0 ? text : text.left(end)).trimmed();
}

tl::expected<Endpoint, QString> FromEdit::endpointOf(bool isPath) const
{
    m_port->interpretText();
    QString from = isPath == isUnix(m_transport) ? address() : m_otherAddress;
    if (isPath) {
        return from.isEmpty() ? Endpoint() : unixEndpoint(from);
    }
    const auto port = static_cast<std::uint16_t>(m_port->value());
    if (from.isEmpty()) {
        return port == 0 ? Endpoint() : Endpoint::ipv4(0, port); // which stands for :: as well
    }
    if (from.startsWith(u'[') && from.endsWith(u']')) {
        from = from.mid(1, from.size() - 2);
    }
    const Result<Endpoint> local = Endpoint::fromAddress(from.toStdString(), port);
    return local ? tl::expected<Endpoint, QString>(*local) : tl::unexpected(QString::fromStdString(local.error().detail));
}

void FromEdit::setEndpoint(const Endpoint &endpoint)
{
    const bool isPath = endpoint.isEmpty() ? isUnix(m_transport) : !endpoint.isIp();
    const QString address = endpoint.isEmpty() || (endpoint.isAny() && endpoint.port() != 0)
        ? QString()
        : QString::fromStdString(endpoint.isIp() ? endpoint.addressText() : endpoint.toString());
    if (isPath == isUnix(m_transport)) {
        m_address->setEditText(address);
    } else {
        m_otherAddress = address;
    }
    if (!isPath) {
        m_port->setValue(endpoint.port());
    }
    showButton();
}

void FromEdit::showButton()
{
    QString set = isUnix(m_transport) || m_port->value() == 0 ? address() : address() + u':' + QString::number(m_port->value());
    constexpr int kMost = 22;
    if (set.size() > kMost) {
        set = u'…' + set.right(kMost);
    }
    m_button->setText(set.isEmpty() || m_button->isChecked() ? QStringLiteral("From…") : QStringLiteral("From ") + set);
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/listenedit.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

#include "session/listenerwords.h"
#include "session/wordssockets.h"
#include "ui/combobox.h"
#include "ui/endpointedit.h"
#include "ui/transportedit.h"

namespace tincan {

namespace {

// "address", or "otherAddress"
QString named(const QString &prefix, const QString &name)
{
    return prefix.isEmpty() ? name : prefix + name.at(0).toUpper() + name.mid(1);
}

} // namespace

ListenEdit::ListenEdit(const QString &prefix, QWidget *parent)
    : QObject(parent)
    , m_transport(makeTransportEdit(named(prefix, QStringLiteral("transport")), parent))
    , m_endpoint(new EndpointEdit(EndpointEdit::For::Listening, parent))
{
    m_endpoint->hostEdit()->setObjectName(named(prefix, QStringLiteral("address")));
    m_endpoint->portEdit()->setObjectName(named(prefix, QStringLiteral("port")));
    makeServe(prefix, parent);
    makeMore(prefix, parent);
    connect(m_transport, &QComboBox::currentIndexChanged, this, [this] {
        showTransport();
        emit changed();
    });
    connect(m_serve, &QComboBox::currentIndexChanged, this, [this] {
        showTransport();
        emit changed();
    });
    showTransport();
}

void ListenEdit::makeServe(const QString &prefix, QWidget *parent)
{
    m_serveLabel = new QLabel(QStringLiteral("Ser&ve"), parent);
    m_serve = new ComboBox(named(prefix, QStringLiteral("serve")), QStringLiteral("Serve"), parent);
    m_serveLabel->setBuddy(m_serve);
    for (const Serving serving : {Serving::EventLoop, Serving::OneAtATime, Serving::ThreadPerPeer, Serving::ProcessPerPeer}) {
        m_serve->addChoice(servingName(serving), static_cast<int>(serving), servingMeaning(serving));
    }
    m_serve->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_serve->setMinimumContentsLength(13); // the longest of its words
}

void ListenEdit::makeMore(const QString &prefix, QWidget *parent)
{
    m_more = new QWidget(parent);
    m_more->setObjectName(named(prefix, QStringLiteral("listenOptions")));
    const auto label = [this](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, m_more);
        made->setBuddy(buddy);
        return made;
    };
    m_loops = new QSpinBox(m_more);
    m_loops->setObjectName(named(prefix, QStringLiteral("loops")));
    m_loops->setAccessibleName(QStringLiteral("Loops"));
    m_loops->setRange(1, kMostLoops);
    m_loops->setToolTip(QStringLiteral("How many event loops share the peers, each in a thread of its own"));
    m_loopsLabel = label(QStringLiteral("L&oops"), m_loops);

    m_mode = new ComboBox(named(prefix, QStringLiteral("pathMode")), QStringLiteral("Permissions"), m_more);
    m_mode->addChoice(QStringLiteral("As usual (umask)"), -1, QStringLiteral("The permissions that your new files get"));
    m_mode->addChoice(QStringLiteral("Only me (0600)"), 0600, QStringLiteral("Your programs, and root's"));
    m_mode->addChoice(QStringLiteral("My group (0660)"), 0660);
    m_mode->addChoice(QStringLiteral("Everybody (0666)"), 0666, QStringLiteral("Every program on this computer"));
    m_mode->setToolTip(QStringLiteral("Who may connect: the permissions of the socket file. An abstract name has none"));
    m_modeLabel = label(QStringLiteral("Per&missions"), m_mode);

    m_groups = new QLineEdit(m_more);
    m_groups->setObjectName(named(prefix, QStringLiteral("groups")));
    m_groups->setAccessibleName(QStringLiteral("Groups"));
    m_groups->setPlaceholderText(QStringLiteral("239.1.2.3, 239.1.2.3%eth0, [ff02::1%eth0]"));
    m_groups->setMinimumWidth(m_groups->fontMetrics().averageCharWidth() * 30);
    m_groups->setToolTip(QStringLiteral("Multicast groups to join, with the interface behind % where it matters"));
    m_groupsLabel = label(QStringLiteral("&Groups"), m_groups);

    auto *row = new QHBoxLayout(m_more);
    row->setContentsMargins({});
    row->setSpacing(8);
    for (QWidget *part : std::initializer_list<QWidget *>{m_loopsLabel, m_loops, m_modeLabel, m_mode, m_groupsLabel}) {
        row->addWidget(part);
    }
    row->addWidget(m_groups, 1);
    row->addStretch();
}

bool ListenEdit::hasMore() const
{
    const Transport transport = transportOf(*m_transport);
    return transport == Transport::Udp || isUnix(transport) || m_serve->currentData().toInt() == 0;
}

void ListenEdit::showTransport()
{
    const Transport transport = transportOf(*m_transport);
    const bool isLoose = isDatagram(transport);
    const auto serving = static_cast<Serving>(m_serve->currentData().toInt());
    m_endpoint->setTransport(transport);
    m_serve->setEnabled(m_enabled && !isLoose);
    m_serve->setToolTip(isLoose ? QStringLiteral("Datagrams have no connections: one socket serves all peers, in the event loop")
                                : QStringLiteral("Where peers are served, and when the next one is accepted"));
    const auto show = [](bool visible, QWidget *label, QWidget *edit) {
        label->setVisible(visible);
        edit->setVisible(visible);
    };
    show(!isLoose && serving == Serving::EventLoop, m_loopsLabel, m_loops);
    show(isUnix(transport), m_modeLabel, m_mode);
    show(transport == Transport::Udp, m_groupsLabel, m_groups);
}

tl::expected<ListenRequest, QString> ListenEdit::request(ListenRequest base)
{
    base.transport = transportOf(*m_transport);
    const Result<Endpoint> address = m_endpoint->endpoint();
    if (!address) {
        return tl::unexpected(QString::fromStdString(address.error().detail));
    }
    base.address = *address;
    base.serving = static_cast<Serving>(m_serve->currentData().toInt());
    base.loops = m_loops->value();
    base.pathMode = m_mode->currentData().toInt();
    const auto groups = parseGroups(m_groups->text());
    if (!groups && base.transport == Transport::Udp) {
        return tl::unexpected(groups.error());
    }
    base.groups = groups.value_or(std::vector<GroupRequest>{});
    return base;
}

void ListenEdit::setRequest(const ListenRequest &request)
{
    m_transport->chooseData(static_cast<int>(request.transport));
    m_serve->chooseData(static_cast<int>(request.serving));
    m_loops->setValue(request.loops);
    if (m_mode->findData(request.pathMode) < 0) {
        m_mode->addChoice(QStringLiteral("0%1").arg(request.pathMode, 3, 8, QLatin1Char('0')), request.pathMode);
    }
    m_mode->chooseData(request.pathMode);
    m_groups->setText(groupsText(request.groups));
    if (!request.address.isEmpty()) {
        m_endpoint->setHost(
            QString::fromStdString(request.address.isIp() ? request.address.addressText() : request.address.toString()));
    }
    if (request.address.isIp()) {
        m_endpoint->setPort(request.address.port());
    }
    showTransport();
}

void ListenEdit::setEnabled(bool enabled)
{
    m_enabled = enabled;
    for (QWidget *part : std::initializer_list<QWidget *>{m_transport, m_endpoint->hostEdit(), m_endpoint->portEdit(), m_loops,
                                                          m_mode, m_groups}) {
        part->setEnabled(enabled);
    }
    showTransport();
}

} // namespace tincan

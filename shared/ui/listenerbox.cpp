// SPDX-License-Identifier: MIT
#include "ui/listenerbox.h"

#include <algorithm>

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "session/listenerwords.h"
#include "session/words.h"
#include "session/wordssockets.h"
#include "ui/theme.h"

namespace tincan {

namespace {

QString countText(std::int64_t count)
{
    return count < 0 ? QStringLiteral("–") : QStringLiteral("%L1").arg(count);
}

// "1.3 KB of 213.0 KB unread"
QString unreadText(std::int64_t bytes, std::int64_t room)
{
    const QString unread = formatBytes(static_cast<std::uint64_t>(bytes));
    return room < 0 ? unread + QStringLiteral(" unread")
                    : QStringLiteral("%1 of %2 unread").arg(unread, formatBytes(static_cast<std::uint64_t>(room)));
}

QLabel *addLine(QFormLayout *form, const char *name, const QString &label, const QString &meaning)
{
    auto *value = new QLabel(QStringLiteral("–"));
    value->setObjectName(QLatin1String(name));
    value->setAccessibleName(label);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *title = new QLabel(label);
    title->setBuddy(value);
    for (QLabel *one : {title, value}) {
        one->setToolTip(meaning);
        one->setTextFormat(Qt::PlainText);
    }
    value->setWordWrap(true); // the pane is narrow, and is not scrolled sideways
    form->addRow(title, value);
    return value;
}

} // namespace

ListenerBox::ListenerBox(const ListenInfo &info, QWidget *parent)
    : QWidget(parent)
    , m_id(info.id)
    , m_local(info.local)
    , m_isDatagram(isDatagram(info.transport))
    , m_queue(new QProgressBar(this))
    , m_pause(new QCheckBox(pauseText(info.transport), this))
{
    auto *title
        = new QLabel(QStringLiteral("%1  %2").arg(transportName(info.transport), QString::fromStdString(info.local.toString())));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    m_queue->setObjectName(QStringLiteral("acceptQueue"));
    m_queue->setAccessibleName(m_isDatagram ? QStringLiteral("Receive queue") : QStringLiteral("Accept queue"));
    m_queue->setToolTip(m_isDatagram
                            ? QStringLiteral("What came and was not read yet, of what may wait (SO_RCVBUF; the kernel's own "
                                             "overhead counts). When it is full, the kernel throws away what comes")
                            : QStringLiteral("Connections that are made and wait for accept(2), of as many as the backlog "
                                             "lets wait (and one more). When it is full, the kernel answers no SYN: the "
                                             "next client stays in SYN_SENT"));
    m_pause->setObjectName(QStringLiteral("pauseAccepting"));
    m_pause->setToolTip(pauseMeaning(info.transport));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addWidget(title);
    layout->addWidget(m_queue);
    layout->addLayout(makeForm(info.transport));
    layout->addWidget(m_pause);
    connect(m_pause, &QCheckBox::toggled, this, &ListenerBox::pauseAcceptingAsked);
    showQueue({});
}

// What stands below the gauge.
QFormLayout *ListenerBox::makeForm(Transport transport)
{
    auto *form = new QFormLayout;
    form->setContentsMargins({});
    form->setHorizontalSpacing(fontMetrics().averageCharWidth() * 2);
    m_synReceived = addLine(form, "synReceived", QStringLiteral("In SYN_RCVD"),
                            QStringLiteral("Half open: a SYN came and was answered; the last step of the handshake is missing"));
    m_drops = addLine(
        form, "listenerDrops", m_isDatagram ? QStringLiteral("Datagrams dropped") : QStringLiteral("Dropped here"),
        m_isDatagram ? QStringLiteral("Thrown away by our kernel because nobody read them in time")
                     : QStringLiteral("SYNs and handshakes that this socket has thrown away, mostly because its queue was full"));
    m_overflows
        = addLine(form, "listenerOverflows", QStringLiteral("Overflows of all"),
                  QStringLiteral("ListenOverflows of /proc/net/netstat: connections that found their accept queue full, of all "
                                 "listeners of this computer, since it started"));
    m_dropsOfAll = addLine(form, "listenerDropsOfAll", QStringLiteral("Drops of all"),
                           QStringLiteral("ListenDrops of /proc/net/netstat: these, and those lost for want of memory and the "
                                          "like, of all listeners of this computer, since it started"));
    for (QLabel *line : {m_synReceived, m_overflows, m_dropsOfAll}) {
        form->setRowVisible(line, transport == Transport::Tcp);
    }
    form->setRowVisible(m_drops, transport == Transport::Tcp || m_isDatagram); // of the others none is counted
    return form;
}

void ListenerBox::setPaused(bool paused)
{
    const QSignalBlocker quiet(m_pause); // it was not a person's doing
    m_pause->setChecked(paused);
}

void ListenerBox::showQueue(const KernelListener &view)
{
    if (view.waiting < 0) {
        m_queue->setRange(0, 1);
        m_queue->setValue(0);
        m_queue->setFormat(QStringLiteral("–"));
        return;
    }
    const auto waiting = static_cast<int>(std::min<std::int64_t>(view.waiting, INT32_MAX));
    const auto most = static_cast<int>(std::clamp<std::int64_t>(m_isDatagram ? view.room : view.backlog, 0, INT32_MAX));
    // Unix sockets do not tell how much may wait (not bytes but datagrams are counted): then the words alone say how much it is.
    const bool isMeasured = !m_isDatagram || view.room > 0;
    m_queue->setRange(0, isMeasured ? std::max({1, waiting, most}) : 1);
    m_queue->setValue(isMeasured ? waiting : 0);
    m_queue->setFormat(m_isDatagram ? unreadText(waiting, view.room)
                                    : QStringLiteral("%1 waiting, backlog %2").arg(waiting).arg(most));
    QPalette colours;
    if (isMeasured && waiting >= most && waiting > 0) {
        colours.setColor(QPalette::Highlight, badColour());
        colours.setColor(QPalette::HighlightedText, Qt::white);
    }
    m_queue->setPalette(colours);
}

void ListenerBox::setView(const KernelListener &view)
{
    showQueue(view);
    m_synReceived->setText(countText(view.synReceived));
    m_drops->setText(countText(view.drops));
    m_overflows->setText(countText(view.overflows));
    m_dropsOfAll->setText(countText(view.dropsOfAll));
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/faultsstrip.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "session/livesession.h"
#include "session/peermodel.h"
#include "ui/theme.h"

namespace tincan {

namespace {

bool isFaulty(const Peer &peer)
{
    return peer.isOpen() && !peer.faults.isEmpty();
}

} // namespace

FaultsStrip::FaultsStrip(Session &session, QAction *change, QWidget *parent)
    : QFrame(parent)
    , m_session(session)
    , m_text(new QLabel(this))
    , m_change(new QPushButton(QStringLiteral("Change…"), this))
    , m_clear(new QPushButton(QStringLiteral("Clear"), this))
{
    setObjectName(QStringLiteral("faultsStrip"));
    m_text->setObjectName(QStringLiteral("faultsOn"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_change->setObjectName(QStringLiteral("faultsChange"));
    m_change->setAccessibleName(QStringLiteral("Change the faults on purpose"));
    m_clear->setObjectName(QStringLiteral("faultsClearHere"));
    m_clear->setAccessibleName(QStringLiteral("Clear the faults on purpose"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(14, 4, 6, 4);
    row->addWidget(m_text, 1);
    row->addWidget(m_change);
    row->addWidget(m_clear);
    connect(m_change, &QPushButton::clicked, change, &QAction::trigger);
    connect(m_clear, &QPushButton::clicked, this, &FaultsStrip::clear);
    hide();
}

void FaultsStrip::showOf(PeerId conversation)
{
    const PeerModel &peers = *m_session.peers();
    m_peers.clear();
    if (m_session.live() && peers.hadFaults()) {
        const int only = conversation == kNoPeer ? -1 : peers.rowOf(conversation);
        const int first = conversation == kNoPeer ? 1 : only;
        const int last = conversation == kNoPeer ? peers.rowCount() - 1 : only;
        for (int row = std::max(first, 1); row <= last; ++row) {
            if (isFaulty(peers.peer(row))) {
                m_peers.push_back(peers.peer(row).id);
            }
        }
    }
    if (m_peers.size() == 1) {
        const Peer &peer = *peers.find(m_peers.front());
        const QString who = conversation == kNoPeer ? PeerModel::titleText(peer) + QStringLiteral(": ") : QString();
        m_text->setText(QStringLiteral("Faults on purpose: ") + who + peer.faults);
    } else if (!m_peers.empty()) {
        m_text->setText(QStringLiteral("Faults on purpose are on for %L1 of them").arg(m_peers.size()));
    }
    setAccessibleName(m_text->text());
    setVisible(!m_peers.empty());
}

std::vector<QWidget *> FaultsStrip::tabOrder() const
{
    return {m_change, m_clear};
}

void FaultsStrip::clear()
{
    if (LiveSession *live = m_session.live()) {
        live->setFaults(m_peers, {});
    }
}

void FaultsStrip::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    QColor back = waitingColour();
    back.setAlphaF(isDark(palette()) ? 0.30F : 0.22F);
    painter.fillRect(rect(), back);
    painter.fillRect(QRect(0, 0, 4, height()), waitingColour());
}

} // namespace tincan

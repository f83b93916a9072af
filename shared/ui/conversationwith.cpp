// SPDX-License-Identifier: MIT
// Whom the conversation of a ConversationPane is with, and who gets what is written there.
#include "ui/conversationpane.h"

#include <algorithm>

#include "session/livesession.h"
#include "session/peermodel.h"
#include "ui/composer.h"
#include "ui/elidedlabel.h"
#include "ui/paneheader.h"
#include "ui/peerlist.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

// Why nothing can be sent to a peer in this state; empty where it can.
QString whyNotTo(const Peer &peer)
{
    switch (peer.state) {
    case PeerState::Established:
    case PeerState::CloseWait:
        return {};
    case PeerState::Connecting:
        return QStringLiteral("Not connected yet: nothing can be sent");
    case PeerState::FinWait:
        return QStringLiteral("Our sending side is finished (FIN sent): nothing more can be sent");
    case PeerState::Closed:
        return QStringLiteral("This connection is over: nothing can be sent");
    case PeerState::Failed:
        return QStringLiteral("This connection was never made: nothing can be sent");
    }
    return {};
}

} // namespace

// A filter must not hide who gets the message.
QString ConversationPane::hiddenText() const
{
    if (m_hidden == 0) {
        return {};
    }
    return m_chosen.size() == 1 && m_chosen.front() != kNoPeer ? QStringLiteral(" (hidden by the filter)")
                                                               : QStringLiteral(" (%1 hidden by the filter)").arg(m_hidden);
}

void ConversationPane::showHeader()
{
    const Peer *peer = m_session.peers()->find(m_conversation);
    m_title->setRestWhole(m_hidden == 0); // a piece of an address says nothing; that somebody is hidden does
    if (m_conversation == kNoPeer || !peer) {
        m_title->setText(m_words.all, QStringLiteral("   in one timeline") + hiddenText());
        m_header->refit();
        return;
    }
    QString rest;
    if (m_chosen.size() > 1) {
        rest = QStringLiteral("   and %1 more chosen").arg(m_chosen.size() - 1);
    } else if (!peer->local.isEmpty()) {
        const QString local = QString::fromStdString(peer->local.toString());
        rest = (peer->direction == Direction::Incoming ? QStringLiteral(" → ") : QStringLiteral(" ← ")) + local;
    }
    m_title->setText(PeerModel::titleText(*peer), rest + hiddenText());
    m_header->refit();
}

void ConversationPane::showRecipients()
{
    const PeerModel &peers = *m_session.peers();
    const auto canSendTo = [&](PeerId id) {
        const Peer *peer = peers.find(id);
        return peer && peer->canSend();
    };
    QString hint;
    QString whyNot;
    if (m_chosen.front() == kNoPeer) {
        hint = m_words.all.at(0).toLower() + m_words.all.mid(1);
        bool isThere = false;
        for (int row = 1; row < peers.rowCount() && peers.openCount() > 0 && !isThere; ++row) {
            isThere = peers.peer(row).canSend();
        }
        whyNot = isThere ? QString() : QStringLiteral("Nobody is connected: there is nobody to send to");
    } else if (m_chosen.size() > 1) {
        hint = QStringLiteral("%1 %2").arg(m_chosen.size()).arg(m_words.many);
        whyNot = std::any_of(m_chosen.begin(), m_chosen.end(), canSendTo)
            ? QString()
            : QStringLiteral("None of the %1 can be sent to").arg(hint);
    } else if (const Peer *peer = peers.find(m_chosen.front())) {
        hint = PeerModel::titleText(*peer);
        whyNot = whyNotTo(*peer);
    }
    m_composer->setRecipients(m_chosen, hint + hiddenText(), whyNot);
}

void ConversationPane::send(const QByteArray &bytes)
{
    std::vector<PeerId> to = m_chosen;
    if (to.front() != kNoPeer) {
        // Those that are gone are no news: a refusal for each would only hide what matters.
        std::erase_if(to, [this](PeerId id) {
            const Peer *peer = m_session.peers()->find(id);
            return !peer || !peer->canSend();
        });
    }
    if (LiveSession *live = m_session.live(); live && !to.empty()) {
        live->send(to, bytes);
        m_view->followEnd(); // who writes wants to see it there
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// The commands of a SessionWindow that end connections, or take them out of the list.
#include "ui/sessionwindow.h"

#include <algorithm>

#include <QAction>

#include "session/peermodel.h"
#include "session/peerwords.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"

namespace tincan {

namespace {

bool isConnection(const Peer &peer)
{
    return peer.isOpen() && !isDatagram(peer.transport);
}

bool canFinish(const Peer &peer)
{
    return peer.canSend() && isConnection(peer);
}

// Something may come of it yet.
bool canReceive(const Peer &peer)
{
    return isConnection(peer) && peer.state != PeerState::CloseWait && !peer.receivingEnded;
}

bool canStopReading(const Peer &peer)
{
    return canReceive(peer) && !peer.readingStopped;
}

bool canReadOn(const Peer &peer)
{
    return peer.isOpen() && peer.readingStopped;
}

// Others know no reset: a Unix socket that is closed is just closed.
bool canReset(const Peer &peer)
{
    return peer.isOpen() && peer.transport == Transport::Tcp;
}

// Why a command is disabled where it would be enabled for a connection.
void explain(QAction *action, bool isLoose, const QString &why)
{
    constexpr const char *kUsual = "usualToolTip";
    if (!action->property(kUsual).isValid()) {
        action->setProperty(kUsual, action->toolTip());
    }
    action->setToolTip(isLoose ? why : action->property(kUsual).toString());
}

bool isAll(const std::vector<PeerId> &chosen)
{
    return chosen == std::vector<PeerId>{kNoPeer};
}

bool isOpen(const Peer &peer)
{
    return peer.isOpen();
}

bool isOfDatagrams(const Peer &peer)
{
    return isDatagram(peer.transport);
}

bool isOfConnections(const Peer &peer)
{
    return !isDatagram(peer.transport);
}

bool isAlive(const Peer &peer)
{
    return peer.isOpen() || peer.state == PeerState::Connecting;
}

bool isGone(const Peer &peer)
{
    return !isAlive(peer);
}

QString endingKey()
{
    return QStringLiteral("end");
}

void finishSending(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.finishSending(peers);
}

void disconnectPeers(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.disconnectPeers(peers);
}

void resetPeers(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.resetPeers(peers);
}

void endReceiving(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.endReceiving(peers);
}

void shutdownBoth(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.shutdownBoth(peers);
}

void stopReading(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.stopReading(peers, true);
}

void readOn(LiveSession &session, const std::vector<PeerId> &peers)
{
    session.stopReading(peers, false);
}

QString clearKey()
{
    return QStringLiteral("clear");
}

// Of a command, or its twin, which shows the keys behind the words.
void say(QAction *action, const QString &words, const QString &meaning)
{
    const qsizetype tab = action->text().indexOf(u'\t');
    const QString text = tab < 0 ? words : words + action->text().mid(tab);
    if (action->text() != text) {
        const QString shortWords = action->iconText();
        action->setText(text);
        action->setIconText(shortWords);
    }
    action->setToolTip(meaning);
    action->setStatusTip(meaning);
}

} // namespace

void SessionWindow::connectEndings()
{
    if (!m_live) { // a session that is over has none of these commands
        const QList<QAction *> others{m_actions.disconnectAll, m_actions.clearClosed, m_actions.writeMessage, m_actions.namePeer};
        for (QAction *action : m_actions.waysToEnd() + others) {
            action->setEnabled(false);
            action->setVisible(false);
        }
        return;
    }
    const auto on = [this](const QAction *action, Condition holds, Ending ending, const QString &words) {
        connect(action, &QAction::triggered, this,
                [=, this] { end(chosenWhere(holds), isAll(choice()), ending, words, action->toolTip()); });
    };
    on(m_actions.finishSending, canFinish, finishSending, QStringLiteral("Finish sending to %1"));
    on(m_actions.disconnect, isAlive, disconnectPeers, QStringLiteral("Disconnect %1"));
    on(m_actions.reset, canReset, resetPeers, QStringLiteral("Reset %1"));
    on(m_actions.endReceiving, canReceive, endReceiving, QStringLiteral("Stop receiving from %1"));
    on(m_actions.shutdownBoth, isConnection, shutdownBoth, QStringLiteral("End both directions of %1"));
    connect(m_actions.stopReading, &QAction::triggered, this, [this] {
        if (isAnyOf(choice(), canStopReading)) {
            end(chosenWhere(canStopReading), isAll(choice()), stopReading, QStringLiteral("Stop reading from %1"),
                endingText(WayToEnd::StopReading));
        } else {
            end(chosenWhere(canReadOn), isAll(choice()), readOn, QStringLiteral("Read on from %1"), endingText(WayToEnd::ReadOn));
        }
        enableEndings(); // it is checked by what is so, not by the click
    });
    connect(m_actions.disconnectAll, &QAction::triggered, this, [this] {
        end(allWhere(isAlive), true, disconnectPeers, QStringLiteral("Disconnect %1"), endingText(WayToEnd::Disconnect));
    });
    connect(m_actions.clearClosed, &QAction::triggered, this, &SessionWindow::askToClear);
}

void SessionWindow::enableWaysToEnd(const SessionActions &actions, const std::vector<PeerId> &chosen)
{
    actions.finishSending->setEnabled(isAnyOf(chosen, canFinish));
    actions.endReceiving->setEnabled(isAnyOf(chosen, canReceive));
    actions.shutdownBoth->setEnabled(isAnyOf(chosen, isConnection));
    actions.disconnect->setEnabled(isAnyOf(chosen, isAlive));
    actions.reset->setEnabled(isAnyOf(chosen, canReset));
    actions.faults->setEnabled(isAnyOf(chosen, isOpen));
    const bool canStop = isAnyOf(chosen, canStopReading);
    const bool isStopped = !canStop && isAnyOf(chosen, canReadOn);
    actions.stopReading->setEnabled(canStop || isStopped);
    actions.stopReading->setChecked(isStopped);
    say(actions.stopReading, isStopped ? QStringLiteral("Rea&d on (reading is stopped)") : QStringLiteral("Stop rea&ding"),
        endingText(isStopped ? WayToEnd::ReadOn : WayToEnd::StopReading));
    const bool forgets = isAnyOf(chosen, isOfDatagrams) && !isAnyOf(chosen, isOfConnections);
    say(actions.disconnect, forgets ? QStringLiteral("&Forget") : QStringLiteral("&Disconnect (orderly close)"),
        forgets ? forgettingText() : endingText(WayToEnd::Disconnect));
    actions.disconnect->setIconText(forgets ? QStringLiteral("Forget") : QStringLiteral("Disconnect"));
    explain(actions.finishSending, forgets, QStringLiteral("Datagrams have no end: there is no connection to finish"));
    explain(actions.reset, forgets, QStringLiteral("Datagrams have no connection that could be reset"));
}

void SessionWindow::enableEndings()
{
    if (!m_live) {
        return;
    }
    enableWaysToEnd(m_actions, choice());
    enableWaysToEnd(m_firstActions, m_peerList->chosen());
    if (isBesideShown()) {
        enableWaysToEnd(m_besideActions, m_besideChoice);
    }
    m_actions.namePeer->setEnabled(m_peerList->current() != kNoPeer);
    m_actions.disconnectAll->setEnabled(m_session.peers()->openCount() > 0);
    m_actions.clearClosed->setEnabled(m_session.peers()->rowCount() - 1 > m_session.peers()->openCount());
}

// One is ended at once, and so are those that were picked by hand. "All" stands there from the beginning: where it means
// several, a slip of the keys would cost everybody's connection.
void SessionWindow::end(const std::vector<PeerId> &peers, bool asks, Ending ending, const QString &words, const QString &meaning)
{
    if (!asks || peers.size() < 2) {
        dismissEnding();
        ending(*m_live, peers);
        return;
    }
    NoticeText text;
    text.key = endingKey();
    text.weight = NoticeText::Weight::Hint;
    text.actionText = words.arg(QStringLiteral("%L1 %2").arg(peers.size()).arg(m_words.many));
    text.headline = text.actionText + u'?';
    text.remedy = meaning + u'.';
    text.action = [this, peers, ending] {
        ending(*m_live, peers);
        dismissEnding();
    };
    m_notices->post(text);
}

void SessionWindow::dismissEnding()
{
    m_notices->dismiss(endingKey());
}

std::vector<PeerId> SessionWindow::allWhere(Condition holds) const
{
    const PeerModel &peers = *m_session.peers();
    std::vector<PeerId> found;
    for (int row = 1; row < peers.rowCount(); ++row) {
        if (const Peer &peer = peers.peer(row); holds(peer)) {
            found.push_back(peer.id);
        }
    }
    return found;
}

std::vector<PeerId> SessionWindow::chosenWhere(Condition holds) const
{
    if (isAll(choice())) {
        return allWhere(holds);
    }
    std::vector<PeerId> found = choice();
    std::erase_if(found, [&](PeerId id) {
        const Peer *peer = m_session.peers()->find(id);
        return !peer || !holds(*peer);
    });
    return found;
}

bool SessionWindow::isAnyOf(const std::vector<PeerId> &chosen, Condition holds) const
{
    const PeerModel &peers = *m_session.peers();
    if (isAll(chosen)) {
        for (int row = 1; row < peers.rowCount(); ++row) {
            if (holds(peers.peer(row))) {
                return true;
            }
        }
        return false;
    }
    return std::any_of(chosen.begin(), chosen.end(), [&](PeerId id) {
        const Peer *peer = peers.find(id);
        return peer && holds(*peer);
    });
}

void SessionWindow::askToClear()
{
    const std::size_t gone = allWhere(isGone).size();
    if (gone == 0) {
        return;
    }
    NoticeText text;
    text.key = clearKey();
    text.weight = NoticeText::Weight::Hint;
    text.headline = QStringLiteral("Take %L1 closed %2 out of the list?").arg(gone).arg(gone == 1 ? m_words.one : m_words.many);
    text.remedy = clearingText();
    text.actionText = QStringLiteral("Clear");
    text.action = [this, said = text.remedy] {
        if (clearingText() != said) { // a message was begun since
            askToClear();
            return;
        }
        m_peerList->clearClosed();
        m_notices->dismiss(clearKey());
    };
    m_notices->post(text);
}

// What clearing keeps, and what it loses.
QString SessionWindow::clearingText() const
{
    QString text = QStringLiteral("What was said stays in the timeline of all, and in the session file.");
    std::vector<PeerId> drafts = allWhere(isGone);
    std::erase_if(drafts, [this](PeerId id) {
        return !m_pane->composer()->hasDraft(id) && !(m_beside && m_beside->composer()->hasDraft(id));
    });
    if (drafts.size() == 1) {
        text += QStringLiteral(" The message begun to %1 is lost.")
                    .arg(PeerModel::titleText(*m_session.peers()->find(drafts.front())));
    } else if (!drafts.empty()) {
        text += QStringLiteral(" The messages begun to %L1 of them are lost.").arg(drafts.size());
    }
    return text;
}

} // namespace tincan

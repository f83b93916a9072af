// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QHash>
#include <QString>
#include <QStringList>

#include "base/ids.h"

namespace tincan {

// What was typed to each peer: the message that was begun, and those that were sent. A value; no thread of its own.
class SentMemory
{
public:
    static constexpr int kMostSent = 100; // kept of a peer

    // The message begun to `peer`; an empty one is none.
    void keepDraft(PeerId peer, const QString &draft);
    QString draft(PeerId peer) const { return m_drafts.value(peer); }

    void addSent(PeerId peer, const QString &text);

    // From now on walk() is about this peer, and begins at its latest message.
    void startWalk(PeerId peer);
    // One further into the past (-1) or back (1). Returns what belongs into the composer, and nothing where it is to stay as it
    // is: it was changed, or there is no more. Coming back past the latest gives the empty text.
    std::optional<QString> walk(int step, const QString &inComposer);

private:
    QHash<PeerId, QString> m_drafts;
    QHash<PeerId, QStringList> m_sent; // latest last
    PeerId m_peer = kNoPeer;
    qsizetype m_back = 0; // 0: not in the past; 1: the latest …
};

} // namespace tincan

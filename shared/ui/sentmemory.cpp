// SPDX-License-Identifier: MIT
#include "ui/sentmemory.h"

namespace tincan {

void SentMemory::keepDraft(PeerId peer, const QString &draft)
{
    if (draft.isEmpty()) {
        m_drafts.remove(peer);
    } else {
        m_drafts.insert(peer, draft);
    }
}

void SentMemory::addSent(PeerId peer, const QString &text)
{
    if (text.isEmpty()) {
        return;
    }
    QStringList &sent = m_sent[peer];
    if (sent.isEmpty() || sent.last() != text) {
        sent.append(text);
    }
    if (sent.size() > kMostSent) {
        sent.removeFirst();
    }
}

void SentMemory::startWalk(PeerId peer)
{
    m_peer = peer;
    m_back = 0;
}

std::optional<QString> SentMemory::walk(int step, const QString &inComposer)
{
    const QStringList sent = m_sent.value(m_peer);
    const bool isUnchanged = m_back > 0 && m_back <= sent.size() && sent.at(sent.size() - m_back) == inComposer;
    if (!isUnchanged) {
        if (!inComposer.isEmpty()) {
            return std::nullopt;
        }
        m_back = 0;
    }
    const qsizetype back = m_back - step;
    if (back < 0 || back > sent.size()) {
        return std::nullopt;
    }
    m_back = back;
    return back == 0 ? QString() : sent.at(sent.size() - back);
}

} // namespace tincan

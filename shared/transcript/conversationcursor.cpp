// SPDX-License-Identifier: MIT
#include "transcript/conversationcursor.h"

namespace tincan {

namespace {

const BlockList<RowNumber> &none()
{
    static const BlockList<RowNumber> empty;
    return empty;
}

} // namespace

ConversationCursor::ConversationCursor(const Index &index, PeerId peer, RowNumber from)
    : m_index(index)
    , m_own(peer < index.m_peers.size() ? index.m_peers[peer].rows : none())
    , m_peer(peer)
    , m_ownAt(firstFrom(m_own, from))
    , m_fanOutAt(firstFrom(index.m_fanOuts, from))
{
}

RowNumber ConversationCursor::next()
{
    const BlockList<RowNumber> &fanOuts = m_index.m_fanOuts;
    const RowNumber own = m_ownAt < m_own.size() ? m_own[m_ownAt] : kNoRow;
    for (; m_fanOutAt < fanOuts.size() && fanOuts[m_fanOutAt] < own; ++m_fanOutAt) {
        if (m_index.reached(fanOuts[m_fanOutAt], m_peer)) {
            return fanOuts[m_fanOutAt++];
        }
    }
    m_ownAt += static_cast<std::size_t>(own != kNoRow);
    return own;
}

RowNumber ConversationCursor::previous()
{
    const BlockList<RowNumber> &fanOuts = m_index.m_fanOuts;
    for (; m_fanOutAt > 0 && (m_ownAt == 0 || fanOuts[m_fanOutAt - 1] > m_own[m_ownAt - 1]); --m_fanOutAt) {
        if (m_index.reached(fanOuts[m_fanOutAt - 1], m_peer)) {
            return fanOuts[--m_fanOutAt];
        }
    }
    return m_ownAt > 0 ? m_own[--m_ownAt] : kNoRow;
}

} // namespace tincan

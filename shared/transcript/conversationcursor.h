// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/index.h"

namespace tincan {

// Goes through the rows of one peer's conversation in either direction, without a list of them. The index may grow meanwhile.
// Same thread as the index.
class ConversationCursor
{
public:
    // Stands between two rows: before the first one whose number is at least `from`.
    ConversationCursor(const Index &index, PeerId peer, RowNumber from);

    // The number of the row behind (before) the cursor, which goes past it; kNoRow where there is none.
    RowNumber next();
    RowNumber previous();

private:
    const Index &m_index;
    const BlockList<RowNumber> &m_own;
    PeerId m_peer;
    std::size_t m_ownAt;
    std::size_t m_fanOutAt;
};

} // namespace tincan

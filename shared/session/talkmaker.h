// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "session/callscript.h"

namespace tincan {

// Makes the steps of one connection out of its rows and of the calls that stand between them. Any one thread.
class TalkMaker
{
public:
    // `talk`: what is known of it already. `calls`, `payloads` outlive it.
    TalkMaker(std::span<const RowBatch::Call> calls, const PayloadSource &payloads, PeerId peer, Transport transport,
              CallTalk talk);

    // Any row of the session, in order; those of others are passed over.
    void take(const Row &row, const Detail *detail);
    CallTalk finish();

private:
    CallStep &add(CallStep::Kind kind);
    bool isReached(const Row &fanOut, const FanOutInfo *info) const;
    void addRow(const Row &row, const Detail *detail);
    void addOptionsUntil(const Row &row);
    void addSend(const Row &row);
    void addAwait(const Row &row);
    void addEnd(const LeftInfo *left);

    const PayloadSource &m_payloads;
    PeerId m_peer;
    std::vector<const RowBatch::Call *> m_calls;
    std::size_t m_nextCall = 0;
    CallTalk m_talk;
    qsizetype m_bytes = 0;
    bool m_borders = false;
    bool m_joined = false;
    bool m_inRoom = false; // see FanOutInfo
    bool m_cut = false;
};

} // namespace tincan

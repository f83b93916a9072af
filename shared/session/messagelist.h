// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QByteArray>

#include "transcript/conversationview.h"
#include "transcript/index.h"
#include "transcript/lenscutter.h"
#include "transcript/payloadsource.h"

namespace tincan {

// What a conversation is looked at as.
struct ConversationOptions {
    ConversationOptions(PeerId peer = kNoPeer) // NOLINT(*-explicit-*): a conversation is named by its peer
        : conversation(peer)
    {
    }
    PeerId conversation;    // kNoPeer: all
    Lens lens;              // what is a message
    RowNumber firstRow = 0; // rows before it do not belong to it
    bool filtered = false;  // shows only what has been admitted
};

// The messages of a conversation, in the order in which they began: its rows as they are, or the pieces that a lens has cut. GUI
// thread. Messages are counted from 0; there are never fewer than before.
class MessageList
{
public:
    // `index` and `source` outlive it.
    MessageList(const Index &index, const PayloadSource &source, const ConversationOptions &options);

    PeerId conversation() const noexcept { return m_conversation; }
    bool hasLens() const noexcept { return m_hasLens; }
    int count() const noexcept { return m_count; }

    // Takes over what the index has got. With a lens the messages are counted only when they are cut: see take().
    void refresh();
    // Pieces begun, and those grown; the numbers of the latter are given back in ascending order, each once.
    std::vector<int> take(const LensCutter::Cuts &cuts);

    Piece piece(int message) const;
    // As one row: of a message that came in several, with its whole size and the time of the first.
    Row row(int message) const;
    // Fewer where they cannot be read: then errno's value is in *error if given, else 0.
    QByteArray bytes(int message, std::uint32_t from, std::uint32_t most, int *error = nullptr) const;

    // Where in the message (bytes from its beginning, ascending, none at its very beginning) another read begins; as far as
    // `most`.
    std::vector<std::uint32_t> borders(int message, std::uint32_t most) const;

    // Whether more has come in the same stream after it, near.
    bool goesOn(int message) const;

    // The message that holds the byte; -1: none.
    int messageOf(Place place) const;

    const ConversationView &view() const noexcept { return m_view; }

private:
    // The nearest row before (step -1) or after (+1) `number` in the same stream, among at most `most` rows; kNoRow: none.
    RowNumber along(RowNumber number, int step, std::size_t most = SIZE_MAX) const;

    const Index &m_index;
    const PayloadSource &m_source;
    PeerId m_conversation;
    RowNumber m_firstRow;
    bool m_hasLens;
    BlockList<RowNumber> m_rows; // unused for all
    BlockList<Piece> m_pieces;   // unused without a lens
    ConversationView m_view;
    RowNumber m_seen; // rows of the index looked at
    int m_count = 0;
};

} // namespace tincan

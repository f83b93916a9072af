// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_map>
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
    // Pieces begun, and those grown; the numbers of the latter are given back in ascending order, each once. With them, all rows
    // of view() before `cutTo` have been cut.
    std::vector<int> take(const LensCutter::Cuts &cuts, std::size_t cutTo);

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

    // The message that holds the byte; -1: none, or it is still to come. A great many may be asked for one after the other, most
    // cheaply in their order.
    int messageOf(Place place) const;
    // Whether the row has not been taken over, or not been cut yet: then nothing can be said of what is in it.
    bool isToCome(RowNumber row) const;

    const ConversationView &view() const noexcept { return m_view; }

private:
    // The nearest row before (step -1) or after (+1) `number` in the same stream, among at most `most` rows; kNoRow: none.
    RowNumber along(RowNumber number, int step, std::size_t most = SIZE_MAX) const;
    int pieceOf(Place place) const;
    std::size_t lastOf(ConversationView::Stream stream, std::size_t end) const;
    ConversationView::Stream streamOf(std::size_t piece) const;

    static constexpr ConversationView::Stream kNoStream = UINT64_MAX;
    static constexpr std::size_t kNoPiece = SIZE_MAX;

    const Index &m_index;
    const PayloadSource &m_source;
    PeerId m_conversation;
    RowNumber m_firstRow;
    bool m_hasLens;
    BlockList<RowNumber> m_rows; // unused for all
    BlockList<Piece> m_pieces;   // unused without a lens
    ConversationView m_view;
    RowNumber m_seen;      // rows of the index looked at
    std::size_t m_cut = 0; // rows of the view that are in m_pieces
    int m_count = 0;
    // Of the pieces before m_swept, the last of each stream; and how many others have been passed on the way since.
    mutable std::unordered_map<ConversationView::Stream, std::size_t> m_lastSwept;
    mutable std::size_t m_swept = 0;
    mutable std::size_t m_steps = 0;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QAbstractListModel>

#include "transcript/conversationview.h"
#include "transcript/decoder.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"

namespace tincan {

// One conversation: the messages and events of a peer, or of all (kNoPeer), in order. GUI thread. Grows by one insert a batch and
// is never reset; to look at another conversation, make another model.
class TranscriptModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    // `index` and `source` outlive the model. Rows of the index before `firstRow` are not part of it.
    TranscriptModel(const Index &index, const PayloadSource &source, PeerId conversation, QObject *parent = nullptr,
                    RowNumber firstRow = 0);

    PeerId conversation() const noexcept { return m_conversation; }

    // The plain interface (Qt::DisplayRole gives the payload's beginning as text); the view uses the typed one below.
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    int count() const noexcept { return m_count; }
    RowNumber number(int row) const noexcept; // in the index
    const Row &row(int row) const noexcept;
    template<typename T>
    const T *detailOf(int row) const noexcept
    {
        return m_index.detailOf<T>(this->row(row));
    }

    const Index &index() const noexcept { return m_index; }
    using QAbstractListModel::index;
    // "127.0.0.1:53422"; empty where the peer has not joined.
    QString addressOf(PeerId peer) const;

    // The conversation's rows as they are now, for a thread of the pool: this model outlives it.
    ConversationView view() const
    {
        return m_conversation == kNoPeer ? ConversationView(m_index.rows())
                                         : ConversationView(m_index.rows(), m_rows.view(), m_conversation);
    }

    // Whether the row's bytes came from a peer.
    bool isReceived(int row) const noexcept;

    // The payload's beginning as text, at most `most` bytes of it, with the character that the read before it has cut.
    TextRuns text(int row, std::uint32_t most) const;
    QByteArray bytes(int row, std::uint32_t most) const;

    // The session has appended to the index: take over what belongs here. Called by Session.
    void refresh();

private:
    // The nearest row before (step -1) or after (+1) it of the same peer and kind; -1 where there is none near.
    int neighbour(int row, int step) const;
    QByteArray carriedInto(int row) const;

    const Index &m_index;
    const PayloadSource &m_source;
    PeerId m_conversation;
    RowNumber m_firstRow;
    BlockList<RowNumber> m_rows;           // unused for all
    mutable std::vector<int> m_shownTails; // rows that showed a cut character as bytes, because its rest had not come
    RowNumber m_seen;                      // rows of the index looked at
    int m_count = 0;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <QAbstractListModel>

#include "session/messagelist.h"
#include "session/streamtext.h"
#include "transcript/decoder.h"

namespace tincan {

class LensRun;
class Delivery;

// One conversation: the messages and events of a peer, or of all (kNoPeer), in order. GUI thread. Grows by one insert a batch and
// is never reset; to look at another conversation, or at this one through another lens, make another model.
//
// Through a lens, messages are cut from the streams in the background: they come as they are found, and the last of a stream
// grows.
class TranscriptModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    // `index` and `source` outlive the model.
    TranscriptModel(const Index &index, const PayloadSource &source, const ConversationOptions &options,
                    QObject *parent = nullptr);
    ~TranscriptModel() override;

    PeerId conversation() const noexcept { return m_messages.conversation(); }

    // The plain interface (Qt::DisplayRole gives the payload's beginning as text); the view uses the typed one below.
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    int count() const noexcept { return m_count; }
    RowNumber number(int row) const { return m_messages.piece(message(row)).row; } // in the index: where the message begins
    Row row(int row) const { return m_messages.row(message(row)); }                // of a lens: as if it had come in one read
    template<typename T>
    const T *detailOf(int row) const
    {
        return m_index.detailOf<T>(this->row(row));
    }

    const Index &index() const noexcept { return m_index; }
    using QAbstractListModel::index;
    // "127.0.0.1:53422", with the peer's name before it where it has one; empty where the peer has not joined.
    QString addressOf(PeerId peer) const;

    // The conversation's rows as they are now, for a thread of the pool: this model outlives it.
    const ConversationView &view() const noexcept { return m_messages.view(); }

    // Whether the row's bytes came from a peer.
    bool isReceived(int row) const { return this->row(row).kind == RecordKind::Received; }

    // The payload's beginning as text, at most `most` bytes of it, with the character that the read before it has cut.
    TextRuns text(int row, std::uint32_t most) const;
    // Fewer where they cannot be read: then errno's value is in *error if given.
    QByteArray bytes(int row, std::uint32_t most, int *error = nullptr) const
    {
        return m_messages.bytes(message(row), 0, most, error);
    }
    // What the bytes are read in; UTF-8 at first.
    const Encoding &encoding() const noexcept { return m_streams.encoding(); }
    void setEncoding(const Encoding &encoding);
    // The bytes before a message that begin its first character (0 to 3).
    QByteArray carriedInto(int row) const;
    // How many bytes of its stream (peer and direction) went before a message.
    std::uint64_t streamOffset(int row) const;

    // ---- through a lens
    bool hasLens() const noexcept { return m_messages.hasLens(); }
    Piece piece(int row) const { return m_messages.piece(message(row)); }
    // Where in the message (bytes from its beginning, ascending) another read begins, within its first `most` bytes.
    std::vector<std::uint32_t> borders(int row, std::uint32_t most) const;
    // 0 to 1000: how far cutting has come; 1000: everything that is there.
    int lensProgress() const;

    // The row that holds this byte, with what it has been looked at as; -1: none, or not shown.
    int rowOf(Place place) const;

    // ---- filtered: only messages that hold one of these places are shown; ascending, and after those of earlier calls.
    void admit(std::span<const Place> places);

    // What became of what was sent: not owned, outlives the model; nullptr where that is not known.
    void setDelivery(const Delivery *delivery) { m_delivery = delivery; }
    const Delivery *delivery() const noexcept { return m_delivery; }

    // The session has appended to the index: take over what belongs here. Called by Session.
    void refresh();
    // … and to the delivery: says so where anything has changed.
    void refreshDelivery();

signals:
    void lensProgressed();
    // What became of rows that are there already has changed. No dataChanged(): it may concern a great many of them.
    void deliveryChanged();

private:
    int message(int row) const { return m_filtered ? m_shown[static_cast<std::size_t>(row)] : row; }
    int rowOfMessage(int message) const; // -1: not shown
    void takeCuts(const LensCutter::Cuts &cuts);
    void showCount();
    void show(std::span<const int> messages);
    void admitWaiting();

    const Index &m_index;
    MessageList m_messages;
    StreamText m_streams;
    std::unique_ptr<LensRun> m_lens;
    std::vector<int> m_shown;              // of a filtered one: the messages shown, ascending
    std::vector<Place> m_waiting;          // admitted, but not yet cut
    mutable std::vector<int> m_shownTails; // messages that showed a cut character as bytes: its rest had not come
    const Delivery *m_delivery = nullptr;
    std::uint64_t m_deliveryVersion = 0;
    int m_timesNamed = 0; // of the index, when it was looked at last
    bool m_filtered;
    int m_count = 0;
};

} // namespace tincan

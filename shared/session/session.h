// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "transcript/delivery.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"

namespace tincan {

class CallModel;
class ListenerModel;
class LiveSession;
class PeerModel;
class TranscriptModel;
struct ConversationOptions;

// Totals of a session; rates are made of two of them.
struct SessionTotals {
    std::uint64_t bytesIn = 0;
    std::uint64_t bytesOut = 0; // a message to many counts once for each
    std::uint64_t messagesIn = 0;
    std::uint64_t messagesOut = 0;
    std::uint64_t notRecorded = 0; // rows whose payload could not be written
};

// What a window shows: peers, rows, socket calls, and where the bytes are. LiveSession fills it from what happens now,
// OpenedSession from a file. All functions: GUI thread.
class Session : public QObject
{
    Q_OBJECT
public:
    ~Session() override;

    PeerModel *peers() const { return m_peers; }
    CallModel *calls() const { return m_calls; }
    const Index &index() const { return m_index; }
    virtual const PayloadSource &payloads() const = 0;
    SessionTotals totals() const;

    // The session as one that runs; nullptr where it is only looked at.
    virtual LiveSession *live() { return nullptr; }
    // Where peers may come to; nullptr where none can.
    virtual ListenerModel *listeners() const { return nullptr; }

    // The sockets that listen now, in the order in which they began.
    const std::vector<ListenInfo> &listenInfos() const { return m_listeners; }

    bool isAcceptingPaused(ListenerId listener) const;

    // What became of what was sent.
    const Delivery &delivery() const { return m_delivery; }

    // A model of one conversation (kNoPeer: all), kept up to date as long as it lives. The caller owns it.
    std::unique_ptr<TranscriptModel> openConversation(const ConversationOptions &options);

signals:
    // The index has grown: rows [first, index().size()). At most once a frame.
    void rowsAdded(tincan::RowNumber first);
    void listenInfosChanged();

protected:
    explicit Session(QObject *parent);
    Delivery &deliveryToChange() { return m_delivery; }
    // Appends rows, calls and acknowledgements to the index and tells the models; `rows` is then empty.
    void takeIn(RowBatch &rows);
    // Called for each new row that is no message, before rowsAdded().
    virtual void eventSeen(const Row &row);

private:
    void takeInRows(RowBatch &rows);
    void noteListener(const Row &row);

    Index m_index;
    Delivery m_delivery{m_index};
    PeerModel *m_peers;
    CallModel *m_calls;
    std::vector<TranscriptModel *> m_conversations;
    std::vector<ListenInfo> m_listeners;
    std::vector<ListenerId> m_paused; // of these, those that accept nobody
    std::uint64_t m_notRecorded = 0;
};

} // namespace tincan

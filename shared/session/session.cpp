// SPDX-License-Identifier: MIT
#include "session/session.h"

#include <algorithm>

#include "session/callmodel.h"
#include "session/peermodel.h"
#include "session/transcriptmodel.h"

namespace tincan {

Session::Session(QObject *parent)
    : QObject(parent)
    , m_peers(new PeerModel(this))
    , m_calls(new CallModel(this))
{
    m_calls->setWhoIs([this](PeerId peer) { return m_index.peerInfo(peer); });
}

Session::~Session() = default;

SessionTotals Session::totals() const
{
    const Peer &all = m_peers->peer(0);
    return {all.bytesIn, all.bytesOut, all.messagesIn, all.messagesOut, m_notRecorded};
}

std::unique_ptr<TranscriptModel> Session::openConversation(const ConversationOptions &options)
{
    auto model = std::make_unique<TranscriptModel>(m_index, payloads(), options);
    model->setDelivery(&m_delivery);
    m_conversations.push_back(model.get());
    connect(model.get(), &QObject::destroyed, this,
            [this](QObject *gone) { std::erase_if(m_conversations, [gone](const QObject *open) { return open == gone; }); });
    return model;
}

void Session::takeIn(RowBatch &rows)
{
    m_calls->append(rows.calls);
    rows.calls.clear();
    if (!rows.rows.empty()) {
        takeInRows(rows);
    }
    m_delivery.apply(rows.acks);
    rows.acks.clear();
    for (TranscriptModel *model : m_conversations) {
        model->refreshDelivery();
    }
}

void Session::takeInRows(RowBatch &rows)
{
    const RowNumber first = m_index.append(rows);
    m_delivery.rowsCame(first);
    m_peers->applyRows(m_index, first);
    for (RowNumber number = first; number < m_index.size(); ++number) {
        const Row &row = m_index.row(number);
        m_notRecorded += static_cast<std::uint64_t>(row.offset == kNotRecorded && hasPayload(row.kind));
        if (!isMessage(row.kind)) {
            if (live()) {
                noteListener(row);
            }
            eventSeen(row);
        }
    }
    for (TranscriptModel *model : m_conversations) {
        model->refresh();
    }
    emit rowsAdded(first);
}

bool Session::isAcceptingPaused(ListenerId listener) const
{
    return std::find(m_paused.begin(), m_paused.end(), listener) != m_paused.end();
}

void Session::noteListener(const Row &row)
{
    if (row.kind == RecordKind::Note && row.peer == kNoPeer) {
        const auto *note = m_index.detailOf<NoteInfo>(row);
        if (note && (note->code == NoteCode::AcceptingPaused || note->code == NoteCode::AcceptingGoesOn)) {
            const auto listener = static_cast<ListenerId>(note->a);
            std::erase(m_paused, listener);
            if (note->code == NoteCode::AcceptingPaused) {
                m_paused.push_back(listener);
            }
        }
        return;
    }
    if (row.kind == RecordKind::Listening) {
        if (const auto *info = m_index.detailOf<ListenInfo>(row)) {
            std::erase_if(m_listeners, [info](const ListenInfo &other) { return other.id == info->id; });
            std::erase(m_paused, info->id);
            m_listeners.push_back(*info);
            emit listenInfosChanged();
        }
    } else if (row.kind == RecordKind::Stopped) {
        const auto *info = m_index.detailOf<StoppedInfo>(row);
        std::erase_if(m_listeners, [info](const ListenInfo &other) { return !info || other.id == info->id; });
        emit listenInfosChanged();
    }
}

void Session::eventSeen(const Row & /*row*/) { }

} // namespace tincan

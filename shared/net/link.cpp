// SPDX-License-Identifier: MIT
#include "net/link.h"

#include <utility>

#include "base/peertext.h"
#include "net/room.h"

namespace tincan {

Link::Link(NetContext &context, PeerId id, PeerInfo info)
    : m_context(context)
    , m_remote(info.remote)
    , m_id(id)
    , m_listener(info.listener)
{
    if (!info.remote.isIp()) { // such an address may be empty
        rare().prefix = peerText(info) + ": ";
    }
    context.outbox.add(RecordKind::Joined, id, std::move(info));
    context.room.enter(*this);
}

Link::Rare &Link::rare()
{
    if (!m_rareState) {
        m_rareState = std::make_unique<Rare>();
    }
    return *m_rareState;
}

const std::string &Link::namePrefix()
{
    std::string &prefix = rare().prefix;
    if (prefix.empty()) {
        prefix = m_remote.toString() + ": ";
    }
    return prefix;
}

void Link::received(const std::byte *data, std::uint32_t size)
{
    m_context.outbox.addPayload(RecordKind::Received, m_id, data, size);
    switch (m_context.answer.mode) {
    case AnswerMode::Manual:
        break;
    case AnswerMode::Echo:
        if (canSend()) {
            sendOrQueue(data, size, false);
        }
        break;
    case AnswerMode::Ok:
        if (canSend()) {
            const std::byte *reply = m_context.outbox.copy(std::as_bytes(std::span(kOkReply)));
            if (sendOrQueue(reply, kOkReply.size(), false) && isExit({data, size})) {
                disconnect();
            }
        }
        break;
    case AnswerMode::Relay:
        m_context.room.gather(*this, {data, size});
        break;
    }
}

bool Link::sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson)
{
    std::uint32_t taken = 0;
    if (m_queue.isEmpty()) {
        const iovec vector{const_cast<std::byte *>(data), size}; // NOLINT: send(2) does not write through it
        const ssize_t count = sendNow({&vector, 1});
        if (count < 0) {
            return false;
        }
        taken = static_cast<std::uint32_t>(count);
        if (taken == size) {
            m_context.outbox.addPayload(RecordKind::Sent, m_id, data, size);
            return true;
        }
    }
    m_queue.pushOwn(m_context.outbox.slice(data, size), taken, byPerson);
    queueChanged();
    return true;
}

void Link::refuse(std::span<const std::byte> bytes, RefusedReason reason, int error)
{
    Room::refuse(m_context.outbox, m_id, bytes, {reason, m_queue.bytes(), error});
}

void Link::enqueueShared(const Slice &slice, std::uint32_t taken)
{
    if (m_state != State::Closed) { // which it may be since the message before
        m_queue.push(slice, taken);
        queueChanged();
    }
}

void Link::countRefused(std::uint64_t bytes)
{
    ++rare().refusedMessages;
    rare().refusedBytes += bytes;
}

void Link::recordSent(const Slice &slice)
{
    if (slice.chunk) {
        m_context.outbox.addPayload(RecordKind::Sent, m_id, slice.data, slice.size, &slice.chunk);
    } else {
        const std::byte *copy = m_context.outbox.copy({slice.data, slice.size});
        m_context.outbox.addPayload(RecordKind::Sent, m_id, copy, slice.size);
    }
}

void Link::onDrained(std::function<void()> drained)
{
    rare().drained = std::move(drained);
    sayDrained();
}

bool Link::isDrained() const
{
    return m_queue.cost() <= m_context.limits.echoPause / 2 && !m_context.readingPaused;
}

void Link::sayDrained()
{
    if (m_rareState && m_rareState->drained && (m_state == State::Closed || isDrained())) {
        std::exchange(m_rareState->drained, nullptr)();
    }
}

void Link::sayReadingAgain()
{
    if (m_rareState && std::exchange(m_rareState->stalled, false)) {
        m_context.outbox.add(RecordKind::Note, m_id, NoteInfo{NoteCode::PeerReadingAgain, 0, 0, {}});
    }
}

void Link::sayRefused()
{
    if (m_rareState && m_rareState->refusedMessages > 0) {
        m_context.outbox.add(RecordKind::Note, m_id,
                             NoteInfo{NoteCode::FanOutRefused,
                                      static_cast<std::int64_t>(std::exchange(m_rareState->refusedMessages, 0)),
                                      static_cast<std::int64_t>(std::exchange(m_rareState->refusedBytes, 0)),
                                      {}});
    }
}

void Link::sweep()
{
    Rare &state = rare();
    sayRefused();
    if (!m_queue.isEmpty() && m_taken == state.takenAtSweep && !state.stalled) {
        state.stalled = true;
        m_context.outbox.add(RecordKind::Note, m_id,
                             NoteInfo{NoteCode::PeerNotReading, static_cast<std::int64_t>(m_queue.bytes()), 0, {}});
    }
    state.takenAtSweep = m_taken;
}

LeftInfo Link::takeLeave(LeftReason reason, Error error)
{
    if (const Slice part = m_queue.partlyTaken(); part.size > 0) {
        recordSent(part);
    }
    sayRefused();
    m_queue.forEachOfPerson([this](const Slice &lost) { refuse({lost.data, lost.size}, RefusedReason::NotConnected); });
    LeftInfo info{reason, std::move(error), m_queue.bytes(), static_cast<std::uint32_t>(m_queue.messages())};
    m_queue.clear();
    sayQueued();
    m_context.room.leave(*this);
    return info;
}

} // namespace tincan

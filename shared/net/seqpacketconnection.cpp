// SPDX-License-Identifier: MIT
#include "net/seqpacketconnection.h"

#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include <sys/socket.h>

#include "net/room.h"

namespace tincan {

namespace {

constexpr int kMessagesPerTurn = 64;
// What a message counts beside its bytes, of a connection that is being given up: an empty one costs the kernel and us, too.
constexpr std::size_t kCostOfMessage = 512;
// For the time, and nothing else: descriptors that a message brings along find no room, and the kernel closes them.
constexpr std::size_t kControlSize = CMSG_SPACE(sizeof(timespec));

} // namespace

SeqpacketConnection::SeqpacketConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options,
                                         std::shared_ptr<UnixPath> path)
    : UnixConnection(context, id, fd, std::move(info), std::move(options), std::move(path))
{
    if (m_state != State::Closed) {
        context.calls.setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1, id);
    }
}

// errno is that of recvmsg(2) where it failed.
SeqpacketConnection::Got SeqpacketConnection::receiveMessage(std::size_t &size)
{
    const std::span<std::byte> room = m_context.outbox.room(kMaxMessage);
    alignas(cmsghdr) std::array<std::byte, kControlSize> control{};
    iovec vector{room.data(), std::min<std::size_t>(room.size(), kMaxMessage)};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    const TimePoint begin = m_dataTraced ? Clock::now() : TimePoint();
    ssize_t count = 0;
    do {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        count = m_context.calls.raw().recvmsg(m_fd, &message, MSG_DONTWAIT | MSG_TRUNC);
    } while (count < 0 && errno == EINTR);
    if (m_dataTraced) {
        m_context.calls.noteData({CallName::RecvMsg, m_fd, vector.iov_len, MSG_DONTWAIT | MSG_TRUNC, 1, count, room.data()},
                                 begin, m_id);
    }
    if (count < 0) {
        return errno == EAGAIN ? Got::Nothing : Got::Failed;
    }
    if (count == 0 && message.msg_controllen == 0) {
        return Got::End;
    }
    size = std::min<std::size_t>(static_cast<std::size_t>(count), vector.iov_len);
    if (size < static_cast<std::size_t>(count)) {
        m_context.outbox.add(RecordKind::Note, m_id, NoteInfo{NoteCode::MessageCut, count, static_cast<std::int64_t>(size), {}});
    }
    received(m_context.outbox.commit(size), static_cast<std::uint32_t>(size));
    return Got::Message;
}

bool SeqpacketConnection::readOnce()
{
    std::size_t size = 0;
    switch (receiveMessage(size)) {
    case Got::Message:
    case Got::Nothing:
        break;
    case Got::End:
        noteUntraced(CallName::RecvMsg, kMaxMessage, 0, 0);
        m_receivingEnded ? readToEnd() : peerFinished();
        break;
    case Got::Failed:
        const int error = errno;
        noteUntraced(CallName::RecvMsg, kMaxMessage, -1, error);
        failed(error, CallName::RecvMsg);
        break;
    }
    return m_state != State::Closed;
}

bool SeqpacketConnection::readRest(bool endIsFin, std::size_t most)
{
    const bool couldAnswer = std::exchange(m_finishAsked, true);
    Got got = Got::Message;
    while (most > 0 && got == Got::Message && !m_gotFin && m_state != State::Closed) {
        std::size_t size = 0;
        got = receiveMessage(size);
        countRest(most, got == Got::Message ? size + kCostOfMessage : 0);
    }
    if (got == Got::End && endIsFin && !m_receivingEnded) {
        m_gotFin = true;
        m_context.outbox.add(RecordKind::PeerFinished, m_id);
    }
    m_finishAsked = couldAnswer;
    return got != Got::Message || m_gotFin || m_state == State::Closed;
}

SeqpacketConnection::Outcome SeqpacketConnection::sendMessage(const iovec &message)
{
    return m_lane && m_lane->holds() ? Outcome::NotNow : handMessage(message);
}

SeqpacketConnection::Outcome SeqpacketConnection::handMessage(const iovec &message)
{
    const TimePoint begin = m_dataTraced ? Clock::now() : TimePoint();
    ssize_t count = 0;
    do {
        count = m_context.calls.raw().send(m_fd, message.iov_base, message.iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (m_dataTraced) {
        m_context.calls.noteData({CallName::Send, m_fd, message.iov_len, MSG_NOSIGNAL | MSG_DONTWAIT, 1, count, message.iov_base},
                                 begin, m_id);
    }
    if (count >= 0) {
        return Outcome::Done;
    }
    const int error = errno;
    if (isNotNow(error)) {
        return Outcome::NotNow;
    }
    noteUntraced(CallName::Send, message.iov_len, -1, error);
    if (error == EMSGSIZE) {
        return Outcome::TooLong;
    }
    failed(error, CallName::Send);
    return Outcome::Failed;
}

std::size_t SeqpacketConnection::sendMessages(std::span<const iovec> messages, std::vector<std::size_t> &failed)
{
    for (std::size_t at = 0; at < messages.size(); ++at) {
        const iovec &message = messages[at];
        switch (sendMessage(message)) {
        case Outcome::Done:
            break;
        case Outcome::TooLong:
            refuse({static_cast<const std::byte *>(message.iov_base), message.iov_len}, RefusedReason::TooLong, EMSGSIZE);
            failed.push_back(at);
            break;
        case Outcome::NotNow:
        case Outcome::Failed:
            return at;
        }
    }
    return messages.size();
}

bool SeqpacketConnection::sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson)
{
    if (m_queue.isEmpty()) {
        switch (sendMessage({const_cast<std::byte *>(data), size})) { // NOLINT: send(2) does not write through it
        case Outcome::Done:
            m_context.outbox.addPayload(RecordKind::Sent, m_id, data, size);
            return true;
        case Outcome::TooLong:
            refuse({data, size}, RefusedReason::TooLong, EMSGSIZE);
            return true;
        case Outcome::Failed:
            return false;
        case Outcome::NotNow:
            break;
        }
    }
    m_queue.pushOwn(m_context.outbox.slice(data, size), 0, byPerson);
    queueChanged();
    return true;
}

void SeqpacketConnection::send(std::span<const std::byte> bytes)
{
    m_context.room.flush();
    if (!canSend()) {
        refuse(bytes, m_state == State::Closed ? RefusedReason::NotConnected : RefusedReason::SendingFinished);
    } else if (bytes.size() > kMaxMessage) {
        refuse(bytes, RefusedReason::TooLong, EMSGSIZE);
    } else if (!hasRoomFor(bytes.size())) {
        refuse(bytes, RefusedReason::QueueFull);
    } else if (!sendOrQueue(m_context.outbox.copy(bytes), static_cast<std::uint32_t>(bytes.size()), true)) {
        refuse(bytes, RefusedReason::NotConnected);
    }
}

void SeqpacketConnection::flush()
{
    std::array<iovec, 1> first{};
    for (int i = 0; i < kMessagesPerTurn && m_queue.fill(first) > 0 && (!m_lane || m_lane->limit(first) > 0); ++i) {
        const Outcome outcome = handMessage(first.front());
        if (outcome == Outcome::Failed) {
            return;
        }
        if (outcome == Outcome::NotNow) {
            break;
        }
        const std::size_t size = outcome == Outcome::Done ? first.front().iov_len : 0;
        m_taken += size + 1; // of an empty one too, it is to be seen that it moved
        m_queue.takeMessages(1, [&](const Slice &whole) {
            outcome == Outcome::Done ? recordSent(whole) : refuse({whole.data, whole.size}, RefusedReason::TooLong, EMSGSIZE);
        });
        if (!laneTook(1, size)) {
            return;
        }
    }
    queueChanged();
}

} // namespace tincan

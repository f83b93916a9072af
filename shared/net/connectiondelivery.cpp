// SPDX-License-Identifier: MIT
// Of net/connection.h: what the peer's kernel has acknowledged.
#include <algorithm>

#include "net/connection.h"
#include "net/deliverywatch.h"

namespace tincan {

namespace {

constexpr int kSendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

} // namespace

int Connection::sendFlags() const noexcept
{
    return kSendFlags | (m_lane ? m_lane->sendFlags() : 0);
}

// `stamped` is told whether the kernel was asked to tell of the acknowledgement.
ssize_t Connection::sendOnce(std::span<const iovec> vectors, bool *stamped)
{
    Syscalls &sys = m_context.calls.raw();
    const int flags = sendFlags();
    const bool isStamped = m_stamp && m_stamp->isDue(sys, m_fd, m_handed, m_context.loop.now());
    if (stamped) {
        *stamped = isStamped;
    }
    if (isStamped) {
        return m_stamp->send(sys, m_fd, vectors, flags);
    }
    if (vectors.size() == 1) {
        return sys.send(m_fd, vectors.front().iov_base, vectors.front().iov_len, flags);
    }
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(vectors.data()); // NOLINT: sendmsg(2) does not write through it
    message.msg_iovlen = vectors.size();
    return sys.sendmsg(m_fd, &message, flags);
}

void Connection::handedOver(std::size_t bytes)
{
    if (isUnix(m_transport)) {
        return; // no kernel acknowledges anything
    }
    m_handed += bytes;
    if (m_context.delivery && bytes > 0) {
        m_context.delivery->sent(*this);
    }
}

// As far as it can be asked for; what was known before where it cannot.
std::uint64_t Connection::acknowledgedNow()
{
    int waiting = 0;
    if (m_context.calls.raw().outputQueue(m_fd, &waiting) != 0 || waiting < 0) {
        return m_acknowledged;
    }
    // A FIN has a number of its own, and comes after all bytes.
    const std::uint64_t all = m_handed + static_cast<std::uint64_t>(m_finSent);
    const std::uint64_t known = all - std::min(all, static_cast<std::uint64_t>(waiting));
    return std::clamp(known, m_acknowledged, m_handed);
}

Connection::Delivery Connection::askDelivery()
{
    const std::uint64_t known = acknowledgedNow();
    const bool moved = known > m_acknowledged;
    if (moved) {
        sayAcknowledged({known, -1});
    }
    return known == m_handed ? Delivery::Complete : moved ? Delivery::Moved : Delivery::Still;
}

void Connection::sayAcknowledged(const AcknowledgedInfo &info)
{
    m_acknowledged = info.bytes;
    m_context.outbox.add(RecordKind::Acknowledged, m_id, info);
}

// Also where it is no more than before: so it is known that the rest was not.
void Connection::sayLastAcknowledged()
{
    if (m_context.delivery && m_acknowledged < m_handed) {
        sayAcknowledged({acknowledgedNow(), -1});
    }
}

void Connection::setStamped(bool stamped)
{
    if (!m_stamp && stamped) {
        m_stamp = std::make_unique<AckStamp>();
    }
    if (m_stamp) {
        m_stamp->setWanted(stamped);
    }
}

// False where none had come.
bool Connection::readStamps()
{
    std::optional<AcknowledgedInfo> stamp;
    if (!m_stamp || !m_stamp->read(m_context.calls.raw(), m_fd, stamp)) {
        return false;
    }
    if (m_context.delivery && stamp && stamp->bytes > m_acknowledged) {
        sayAcknowledged(*stamp);
    }
    return true;
}

} // namespace tincan

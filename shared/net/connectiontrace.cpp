// SPDX-License-Identifier: MIT
// Of net/connection.h: recv and send, and what is noted of them where somebody looks at each.
#include "net/connection.h"

namespace tincan {

ssize_t Connection::receive(std::span<std::byte> room)
{
    Syscalls &sys = m_context.calls.raw();
    if (!m_dataTraced) {
        return sys.recv(m_fd, room.data(), room.size(), MSG_DONTWAIT);
    }
    const TimePoint begin = Clock::now();
    const ssize_t count = sys.recv(m_fd, room.data(), room.size(), MSG_DONTWAIT);
    m_context.calls.noteData(
        {.call = CallName::Recv, .fd = m_fd, .size = room.size(), .flags = MSG_DONTWAIT, .result = count, .bytes = room.data()},
        begin, m_id);
    return count;
}

ssize_t Connection::tracedSend(std::span<const iovec> vectors)
{
    const TimePoint begin = Clock::now();
    bool isStamped = false;
    const ssize_t count = sendOnce(vectors, &isStamped);
    // Of several pieces the first is shown: what follows it is elsewhere in memory.
    m_context.calls.noteData({.call = isStamped || vectors.size() > 1 ? CallName::SendMsg : CallName::Send,
                              .fd = m_fd,
                              .size = vectors.front().iov_len,
                              .flags = sendFlags(),
                              .pieces = static_cast<int>(vectors.size()) * (isStamped ? -1 : 1),
                              .result = count,
                              .bytes = vectors.front().iov_base},
                             begin, m_id);
    return count;
}

// The end of a stream and what failed is told in any case; once.
void Connection::noteUntraced(CallName call, std::size_t size, long result, int error)
{
    if (!m_dataTraced) {
        m_context.calls.note(call, m_fd, size, result, error, m_id);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// Of net/datagramport.h: what is noted of recvmmsg(2) and sendmmsg(2) where somebody looks at each.
#include <algorithm>
#include <cerrno>

#include "net/datagramport.h"

namespace tincan {

void DatagramPort::setTraced(DatagramLink &link, bool traced)
{
    if (traced) {
        m_traced = &link;
    } else if (m_traced == &link) {
        m_traced = nullptr;
    }
}

// One call, however many datagrams of its came by it: with the first of them. That nothing was there is only told of a socket
// that is the peer's alone.
void DatagramPort::traceReceived(std::span<const Datagram> datagrams, int error, std::int32_t nanoseconds)
{
    TracedCalls::Data data{.call = CallName::RecvMmsg, .fd = m_socket.fd, .flags = DatagramReceiver::kFlags};
    data.pieces = static_cast<int>(m_receiver.asked());
    if (datagrams.empty()) {
        if (m_traced == m_own || error != EAGAIN) {
            data.result = -1;
            errno = error;
            m_context.calls.noteData(data, nanoseconds, m_traced->id());
        }
        return;
    }
    for (const Datagram &datagram : datagrams) {
        if (senderOf(datagram) != m_traced) {
            continue;
        }
        data.size = datagram.size;
        data.result = static_cast<ssize_t>(datagrams.size());
        data.bytes = datagram.data;
        data.address = datagram.source;
        m_context.calls.noteData(data, nanoseconds, m_traced->id());
        return;
    }
}

// sendmmsg(2) tells an error only of the first message; those behind the last that it took it has not looked at.
void DatagramPort::traceSent(std::size_t first, std::size_t count, int taken, std::int32_t nanoseconds)
{
    const std::size_t reached = std::min(count, first + static_cast<std::size_t>(std::max(taken, 1)));
    for (std::size_t i = first; i < reached; ++i) {
        if (m_call.links[i] != m_traced) {
            continue;
        }
        const msghdr &header = m_call.headers[i].msg_hdr;
        TracedCalls::Data data{.call = CallName::SendMmsg, .fd = m_socket.fd, .size = m_call.vectors[i].iov_len};
        data.flags = kSendFlags;
        data.pieces = static_cast<int>(count - first);
        data.result = taken;
        data.bytes = m_call.vectors[i].iov_base;
        data.address = {static_cast<const char *>(header.msg_name), header.msg_namelen};
        m_context.calls.noteData(data, nanoseconds, m_traced->id());
        return;
    }
}

} // namespace tincan

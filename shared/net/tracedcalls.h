// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/endpoint.h"
#include "base/ids.h"
#include "base/transport.h"
#include "net/outbox.h"
#include "net/syscalls.h"

namespace tincan {

// How long it took; at most the greatest number there is.
std::int32_t nanosecondsSince(TimePoint begin);

// The calls that make, name, connect, accept, half-close and end a socket, each leaving a Call record. EINTR is looped here,
// except on close(2). Results as of the call; errno is what the call left. Loop thread only.
class TracedCalls
{
public:
    TracedCalls(Syscalls &sys, Outbox &outbox)
        : m_sys(sys)
        , m_outbox(outbox)
    {
    }

    int socket(int domain, Transport transport, PeerId peer = kNoPeer); // NONBLOCK and CLOEXEC
    int setOption(int fd, int level, int name, int value, PeerId peer = kNoPeer);
    int setText(int fd, int level, int name, const std::string &value, PeerId peer = kNoPeer);
    int setLinger(int fd, int seconds, PeerId peer = kNoPeer); // below 0: off
    // A value that is no integer; `text` is what the call log shows of it.
    int setValue(int fd, int level, int name, std::span<const std::byte> value, const std::string &text, PeerId peer = kNoPeer);
    int bind(int fd, const Endpoint &address, bool dualStack, PeerId peer = kNoPeer);
    int bindAnyName(int fd, PeerId peer); // a Unix socket: to an abstract name that the kernel chooses ("autobind", unix(7))
    int listen(int fd, int backlog);
    // NONBLOCK and CLOEXEC. EAGAIN leaves no record. `nextPeer` is asked for an id once there is a peer.
    int accept(int fd, Endpoint &remote, PeerId &peer, const std::function<PeerId()> &nextPeer);
    int connect(int fd, const Endpoint &address, PeerId peer);
    int pendingError(int fd, PeerId peer); // SO_ERROR
    Endpoint localName(int fd, PeerId peer);
    int shutdown(int fd, int how, PeerId peer);
    int lingerZero(int fd, PeerId peer); // close(2) will then send RST
    void close(int fd, PeerId peer = kNoPeer);

    // Of Unix sockets. The permissions of the inode that bind(2) makes the file with; and those of the file, opened with O_PATH.
    int changeMode(int fd, mode_t mode, const std::string &path, PeerId peer = kNoPeer);
    int changeFileMode(int file, mode_t mode, const std::string &path, PeerId peer = kNoPeer);
    int unlink(const std::string &path, PeerId peer = kNoPeer);
    int peerCredentials(int fd, ucred &told, PeerId peer); // SO_PEERCRED

    // What recv(2), send(2), sendmsg(2), recvmmsg(2) or sendmmsg(2) did with bytes of a peer that is looked at so closely: with
    // the first kNotedBytes of them. `size`: as asked for, of recvmmsg that of the message; `pieces`: of sendmsg. errno stays.
    static constexpr std::size_t kNotedBytes = 32;
    struct Data {
        CallName call = CallName::Recv;
        int fd = -1;
        std::size_t size = 0;
        int flags = 0;
        int pieces = 1; // below 0: so many, and with an SO_TIMESTAMPING control message; recvmmsg, sendmmsg: messages
        ssize_t result = 0;
        const void *bytes = nullptr;
        std::string_view address; // a sockaddr, of messages that name one
    };
    void noteData(const Data &data, TimePoint begin, PeerId peer);
    void noteData(const Data &data, std::int32_t nanoseconds, PeerId peer);
    // getaddrinfo(3): `error` is what it returned.
    void noteLookUp(const std::string &host, int error, std::int32_t nanoseconds, PeerId peer);

    // The end of the stream, or what recv(2) and send(2) failed with.
    void note(CallName call, int fd, std::size_t length, long result, int error, PeerId peer);

    Syscalls &raw() { return m_sys; }

private:
    template<typename Call>
    int traced(CallInfo info, PeerId peer, Call &&call);

    Syscalls &m_sys;
    Outbox &m_outbox;
};

} // namespace tincan

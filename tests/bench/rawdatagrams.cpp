// SPDX-License-Identifier: MIT
// The yardstick for UDP: a raw, single-threaded epoll server that echoes with recvmmsg(2) and sendmmsg(2). rawdatagrams PORT
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace {

constexpr unsigned kMost = 64;
constexpr std::size_t kLongest = 65'536;

std::array<mmsghdr, kMost> headers{};
std::array<iovec, kMost> vectors{};
std::array<sockaddr_in, kMost> addresses{};

// What was received goes back to where it came from.
void echo(int fd, unsigned count)
{
    for (unsigned i = 0; i < count; ++i) {
        vectors[i].iov_len = headers[i].msg_len;
    }
    for (unsigned sent = 0; sent < count;) {
        const int taken = sendmmsg(fd, headers.data() + sent, count - sent, MSG_DONTWAIT);
        if (taken > 0) {
            sent += static_cast<unsigned>(taken);
        } else if (errno == EAGAIN) {
            pollfd free{fd, POLLOUT, 0};
            poll(&free, 1, -1);
        } else {
            ++sent;
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: rawdatagrams PORT\n");
        return 2;
    }
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
    if (bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
        std::perror("rawdatagrams");
        return 1;
    }
    const int epollFd = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, &event);
    const auto buffers = std::make_unique_for_overwrite<char[]>(kMost * kLongest);
    for (;;) {
        epoll_wait(epollFd, &event, 1, -1);
        for (unsigned i = 0; i < kMost; ++i) {
            vectors[i] = {buffers.get() + i * kLongest, kLongest};
            headers[i].msg_hdr = {};
            headers[i].msg_hdr.msg_name = &addresses[i];
            headers[i].msg_hdr.msg_namelen = sizeof addresses[i];
            headers[i].msg_hdr.msg_iov = &vectors[i];
            headers[i].msg_hdr.msg_iovlen = 1;
        }
        const int count = recvmmsg(fd, headers.data(), kMost, MSG_DONTWAIT, nullptr);
        if (count > 0) {
            echo(fd, static_cast<unsigned>(count));
        }
    }
}

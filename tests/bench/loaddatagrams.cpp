// SPDX-License-Identifier: MIT
// The load for UDP: one thread, epoll, recvmmsg(2) and sendmmsg(2). Prints one figure on its last line: messages that came back,
// a second. What is lost on the way is sent anew when nothing came for a while, and told on standard error.
//   loaddatagrams PORT SOCKETS SIZE INFLIGHT SECONDS
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMost = 64;
constexpr int kPatience = 100; // ms

[[noreturn]] void die(const char *what)
{
    std::perror(what);
    std::exit(1);
}

int dial(std::uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
        die("connect");
    }
    return fd;
}

struct Burst {
    explicit Burst(std::size_t size)
        : text(size, 'x')
        , buffer(kMost * size)
    {
        for (std::size_t i = 0; i < kMost; ++i) {
            vectors[i] = {text.data(), text.size()};
            outgoing[i].msg_hdr.msg_iov = &vectors[i];
            outgoing[i].msg_hdr.msg_iovlen = 1;
            places[i] = {buffer.data() + i * size, size};
            incoming[i].msg_hdr.msg_iov = &places[i];
            incoming[i].msg_hdr.msg_iovlen = 1;
        }
    }
    void send(int fd, std::size_t count)
    {
        while (count > 0) {
            const int sent = sendmmsg(fd, outgoing.data(), static_cast<unsigned>(std::min(count, kMost)), 0);
            if (sent <= 0) {
                die("sendmmsg");
            }
            count -= static_cast<std::size_t>(sent);
        }
    }
    std::string text;
    std::vector<char> buffer;
    std::array<iovec, kMost> vectors{};
    std::array<iovec, kMost> places{};
    std::array<mmsghdr, kMost> outgoing{};
    std::array<mmsghdr, kMost> incoming{};
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6) {
        std::fprintf(stderr, "usage: see the head of loaddatagrams.cpp\n");
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    const auto inFlight = static_cast<std::size_t>(std::atoi(argv[4]));
    const double seconds = std::atof(argv[5]);
    Burst burst(static_cast<std::size_t>(std::atoi(argv[3])));
    const int epollFd = epoll_create1(EPOLL_CLOEXEC);
    std::vector<int> sockets(static_cast<std::size_t>(std::atoi(argv[2])));
    for (int &fd : sockets) {
        fd = dial(port);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, &event);
        burst.send(fd, inFlight);
    }
    const auto begin = Clock::now();
    const auto past = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    std::vector<epoll_event> events(256);
    std::uint64_t back = 0;
    std::uint64_t silences = 0;
    while (past() < seconds) {
        const int count = epoll_wait(epollFd, events.data(), 256, kPatience);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            const int got = recvmmsg(fd, burst.incoming.data(), kMost, MSG_DONTWAIT, nullptr);
            if (got > 0) {
                back += static_cast<std::uint64_t>(got);
                burst.send(fd, static_cast<std::size_t>(got));
            }
        }
        if (count == 0) {
            ++silences;
            std::for_each(sockets.begin(), sockets.end(), [&](int fd) { burst.send(fd, inFlight); });
        }
    }
    if (silences > 0) {
        std::fprintf(stderr, "loaddatagrams: %llu times nothing came back\n", static_cast<unsigned long long>(silences));
    }
    std::printf("%.0f\n", static_cast<double>(back) / past());
}

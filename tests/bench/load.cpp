// SPDX-License-Identifier: MIT
// The load: one thread, epoll, no Qt. Prints one figure (a number) on its last line.
//   load PORT chatty CONNECTIONS SIZE INFLIGHT SECONDS   echo: messages a second
//   load PORT served CONNECTIONS SIZE INFLIGHT SECONDS   likewise, once each has been answered
//   load PORT turns CONNECTIONS SIZE INFLIGHT MESSAGES   echo: all connect; each is served MESSAGES and leaves: messages a second
//   load PORT pingpong SIZE SECONDS                      echo: round trips a second
//   load PORT relay CONNECTIONS SIZE OUTSTANDING SECONDS relay: lines delivered a second, over all receivers
//   load PORT accept SECONDS                             connect, one message and its echo, reset: connections a second
//   load PORT hold CONNECTIONS                           opens and has each answered, prints "open", waits for end of input
//   load PORT flood SIZE SECONDS                         as fast as it goes, one way: lines sent in all
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
std::uint16_t port = 0;
std::string path; // of a Unix socket, instead of a port

[[noreturn]] void die(const char *what)
{
    std::perror(what);
    std::exit(1);
}

int dialUnix()
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
        die("connect");
    }
    return fd;
}

int dial(int source = 0)
{
    if (!path.empty()) {
        return dialUnix();
    }
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (source > 0) { // more ports than one address has
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<unsigned>(source));
        if (bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
            die("bind");
        }
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
        die("connect");
    }
    return fd;
}

void sendAll(int fd, const char *data, std::size_t size)
{
    while (size > 0) {
        const ssize_t count = send(fd, data, size, MSG_NOSIGNAL);
        if (count < 0) {
            die("send");
        }
        data += count;
        size -= static_cast<std::size_t>(count);
    }
}

void readAll(int fd, std::size_t size)
{
    std::vector<char> buffer(size);
    while (size > 0) {
        const ssize_t count = recv(fd, buffer.data(), size, 0);
        if (count <= 0) {
            die("recv");
        }
        size -= static_cast<std::size_t>(count);
    }
}

double since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string line(std::size_t size)
{
    std::string text(size - 1, 'x');
    return text + '\n';
}

double chatty(int connections, std::size_t size, std::size_t inFlight, double seconds, bool relay, bool answered)
{
    struct One {
        int fd = -1;
        std::size_t got = 0;
    };
    std::string burst;
    for (std::size_t i = 0; i < inFlight; ++i) {
        burst += line(size);
    }
    const int epollFd = epoll_create1(EPOLL_CLOEXEC);
    std::vector<One> all(static_cast<std::size_t>(connections));
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].fd = dial();
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(epollFd, EPOLL_CTL_ADD, all[i].fd, &event);
    }
    if (answered) {
        const std::string first = line(size);
        for (const One &one : all) {
            sendAll(one.fd, first.data(), first.size());
        }
        for (const One &one : all) {
            readAll(one.fd, first.size());
        }
    } else {
        usleep(200'000); // all have been accepted
    }
    const auto begin = Clock::now();
    for (const One &one : all) {
        sendAll(one.fd, burst.data(), burst.size());
    }
    std::vector<char> buffer(262'144);
    std::vector<epoll_event> events(256);
    std::uint64_t delivered = 0;
    // Echo: each message that comes back frees one. Relay: each may say one more when all the others' have come.
    const std::size_t perMessage = relay ? static_cast<std::size_t>(connections - 1) * size : size;
    while (since(begin) < seconds) {
        const int count = epoll_wait(epollFd, events.data(), 256, 1000);
        if (count == 0) {
            std::fprintf(stderr, "load: nothing came for a second\n");
            std::exit(1);
        }
        for (int i = 0; i < count; ++i) {
            One &one = all[events[static_cast<std::size_t>(i)].data.u64];
            const ssize_t got = recv(one.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got <= 0) {
                die("recv");
            }
            delivered += static_cast<std::uint64_t>(got);
            one.got += static_cast<std::size_t>(got);
            if (const std::size_t free = std::min(one.got / perMessage, inFlight); free > 0) {
                one.got -= free * perMessage;
                sendAll(one.fd, burst.data(), free * size);
            }
        }
    }
    return static_cast<double>(delivered / size) / since(begin);
}

// Who is served one after the other: the others wait, connected.
double turns(int connections, std::size_t size, std::size_t inFlight, std::size_t messages)
{
    std::string burst;
    for (std::size_t i = 0; i < inFlight; ++i) {
        burst += line(size);
    }
    std::vector<int> all;
    for (int i = 0; i < connections; ++i) {
        all.push_back(dial());
    }
    std::uint64_t served = 0;
    const auto begin = Clock::now();
    for (const int fd : all) {
        for (std::size_t done = 0; done < messages; done += inFlight) {
            sendAll(fd, burst.data(), burst.size());
            readAll(fd, burst.size());
            served += inFlight;
        }
        const linger zero{1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &zero, sizeof zero);
        close(fd);
    }
    return static_cast<double>(served) / since(begin);
}

double pingpong(std::size_t size, double seconds)
{
    const int fd = dial();
    const std::string text = line(size);
    std::uint64_t trips = 0;
    const auto begin = Clock::now();
    while (since(begin) < seconds) {
        sendAll(fd, text.data(), text.size());
        readAll(fd, size);
        ++trips;
    }
    return static_cast<double>(trips) / since(begin);
}

double accepts(double seconds)
{
    const std::string text = line(80);
    std::uint64_t served = 0;
    const auto begin = Clock::now();
    while (since(begin) < seconds) {
        const int fd = dial();
        sendAll(fd, text.data(), text.size());
        readAll(fd, text.size());
        const linger zero{1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &zero, sizeof zero);
        close(fd);
        ++served;
    }
    return static_cast<double>(served) / since(begin);
}

double hold(int connections)
{
    std::vector<int> all;
    for (int i = 0; i < connections; ++i) {
        all.push_back(dial(1 + i % 4));
    }
    const auto begin = Clock::now();
    for (const int fd : all) {
        sendAll(fd, "hello\n", 6);
    }
    for (const int fd : all) {
        readAll(fd, 6);
    }
    std::printf("open\n");
    std::fflush(stdout);
    char byte = 0;
    while (read(0, &byte, 1) > 0) { }
    return since(begin);
}

std::uint64_t flood(std::size_t size, double seconds)
{
    const int fd = dial();
    std::string block;
    for (std::size_t i = 0; i < 64; ++i) {
        block += line(size);
    }
    std::uint64_t lines = 0;
    const auto begin = Clock::now();
    while (since(begin) < seconds) {
        sendAll(fd, block.data(), block.size());
        lines += 64;
    }
    shutdown(fd, SHUT_WR);
    pollfd end{fd, POLLIN, 0};
    poll(&end, 1, 10'000);
    return lines;
}

} // namespace

int main(int argc, char **argv)
{
    const auto number = [&](int at) { return argc > at ? std::atof(argv[at]) : 0.0; };
    const auto size = [&](int at) { return static_cast<std::size_t>(number(at)); };
    const std::string mode = argc > 2 ? argv[2] : "";
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    port = static_cast<std::uint16_t>(number(1));
    path = argc > 1 && argv[1][0] == '/' ? argv[1] : "";
    if (mode == "chatty" || mode == "relay" || mode == "served") {
        std::printf("%.0f\n",
                    chatty(static_cast<int>(number(3)), size(4), size(5), number(6), mode == "relay", mode == "served"));
    } else if (mode == "turns") {
        std::printf("%.0f\n", turns(static_cast<int>(number(3)), size(4), size(5), size(6)));
    } else if (mode == "pingpong") {
        std::printf("%.0f\n", pingpong(size(3), number(4)));
    } else if (mode == "accept") {
        std::printf("%.0f\n", accepts(number(3)));
    } else if (mode == "hold") {
        std::printf("%.3f\n", hold(static_cast<int>(number(3))));
    } else if (mode == "flood") {
        std::printf("%llu\n", static_cast<unsigned long long>(flood(size(3), number(4))));
    } else {
        std::fprintf(stderr, "usage: see the head of load.cpp\n");
        return 2;
    }
}

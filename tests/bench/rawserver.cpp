// SPDX-License-Identifier: MIT
// The yardstick: a raw, single-threaded, level-triggered epoll server. rawserver PORT|PATH echo|relay
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

struct Peer {
    std::string unsent;
    bool wantsOut = false;
};

int epollFd = -1;
std::unordered_map<int, Peer> peers;

void watch(int fd, Peer &peer)
{
    const bool wants = !peer.unsent.empty();
    if (wants != peer.wantsOut) {
        peer.wantsOut = wants;
        epoll_event event{};
        event.events = EPOLLIN | (wants ? static_cast<unsigned>(EPOLLOUT) : 0U);
        event.data.fd = fd;
        epoll_ctl(epollFd, EPOLL_CTL_MOD, fd, &event);
    }
}

void put(int fd, Peer &peer, const char *data, std::size_t size)
{
    if (peer.unsent.empty()) {
        const ssize_t count = send(fd, data, size, MSG_NOSIGNAL);
        const std::size_t taken = count > 0 ? static_cast<std::size_t>(count) : 0;
        data += taken;
        size -= taken;
    }
    peer.unsent.append(data, size);
    watch(fd, peer);
}

void drop(int fd)
{
    close(fd);
    peers.erase(fd);
}

int listenOn(const char *where)
{
    const bool isPath = where[0] == '/'; // of a Unix socket
    const int listener = socket(isPath ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int bound = 0;
    if (isPath) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, where, sizeof address.sun_path - 1);
        bound = bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address);
    } else {
        const int one = 1;
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(where)));
        bound = bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address);
    }
    return bound < 0 || listen(listener, SOMAXCONN) < 0 ? -1 : listener;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: rawserver PORT|PATH echo|relay\n");
        return 2;
    }
    const bool relay = std::strcmp(argv[2], "relay") == 0;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const int listener = listenOn(argv[1]);
    if (listener < 0) {
        std::perror("rawserver");
        return 1;
    }
    epollFd = epoll_create1(EPOLL_CLOEXEC);
    epoll_event listening{};
    listening.events = EPOLLIN;
    listening.data.fd = listener;
    epoll_ctl(epollFd, EPOLL_CTL_ADD, listener, &listening);
    std::vector<epoll_event> events(256);
    std::vector<char> buffer(65'536);
    std::unordered_map<int, std::string> said; // relay: what each said in this turn
    for (;;) {
        const int count = epoll_wait(epollFd, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = events[static_cast<std::size_t>(i)];
            const int fd = event.data.fd;
            if (fd == listener) {
                for (int accepted = 0; (accepted = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
                    epoll_event added{};
                    added.events = EPOLLIN;
                    added.data.fd = accepted;
                    epoll_ctl(epollFd, EPOLL_CTL_ADD, accepted, &added);
                    peers[accepted];
                }
                continue;
            }
            if ((event.events & EPOLLOUT) != 0) {
                Peer &peer = peers[fd];
                const ssize_t sent = send(fd, peer.unsent.data(), peer.unsent.size(), MSG_NOSIGNAL);
                peer.unsent.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
                watch(fd, peer);
            }
            if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
                const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
                if (got <= 0) {
                    if (got == 0 || errno != EAGAIN) {
                        drop(fd);
                    }
                } else if (relay) {
                    said[fd].append(buffer.data(), static_cast<std::size_t>(got));
                } else {
                    put(fd, peers[fd], buffer.data(), static_cast<std::size_t>(got));
                }
            }
        }
        if (!said.empty()) { // one send a receiver and turn
            for (auto &[fd, peer] : peers) {
                std::string all;
                for (const auto &[from, text] : said) {
                    if (from != fd) {
                        all += text;
                    }
                }
                if (!all.empty()) {
                    put(fd, peer, all.data(), all.size());
                }
            }
            said.clear();
        }
    }
}

// SPDX-License-Identifier: MIT
// The yardsticks of the ways to serve, as a text about sockets writes them: blocking recv, and send what came.
//   rawmodels PORT one|thread|process
// (The event loop is rawserver.cpp.)
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void serve(int fd)
{
    char buffer[65'536]; // NOLINT: touched only as far as it is filled
    for (;;) {
        const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0) {
            break;
        }
        for (ssize_t sent = 0; sent < got;) {
            const ssize_t count = send(fd, buffer + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
            if (count <= 0) {
                break;
            }
            sent += count;
        }
    }
    close(fd);
}

void *run(void *fd)
{
    serve(static_cast<int>(reinterpret_cast<std::intptr_t>(fd)));
    return nullptr;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: rawmodels PORT one|thread|process\n");
        return 2;
    }
    const std::string model = argv[2];
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    std::signal(SIGCHLD, SIG_IGN); // no zombies
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0 || listen(listener, SOMAXCONN) < 0) {
        std::perror("rawmodels");
        return 1;
    }
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    for (;;) {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        if (model == "thread") {
            pthread_t thread{};
            if (pthread_create(&thread, &small, run, reinterpret_cast<void *>(static_cast<std::intptr_t>(fd))) != 0) {
                close(fd);
            }
        } else if (model == "process") {
            if (fork() == 0) {
                close(listener);
                serve(fd);
                _exit(0);
            }
            close(fd);
        } else {
            serve(fd);
        }
    }
}

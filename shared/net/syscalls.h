// SPDX-License-Identifier: MIT
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

namespace tincan {

// The socket calls as the engine makes them, one thin virtual function each, so that a test can script any errno and any short
// count. Same arguments, results and errno as the calls of section 2; EINTR is not handled here. The thread is the caller's.
class Syscalls
{
public:
    Syscalls() = default;
    Syscalls(const Syscalls &) = delete;
    Syscalls &operator=(const Syscalls &) = delete;
    virtual ~Syscalls() = default;

    virtual int socket(int domain, int type, int protocol) = 0;
    virtual int bind(int fd, const sockaddr *address, socklen_t size) = 0;
    virtual int listen(int fd, int backlog) = 0;
    virtual int accept4(int fd, sockaddr *address, socklen_t *size, int flags) = 0;
    virtual int connect(int fd, const sockaddr *address, socklen_t size) = 0;
    virtual ssize_t recv(int fd, void *buffer, size_t size, int flags) = 0;
    virtual ssize_t send(int fd, const void *buffer, size_t size, int flags) = 0;
    virtual ssize_t sendmsg(int fd, const msghdr *message, int flags) = 0;
    virtual int shutdown(int fd, int how) = 0;
    virtual int getsockopt(int fd, int level, int name, void *value, socklen_t *size) = 0;
    virtual int setsockopt(int fd, int level, int name, const void *value, socklen_t size) = 0;
    virtual int getsockname(int fd, sockaddr *address, socklen_t *size) = 0;
    virtual int close(int fd) = 0;
    virtual int openDescriptor(const char *path, int flags) = 0;     // open(2), for the spare one
    virtual int outputQueue(int fd, int *bytes) = 0;                 // ioctl(2) with SIOCOUTQ: sent and not acknowledged; tcp(7)
    virtual ssize_t recvmsg(int fd, msghdr *message, int flags) = 0; // for what stands in the error queue
    virtual int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags) = 0;
    virtual int sendmmsg(int fd, mmsghdr *messages, unsigned count, int flags) = 0;
};

// Straight to the kernel.
class RealSyscalls : public Syscalls
{
public:
    int socket(int domain, int type, int protocol) override;
    int bind(int fd, const sockaddr *address, socklen_t size) override;
    int listen(int fd, int backlog) override;
    int accept4(int fd, sockaddr *address, socklen_t *size, int flags) override;
    int connect(int fd, const sockaddr *address, socklen_t size) override;
    ssize_t recv(int fd, void *buffer, size_t size, int flags) override;
    ssize_t send(int fd, const void *buffer, size_t size, int flags) override;
    ssize_t sendmsg(int fd, const msghdr *message, int flags) override;
    int shutdown(int fd, int how) override;
    int getsockopt(int fd, int level, int name, void *value, socklen_t *size) override;
    int setsockopt(int fd, int level, int name, const void *value, socklen_t size) override;
    int getsockname(int fd, sockaddr *address, socklen_t *size) override;
    int close(int fd) override;
    int openDescriptor(const char *path, int flags) override;
    int outputQueue(int fd, int *bytes) override;
    ssize_t recvmsg(int fd, msghdr *message, int flags) override;
    int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags) override;
    int sendmmsg(int fd, mmsghdr *messages, unsigned count, int flags) override;
};

} // namespace tincan

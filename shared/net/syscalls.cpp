// SPDX-License-Identifier: MIT
#include "net/syscalls.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tincan {

int RealSyscalls::socket(int domain, int type, int protocol)
{
    return ::socket(domain, type, protocol);
}

int RealSyscalls::bind(int fd, const sockaddr *address, socklen_t size)
{
    return ::bind(fd, address, size);
}

int RealSyscalls::listen(int fd, int backlog)
{
    return ::listen(fd, backlog);
}

int RealSyscalls::accept4(int fd, sockaddr *address, socklen_t *size, int flags)
{
    return ::accept4(fd, address, size, flags);
}

int RealSyscalls::connect(int fd, const sockaddr *address, socklen_t size)
{
    return ::connect(fd, address, size);
}

ssize_t RealSyscalls::recv(int fd, void *buffer, size_t size, int flags)
{
    return ::recv(fd, buffer, size, flags);
}

ssize_t RealSyscalls::send(int fd, const void *buffer, size_t size, int flags)
{
    return ::send(fd, buffer, size, flags);
}

ssize_t RealSyscalls::sendmsg(int fd, const msghdr *message, int flags)
{
    return ::sendmsg(fd, message, flags);
}

int RealSyscalls::shutdown(int fd, int how)
{
    return ::shutdown(fd, how);
}

int RealSyscalls::getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return ::getsockopt(fd, level, name, value, size);
}

int RealSyscalls::setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return ::setsockopt(fd, level, name, value, size);
}

int RealSyscalls::getsockname(int fd, sockaddr *address, socklen_t *size)
{
    return ::getsockname(fd, address, size);
}

int RealSyscalls::close(int fd)
{
    return ::close(fd);
}

int RealSyscalls::openDescriptor(const char *path, int flags)
{
    return ::open(path, flags); // NOLINT(cppcoreguidelines-pro-type-vararg)
}

int RealSyscalls::outputQueue(int fd, int *bytes)
{
    return ::ioctl(fd, SIOCOUTQ, bytes); // NOLINT(cppcoreguidelines-pro-type-vararg)
}

ssize_t RealSyscalls::recvmsg(int fd, msghdr *message, int flags)
{
    return ::recvmsg(fd, message, flags);
}

int RealSyscalls::recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags)
{
    return ::recvmmsg(fd, messages, count, flags, nullptr);
}

int RealSyscalls::sendmmsg(int fd, mmsghdr *messages, unsigned count, int flags)
{
    return ::sendmmsg(fd, messages, count, flags);
}

} // namespace tincan

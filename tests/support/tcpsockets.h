// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include "base/endpoint.h"
#include "base/uniquefd.h"

namespace tincan::test {

// The address of our end, or of the other one (getsockname(2), getpeername(2)).
inline Endpoint nameOf(int fd, bool remote = false)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto *address = reinterpret_cast<sockaddr *>(&storage);
    remote ? ::getpeername(fd, address, &size) : ::getsockname(fd, address, &size);
    return Endpoint::fromSockaddr(address, size);
}

// A socket that listens on loopback and accepts nobody; empty where that failed.
inline UniqueFd listening(int backlog, const char *address = "127.0.0.1")
{
    const auto endpoint = Endpoint::fromAddress(address, 0);
    sockaddr_storage storage{};
    const socklen_t size = endpoint->toSockaddr(storage);
    UniqueFd fd(::socket(endpoint->addressFamily(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool fine
        = ::bind(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size) == 0 && ::listen(fd.get(), backlog) == 0;
    return fine ? std::move(fd) : UniqueFd();
}

// Begins to connect, and does not wait.
inline UniqueFd dial(const Endpoint &to)
{
    sockaddr_storage storage{};
    const socklen_t size = to.toSockaddr(storage);
    UniqueFd fd(::socket(to.addressFamily(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(::connect(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size));
    return fd;
}

} // namespace tincan::test

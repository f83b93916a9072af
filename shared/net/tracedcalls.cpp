// SPDX-License-Identifier: MIT
#include "net/tracedcalls.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tincan {

namespace {

// An IPv4 address as a dual-stack socket has it: ::ffff:192.0.2.1.
bool isMapped(const sockaddr *address, const Endpoint &endpoint)
{
    return address->sa_family == AF_INET6 && endpoint.family() == Endpoint::Family::IPv4;
}

} // namespace

std::int32_t nanosecondsSince(TimePoint begin)
{
    const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
    return static_cast<std::int32_t>(std::min<std::int64_t>(took, INT32_MAX));
}

template<typename Call>
int TracedCalls::traced(CallInfo info, PeerId peer, Call &&call)
{
    const TimePoint begin = Clock::now();
    int result = 0;
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    const int error = result < 0 ? errno : 0;
    info.nanoseconds = nanosecondsSince(begin);
    info.result = result;
    info.error = error;
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    errno = error;
    return result;
}

int TracedCalls::socket(int domain, Transport transport, PeerId peer)
{
    const int type = socketType(transport) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const int protocol = socketProtocol(transport);
    return traced({.call = CallName::Socket, .a = domain, .b = type, .c = protocol}, peer,
                  [&] { return m_sys.socket(domain, type, protocol); });
}

int TracedCalls::setOption(int fd, int level, int name, int value, PeerId peer)
{
    return traced({.call = CallName::SetSockOpt, .fd = fd, .a = level, .b = name, .c = value}, peer,
                  [&] { return m_sys.setsockopt(fd, level, name, &value, sizeof value); });
}

int TracedCalls::setText(int fd, int level, int name, const std::string &value, PeerId peer)
{
    return traced({.call = CallName::SetSockOpt, .fd = fd, .a = level, .b = name, .text = value}, peer,
                  [&] { return m_sys.setsockopt(fd, level, name, value.data(), static_cast<socklen_t>(value.size())); });
}

int TracedCalls::setLinger(int fd, int seconds, PeerId peer)
{
    const linger value{.l_onoff = seconds >= 0 ? 1 : 0, .l_linger = std::max(seconds, 0)};
    CallInfo info{.call = CallName::SetSockOpt, .fd = fd, .a = SOL_SOCKET, .b = SO_LINGER, .c = value.l_linger};
    info.text = '{' + std::to_string(value.l_onoff) + ", " + std::to_string(value.l_linger) + '}';
    return traced(std::move(info), peer, [&] { return m_sys.setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value); });
}

int TracedCalls::bind(int fd, const Endpoint &address, bool dualStack, PeerId peer)
{
    sockaddr_storage storage{};
    const socklen_t size = address.toSockaddr(storage, dualStack);
    const bool mapped = isMapped(reinterpret_cast<const sockaddr *>(&storage), address);
    return traced({.call = CallName::Bind, .fd = fd, .address = address, .isMapped = mapped}, peer,
                  [&] { return m_sys.bind(fd, reinterpret_cast<const sockaddr *>(&storage), size); });
}

int TracedCalls::setValue(int fd, int level, int name, std::span<const std::byte> value, const std::string &text, PeerId peer)
{
    return traced({.call = CallName::SetSockOpt, .fd = fd, .a = level, .b = name, .text = text}, peer,
                  [&] { return m_sys.setsockopt(fd, level, name, value.data(), static_cast<socklen_t>(value.size())); });
}

int TracedCalls::bindAnyName(int fd, PeerId peer)
{
    const sockaddr any{.sa_family = AF_UNIX, .sa_data = {}};
    return traced({.call = CallName::Bind, .fd = fd}, peer, [&] { return m_sys.bind(fd, &any, sizeof any.sa_family); });
}

int TracedCalls::listen(int fd, int backlog)
{
    return traced({.call = CallName::Listen, .fd = fd, .a = backlog}, kNoPeer, [&] { return m_sys.listen(fd, backlog); });
}

int TracedCalls::accept(int fd, Endpoint &remote, PeerId &peer, const std::function<PeerId()> &nextPeer)
{
    const TimePoint begin = Clock::now();
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    int result = 0;
    do {
        size = sizeof storage;
        result = m_sys.accept4(fd, reinterpret_cast<sockaddr *>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (result < 0 && errno == EINTR);
    const int error = result < 0 ? errno : 0;
    if (error == EAGAIN) {
        return result;
    }
    CallInfo info{.call = CallName::Accept, .fd = fd, .result = result, .error = error};
    info.nanoseconds = nanosecondsSince(begin);
    if (result >= 0) {
        remote = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size);
        info.address = remote;
        info.isMapped = isMapped(reinterpret_cast<const sockaddr *>(&storage), remote);
        peer = nextPeer();
    }
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    errno = error;
    return result;
}

int TracedCalls::connect(int fd, const Endpoint &address, PeerId peer)
{
    sockaddr_storage storage{};
    const socklen_t size = address.toSockaddr(storage);
    return traced({.call = CallName::Connect, .fd = fd, .address = address}, peer,
                  [&] { return m_sys.connect(fd, reinterpret_cast<const sockaddr *>(&storage), size); });
}

int TracedCalls::pendingError(int fd, PeerId peer)
{
    int error = 0;
    socklen_t size = sizeof error;
    CallInfo info{.call = CallName::GetSockOpt, .fd = fd, .a = SOL_SOCKET, .b = SO_ERROR};
    const TimePoint begin = Clock::now();
    info.result = m_sys.getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    info.error = info.result < 0 ? errno : 0;
    info.nanoseconds = nanosecondsSince(begin);
    info.c = error;
    const int told = info.result < 0 ? info.error : error;
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    return told;
}

Endpoint TracedCalls::localName(int fd, PeerId peer)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    CallInfo info{.call = CallName::GetSockName, .fd = fd};
    const TimePoint begin = Clock::now();
    info.result = m_sys.getsockname(fd, reinterpret_cast<sockaddr *>(&storage), &size);
    info.error = info.result < 0 ? errno : 0;
    info.nanoseconds = nanosecondsSince(begin);
    Endpoint local;
    if (info.result == 0) {
        local = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size);
        info.address = local;
        info.isMapped = isMapped(reinterpret_cast<const sockaddr *>(&storage), local);
    }
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    return local;
}

int TracedCalls::shutdown(int fd, int how, PeerId peer)
{
    return traced({.call = CallName::Shutdown, .fd = fd, .a = how}, peer, [&] { return m_sys.shutdown(fd, how); });
}

int TracedCalls::lingerZero(int fd, PeerId peer)
{
    return setLinger(fd, 0, peer);
}

void TracedCalls::close(int fd, PeerId peer)
{
    CallInfo info{.call = CallName::Close, .fd = fd};
    const TimePoint begin = Clock::now();
    info.result = m_sys.close(fd); // EINTR: the descriptor is gone all the same
    info.error = info.result < 0 ? errno : 0;
    info.nanoseconds = nanosecondsSince(begin);
    m_outbox.add(RecordKind::Call, peer, std::move(info));
}

int TracedCalls::changeMode(int fd, mode_t mode, const std::string &path, PeerId peer)
{
    return traced({.call = CallName::ChMod, .fd = fd, .a = static_cast<int>(mode), .text = path}, peer,
                  [&] { return ::fchmod(fd, mode); });
}

int TracedCalls::changeFileMode(int file, mode_t mode, const std::string &path, PeerId peer)
{
    const std::string link = "/proc/self/fd/" + std::to_string(file); // fchmod(2) refuses O_PATH
    return traced({.call = CallName::ChMod, .a = static_cast<int>(mode), .text = path}, peer,
                  [&] { return ::chmod(link.c_str(), mode); });
}

int TracedCalls::unlink(const std::string &path, PeerId peer)
{
    return traced({.call = CallName::Unlink, .text = path}, peer, [&] { return ::unlink(path.c_str()); });
}

int TracedCalls::peerCredentials(int fd, ucred &told, PeerId peer)
{
    socklen_t size = sizeof told;
    CallInfo info{.call = CallName::GetSockOpt, .fd = fd, .a = SOL_SOCKET, .b = SO_PEERCRED};
    const TimePoint begin = Clock::now();
    info.result = m_sys.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &told, &size);
    const int error = info.result < 0 ? errno : 0;
    info.nanoseconds = nanosecondsSince(begin);
    info.error = error;
    if (error == 0) {
        info.text = "{pid=" + std::to_string(told.pid) + ", uid=" + std::to_string(told.uid) + ", gid=" + std::to_string(told.gid)
            + '}';
    }
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    errno = error;
    return error == 0 ? 0 : -1;
}

void TracedCalls::noteData(const Data &data, TimePoint begin, PeerId peer)
{
    noteData(data, nanosecondsSince(begin), peer);
}

void TracedCalls::noteData(const Data &data, std::int32_t nanoseconds, PeerId peer)
{
    const int error = data.result < 0 ? errno : 0;
    const bool receives = data.call == CallName::Recv || data.call == CallName::RecvMsg;
    const std::size_t there = receives ? static_cast<std::size_t>(std::max<ssize_t>(data.result, 0)) : data.size;
    CallInfo info{.call = data.call, .fd = data.fd, .result = data.result, .error = error};
    info.nanoseconds = nanoseconds;
    info.a = static_cast<int>(data.size);
    info.b = data.flags;
    info.c = data.pieces;
    if (data.bytes) {
        info.text.assign(static_cast<const char *>(data.bytes), std::min(there, kNotedBytes));
    }
    if (!data.address.empty()) {
        sockaddr_storage storage{};
        std::memcpy(&storage, data.address.data(), std::min(data.address.size(), sizeof storage));
        const auto *address = reinterpret_cast<const sockaddr *>(&storage);
        info.address = Endpoint::fromSockaddr(address, static_cast<socklen_t>(data.address.size()));
        info.isMapped = isMapped(address, info.address);
    }
    m_outbox.add(RecordKind::Call, peer, std::move(info));
    errno = error;
}

void TracedCalls::noteLookUp(const std::string &host, int error, std::int32_t nanoseconds, PeerId peer)
{
    CallInfo info{.call = CallName::GetAddrInfo, .result = error, .error = error, .text = host};
    info.nanoseconds = nanoseconds;
    m_outbox.add(RecordKind::Call, peer, std::move(info));
}

void TracedCalls::note(CallName call, int fd, std::size_t length, long result, int error, PeerId peer)
{
    CallInfo info{.call = call, .fd = fd, .result = result, .error = error, .a = static_cast<int>(length)};
    m_outbox.add(RecordKind::Call, peer, std::move(info));
}

} // namespace tincan

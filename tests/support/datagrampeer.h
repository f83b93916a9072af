// SPDX-License-Identifier: MIT
#pragma once

#include <sys/un.h>

#include "support/enginehost.h"

namespace tincan::test {

// A datagram socket with plain blocking calls, as a student would write it. Every call gives up after some seconds.
class DatagramPeer
{
public:
    // Bound to this address of ours; none: not at all. Port 0: the kernel chooses.
    explicit DatagramPeer(const Endpoint &local, int family = AF_INET)
    {
        m_fd.reset(::socket(local.isEmpty() ? family : local.addressFamily(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
        const timeval limit{10, 0};
        ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (!local.isEmpty()) {
            sockaddr_storage storage{};
            const socklen_t size = local.toSockaddr(storage);
            m_bound = ::bind(fd(), reinterpret_cast<const sockaddr *>(&storage), size) == 0;
        }
    }
    // Of UDP over loopback.
    DatagramPeer()
        : DatagramPeer(Endpoint::ipv4(INADDR_LOOPBACK, 0))
    {
    }

    int fd() const { return m_fd.get(); }
    bool isBound() const { return m_bound; }
    void close() { m_fd.reset(); }
    Endpoint name() const
    {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        ::getsockname(fd(), reinterpret_cast<sockaddr *>(&storage), &size);
        return Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size);
    }
    bool send(const QByteArray &bytes, const Endpoint &to, int flags = 0) const
    {
        sockaddr_storage storage{};
        const socklen_t size = to.toSockaddr(storage);
        return ::sendto(fd(), bytes.constData(), static_cast<std::size_t>(bytes.size()), flags,
                        reinterpret_cast<const sockaddr *>(&storage), size)
            == bytes.size();
    }
    // One datagram, and where it came from. A null array where nothing comes for ten seconds.
    QByteArray receive(Endpoint *from = nullptr) const
    {
        QByteArray bytes(70'000, Qt::Uninitialized);
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        const ssize_t count = ::recvfrom(fd(), bytes.data(), static_cast<std::size_t>(bytes.size()), 0,
                                         reinterpret_cast<sockaddr *>(&storage), &size);
        if (count < 0) {
            return {};
        }
        if (from) {
            *from = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size);
        }
        bytes.truncate(count);
        return bytes.isNull() ? QByteArray("") : bytes;
    }
    bool isSilent() const
    {
        pollfd watched{fd(), POLLIN, 0};
        return ::poll(&watched, 1, 0) == 0;
    }

private:
    UniqueFd m_fd;
    bool m_bound = false;
};

// Listens for datagrams there; what the socket was bound to, or nothing where it failed.
template<typename Host>
Endpoint listenTo(Host &host, const ListenOptions &options, AnswerMode mode = AnswerMode::Manual)
{
    const int before = host.count(RecordKind::Listening);
    host.run([&] {
        host.engine.setAnswer({.mode = mode});
        host.engine.listen(options);
    });
    const auto *event = host.waitFor(RecordKind::Listening, kNoPeer, before + 1);
    return event ? std::get<ListenInfo>(event->detail).local : Endpoint();
}

inline ListenOptions udpOn(const char *address, std::uint16_t port = 0)
{
    ListenOptions options;
    options.address = *Endpoint::fromAddress(address, port);
    options.transport = Transport::Udp;
    return options;
}

// A listener of UDP on loopback that echoes, and a peer that has said nothing yet: it will be number 1.
template<typename Sys = RealSyscalls>
struct UdpEcho {
    EngineHost<Sys> host;
    Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
    DatagramPeer peer;

    // Sends them all before it hears any. True where they came back, each whole, in their order.
    bool echoesAtOnce(const QList<QByteArray> &sent)
    {
        return std::all_of(sent.begin(), sent.end(), [this](const QByteArray &one) { return peer.send(one, there); })
            && std::all_of(sent.begin(), sent.end(), [this](const QByteArray &one) { return peer.receive() == one; });
    }
    // True once these messages, and no others, were recorded both ways.
    bool recorded(const QList<QByteArray> &sent)
    {
        return host.waitFor(RecordKind::Sent, 1, static_cast<int>(sent.size())) && messages(host, RecordKind::Received, 1) == sent
            && messages(host, RecordKind::Sent, 1) == sent;
    }
};

// How to speak to it by UDP.
inline ConnectOptions udpTo(const Endpoint &there, bool connected = true)
{
    ConnectOptions options{.host = there.addressText(), .port = there.port()};
    options.transport = Transport::Udp;
    options.connected = connected;
    return options;
}

} // namespace tincan::test

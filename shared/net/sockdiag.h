// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/kernelview.h"
#include "base/result.h"
#include "base/uniquefd.h"

namespace tincan {

class Syscalls;

// Asks the kernel about sockets, whoever has them, also such as no program has any more (sock_diag(7)). Sees those of the network
// namespace in which it was opened. Needs no privileges. Some microseconds a question about one socket; a dump looks at
// all of them, which may be too long for the loop thread. One thread at a time.
class SockDiag
{
public:
    // Error: of socket(2), where the kernel was built or is kept from answering (EPERM, EPROTONOSUPPORT …).
    static Result<SockDiag> open();
    static Result<SockDiag> open(Syscalls &sys); // socket(2) by way of it

    enum class Depth : std::uint8_t { StateOnly, Full };

    // One TCP or UDP socket by both its addresses. `presence` is Gone where there is none with these: a listener that would
    // answer for the address is none. Of UDP, `remote` may be empty, and a socket that is connected to nobody is found for each.
    // Error: EPERM, EINVAL …, of NETLINK_SOCK_DIAG; ENOENT where the kernel does not know the protocol there.
    Result<KernelView> ask(Transport transport, const Endpoint &local, const Endpoint &remote, Depth depth = Depth::Full);

    // The listening socket at `local`, and those who wait. Of several with the same address (SO_REUSEPORT) the sums. Of UDP:
    // the bound socket.
    Result<KernelListener> askListener(Transport transport, const Endpoint &local);

    // All TCP sockets of this local port in one of the states: bit n is state number n (see TcpState). A dump.
    struct Found {
        Endpoint local;
        Endpoint remote;
        KernelView view;
    };
    Result<std::vector<Found>> dumpPort(std::uint16_t localPort, std::uint32_t states);

    // A Unix socket by its inode (see socketInode()); with 0: Gone.
    Result<KernelView> askUnix(std::uint64_t inode);

    // All Unix datagram sockets that have a name: as it stands in sun_path, a path with its 0. A dump.
    struct NamedSocket {
        std::string name;
        std::uint64_t inode = 0;
    };
    Result<std::vector<NamedSocket>> dumpUnixDatagram();

private:
    explicit SockDiag(UniqueFd fd);
    template<typename Request, typename Take>
    Result<void> exchange(const Request &request, bool dump, Take &&take);
    Result<void> receive(bool dump, const auto &take);
    Result<KernelView> askUdp(const Endpoint &local, const Endpoint &remote);
    Result<void> dumpFamily(int family, std::uint16_t port, std::uint32_t states, std::vector<Found> &into);
    bool isAnswering(Transport transport, int family);

    UniqueFd m_fd;
    std::uint32_t m_sequence = 0;
    std::uint32_t m_answering = 0; // bits: families and protocols that are known to answer
};

// The inode of an open socket of this process, or of another one's (`pid`): what names it in /proc and in sock_diag(7). 0 where
// `fd` is none, or may not be looked at. Any thread.
std::uint64_t socketInode(int fd, int pid = 0) noexcept;

} // namespace tincan

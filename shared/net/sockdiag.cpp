// SPDX-License-Identifier: MIT
#include "net/sockdiag.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "base/clock.h"
#include "net/listenstats.h"
#include "net/netlinkattributes.h"
#include "net/syscalls.h"
#include "net/tcpinfo.h"

namespace tincan {

namespace {

constexpr const char *kWhere = "NETLINK_SOCK_DIAG";

constexpr std::uint32_t bit(TcpState state)
{
    return 1U << static_cast<unsigned>(state);
}

constexpr std::uint8_t showing(unsigned attribute)
{
    return static_cast<std::uint8_t>(1U << (attribute - 1));
}

// As 32-bit words in network order, as sock_diag wants them.
void putAddress(const Endpoint &from, __be32 (&into)[4])
{
    std::memcpy(into, from.addressBytes().data(), sizeof into);
}

inet_diag_req_v2 requestFor(Transport transport, int family)
{
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = transport == Transport::Udp ? IPPROTO_UDP : IPPROTO_TCP;
    request.idiag_states = UINT32_MAX;
    request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return request;
}

constexpr std::uint8_t kEverything = showing(INET_DIAG_INFO) | showing(INET_DIAG_CONG) | showing(INET_DIAG_SKMEMINFO);

Endpoint endpointOf(const inet_diag_msg &head, const __be32 (&address)[4], __be16 port)
{
    if (head.idiag_family == AF_INET) {
        return Endpoint::ipv4(ntohl(address[0]), ntohs(port));
    }
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), address, sizeof address);
    return Endpoint::ipv6(bytes, ntohs(port), head.id.idiag_if);
}

bool isSameAddress(const Endpoint &one, const Endpoint &other)
{
    return one.family() == other.family() && one.addressBytes() == other.addressBytes() && one.port() == other.port();
}

// Where the kernel has none such, NLMSG_ERROR says ENOENT.
bool isGone(const Result<void> &answered)
{
    return !answered && answered.error().code == ENOENT;
}

KernelView gone()
{
    KernelView view;
    view.presence = Presence::Gone;
    view.time = wallNanoseconds();
    return view;
}

} // namespace

SockDiag::SockDiag(UniqueFd fd)
    : m_fd(std::move(fd))
{
}

Result<SockDiag> SockDiag::open()
{
    RealSyscalls sys;
    return open(sys);
}

Result<SockDiag> SockDiag::open(Syscalls &sys)
{
    UniqueFd fd(sys.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    if (!fd) {
        return failErrno(CallName::Socket, kWhere);
    }
    // The answer is there when the question has been sent; should one ever be missing, nobody waits for it.
    const timeval limit{1, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return SockDiag(std::move(fd));
}

// take(payload) for each message of the answer.
template<typename Request, typename Take>
Result<void> SockDiag::exchange(const Request &request, bool dump, Take &&take)
{
    struct {
        nlmsghdr head;
        Request body;
    } message{};
    message.head.nlmsg_len = sizeof message;
    message.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.head.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (dump ? NLM_F_DUMP : 0));
    message.head.nlmsg_seq = ++m_sequence;
    message.body = request;
    ssize_t sent = 0;
    do {
        sent = ::send(m_fd.get(), &message, sizeof message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return failErrno(CallName::SendMsg, kWhere);
    }
    return receive(dump, take);
}

Result<void> SockDiag::receive(bool dump, const auto &take)
{
    alignas(nlmsghdr) std::array<std::byte, 32 * 1024> buffer;
    for (;;) {
        const ssize_t got = ::recv(m_fd.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return failErrno(CallName::RecvMsg, kWhere);
        }
        std::span<const std::byte> rest(buffer.data(), static_cast<std::size_t>(got));
        while (rest.size() >= sizeof(nlmsghdr)) {
            const auto head = readStruct<nlmsghdr>(rest);
            if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size()) {
                return fail(EBADMSG, CallName::RecvMsg, kWhere);
            }
            const auto payload = rest.subspan(sizeof head, head.nlmsg_len - sizeof head);
            rest = rest.subspan(std::min<std::size_t>(rest.size(), NLMSG_ALIGN(head.nlmsg_len)));
            if (head.nlmsg_seq != m_sequence) {
                continue; // of a question before, which was given up
            }
            if (head.nlmsg_type == NLMSG_ERROR) {
                const int code = -readStruct<nlmsgerr>(payload).error;
                return code == 0 ? Result<void>() : fail(code, CallName::RecvMsg, kWhere);
            }
            if (head.nlmsg_type == NLMSG_DONE) {
                const int code = payload.size() >= sizeof(int) ? -readStruct<int>(payload) : 0;
                return code <= 0 ? Result<void>() : fail(code, CallName::RecvMsg, kWhere);
            }
            take(payload);
            if (!dump) {
                return {};
            }
        }
    }
}

// ENOENT is said of a socket that is not there, and by a kernel that has no such protocol to ask. A dump tells these apart.
bool SockDiag::isAnswering(Transport transport, int family)
{
    const std::uint32_t mark = 1U << (static_cast<unsigned>(transport) * 2 + (family == AF_INET6 ? 1U : 0U));
    if ((m_answering & mark) == 0) {
        inet_diag_req_v2 request = requestFor(transport, family);
        request.idiag_states = bit(TcpState::Listen);
        request.id.idiag_sport = htons(1);
        if (exchange(request, true, [](auto) {})) {
            m_answering |= mark;
        }
    }
    return (m_answering & mark) != 0;
}

Result<KernelView> SockDiag::ask(Transport transport, const Endpoint &local, const Endpoint &remote, Depth depth)
{
    if (!local.isIp() || isUnix(transport)) {
        return fail(EAFNOSUPPORT, CallName::Parse, local.toString());
    }
    if (transport == Transport::Udp) {
        return askUdp(local, remote);
    }
    inet_diag_req_v2 request = requestFor(transport, local.addressFamily());
    request.idiag_ext = depth == Depth::Full ? kEverything : 0;
    request.id.idiag_sport = htons(local.port());
    request.id.idiag_dport = htons(remote.port());
    request.id.idiag_if = local.scope() != 0 ? local.scope() : remote.scope();
    putAddress(local, request.id.idiag_src);
    putAddress(remote, request.id.idiag_dst);
    KernelView view;
    const Result<void> answered = exchange(request, false, [&](std::span<const std::byte> payload) {
        view = decodeInetDiag(payload);
        // With no such connection the kernel finds who listens for one.
        if (view.presence == Presence::Here && readStruct<inet_diag_msg>(payload).id.idiag_dport != request.id.idiag_dport) {
            view = gone();
        }
    });
    if (isGone(answered) && isAnswering(transport, local.addressFamily())) {
        return gone();
    }
    if (!answered) {
        return tl::unexpected(answered.error());
    }
    return view.presence == Presence::Unknown ? fail(EBADMSG, CallName::RecvMsg, kWhere) : Result<KernelView>(view);
}

// UDP's handler takes source and destination as those of a datagram that would come in ("for historical reasons",
// net/ipv4/udp_diag.c).
Result<KernelView> SockDiag::askUdp(const Endpoint &local, const Endpoint &remote)
{
    inet_diag_req_v2 request = requestFor(Transport::Udp, local.addressFamily());
    request.idiag_ext = showing(INET_DIAG_SKMEMINFO);
    request.id.idiag_sport = htons(remote.port());
    request.id.idiag_dport = htons(local.port());
    request.id.idiag_if = local.scope();
    putAddress(remote, request.id.idiag_src);
    putAddress(local, request.id.idiag_dst);
    KernelView view;
    const auto read = [&](std::span<const std::byte> payload) { view = decodeInetDiag(payload); };
    const Result<void> answered = exchange(request, false, read);
    if (isGone(answered) && isAnswering(Transport::Udp, local.addressFamily())) {
        return gone();
    }
    if (!answered) {
        return tl::unexpected(answered.error());
    }
    return view.presence == Presence::Unknown ? fail(EBADMSG, CallName::RecvMsg, kWhere) : Result<KernelView>(view);
}

Result<void> SockDiag::dumpFamily(int family, std::uint16_t port, std::uint32_t states, std::vector<Found> &into)
{
    inet_diag_req_v2 request = requestFor(Transport::Tcp, family);
    request.idiag_states = states;
    request.idiag_ext = kEverything;
    request.id.idiag_sport = htons(port);
    return exchange(request, true, [&](std::span<const std::byte> payload) {
        KernelView view = decodeInetDiag(payload);
        if (view.presence != Presence::Here || (bit(view.state) & states) == 0) {
            return;
        }
        const auto head = readStruct<inet_diag_msg>(payload);
        Found found{endpointOf(head, head.id.idiag_src, head.id.idiag_sport),
                    endpointOf(head, head.id.idiag_dst, head.id.idiag_dport), std::move(view)};
        if (found.local.port() == port) {
            into.push_back(std::move(found));
        }
    });
}

Result<std::vector<SockDiag::Found>> SockDiag::dumpPort(std::uint16_t localPort, std::uint32_t states)
{
    std::vector<Found> found;
    const Result<void> v4 = dumpFamily(AF_INET, localPort, states, found);
    if (!v4) {
        return tl::unexpected(v4.error());
    }
    // A kernel without IPv6 has none to tell of.
    if (const Result<void> v6 = dumpFamily(AF_INET6, localPort, states, found); !v6 && v6.error().code != ENOENT) {
        return tl::unexpected(v6.error());
    }
    return found;
}

Result<KernelListener> SockDiag::askListener(Transport transport, const Endpoint &local)
{
    KernelListener view;
    view.transport = transport;
    view.presence = Presence::Gone;
    if (transport == Transport::Udp) {
        const Result<KernelView> bound = askUdp(local, {});
        if (!bound) {
            return tl::unexpected(bound.error());
        }
        view.presence = bound->presence;
        view.waiting = bound->receiveQueue;
        view.room = bound->receiveBuffer;
        view.drops = bound->drops;
        view.inode = bound->inode;
        return view;
    }
    const Result<std::vector<Found>> found = dumpPort(local.port(), bit(TcpState::Listen) | bit(TcpState::SynReceived));
    if (!found) {
        return tl::unexpected(found.error());
    }
    view.synReceived = 0;
    for (const Found &socket : *found) {
        if (socket.view.state == TcpState::SynReceived) {
            view.synReceived += static_cast<int>(local.isAny() || local.addressBytes() == socket.local.addressBytes());
        } else if (isSameAddress(socket.local, local)) {
            const bool isFirst = view.presence != Presence::Here;
            const auto add = [isFirst](std::int64_t &sum, std::int64_t value) { sum = isFirst ? value : sum + value; };
            add(view.waiting, socket.view.receiveQueue);
            add(view.backlog, socket.view.sendQueue);
            add(view.drops, socket.view.drops);
            view.inode = socket.view.inode;
            view.presence = Presence::Here;
        }
    }
    const ListenStats stats = readListenStats();
    view.overflows = stats.overflows;
    view.dropsOfAll = stats.drops;
    return view;
}

Result<KernelView> SockDiag::askUnix(std::uint64_t inode)
{
    if (inode == 0) {
        return gone();
    }
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = UINT32_MAX;
    request.udiag_ino = static_cast<std::uint32_t>(inode);
    request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO | UDIAG_SHOW_UID;
    request.udiag_cookie[0] = INET_DIAG_NOCOOKIE;
    request.udiag_cookie[1] = INET_DIAG_NOCOOKIE;
    KernelView view;
    const Result<void> answered
        = exchange(request, false, [&](std::span<const std::byte> payload) { view = decodeUnixDiag(payload); });
    if (isGone(answered)) {
        return gone();
    }
    if (!answered) {
        return tl::unexpected(answered.error());
    }
    return view.presence == Presence::Unknown ? fail(EBADMSG, CallName::RecvMsg, kWhere) : Result<KernelView>(view);
}

Result<std::vector<SockDiag::NamedSocket>> SockDiag::dumpUnixDatagram()
{
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = UINT32_MAX;
    request.udiag_show = UDIAG_SHOW_NAME;
    std::vector<NamedSocket> found;
    const Result<void> answered = exchange(request, true, [&](std::span<const std::byte> payload) {
        const auto head = readStruct<unix_diag_msg>(payload);
        if (payload.size() < sizeof head || head.udiag_type != SOCK_DGRAM) {
            return;
        }
        forEachAttribute(payload.subspan(sizeof head), [&](unsigned type, std::span<const std::byte> value) {
            if (type == UNIX_DIAG_NAME) {
                found.push_back({{reinterpret_cast<const char *>(value.data()), value.size()}, head.udiag_ino});
            }
        });
    });
    if (!answered) {
        return tl::unexpected(answered.error());
    }
    return found;
}

std::uint64_t socketInode(int fd, int pid) noexcept
{
    struct stat status {
    };
    if (fd < 0) {
        return 0;
    }
    std::array<char, 64> path{};
    std::snprintf(path.data(), path.size(), "/proc/%d/fd/%d", pid, fd);
    const int failed = pid == 0 ? ::fstat(fd, &status) : ::stat(path.data(), &status);
    return failed == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

} // namespace tincan

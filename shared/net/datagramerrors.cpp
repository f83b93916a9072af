// SPDX-License-Identifier: MIT
#include "net/datagramerrors.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

// linux/errqueue.h wants timespec to be known.
#include <ctime>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/syscalls.h"

namespace tincan {

namespace {

bool isErrorPart(const cmsghdr &part)
{
    return (part.cmsg_level == IPPROTO_IP && part.cmsg_type == IP_RECVERR)
        || (part.cmsg_level == IPPROTO_IPV6 && part.cmsg_type == IPV6_RECVERR);
}

struct Told {
    sock_extended_err error;
    sockaddr_in6 offender; // or a sockaddr_in, which is shorter
};

// The offender's address is SO_EE_OFFENDER(): it stands behind the error.
std::optional<Told> toldBy(msghdr &message)
{
    for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (isErrorPart(*part)) {
            Told told{};
            const std::size_t size = part->cmsg_len - CMSG_LEN(0);
            std::memcpy(&told, CMSG_DATA(part), std::min(size, sizeof told));
            return told;
        }
    }
    return {};
}

} // namespace

std::optional<NetworkFailure> readNetworkFailure(Syscalls &sys, int fd)
{
    for (;;) {
        sockaddr_storage destination{};
        alignas(cmsghdr) std::array<std::byte, 512> ancillary; // NOLINT: filled by the kernel
        msghdr message{};
        message.msg_name = &destination;
        message.msg_namelen = sizeof destination;
        message.msg_control = ancillary.data();
        message.msg_controllen = ancillary.size();
        if (sys.recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return {};
        }
        const std::optional<Told> told = toldBy(message);
        if (!told || told->error.ee_origin == SO_EE_ORIGIN_LOCAL) {
            continue;
        }
        NetworkFailure failure;
        failure.error = static_cast<int>(told->error.ee_errno);
        failure.destination.assign(reinterpret_cast<const char *>(&destination), message.msg_namelen);
        failure.offender = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&told->offender), sizeof told->offender);
        return failure;
    }
}

} // namespace tincan

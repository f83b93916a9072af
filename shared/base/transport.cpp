// SPDX-License-Identifier: MIT
#include "base/transport.h"

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>

namespace tincan {

namespace {

constexpr std::array<std::string_view, kTransports.size()> kWords = {"tcp", "udp", "unix", "unix-dgram", "unix-seqpacket"};

} // namespace

int socketType(Transport transport) noexcept
{
    return transport == Transport::UnixSeqpacket ? SOCK_SEQPACKET : isDatagram(transport) ? SOCK_DGRAM : SOCK_STREAM;
}

int socketProtocol(Transport transport) noexcept
{
    return transport == Transport::Tcp ? IPPROTO_TCP : transport == Transport::Udp ? IPPROTO_UDP : 0;
}

std::string_view transportWord(Transport transport) noexcept
{
    const auto at = static_cast<std::size_t>(transport);
    return at < kWords.size() ? kWords[at] : std::string_view{};
}

std::optional<Transport> transportOf(std::string_view word) noexcept
{
    const auto found = std::find(kWords.begin(), kWords.end(), word);
    if (found == kWords.end()) {
        return {};
    }
    return kTransports[static_cast<std::size_t>(found - kWords.begin())];
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tincan {

// The kinds of socket that are spoken (tcp(7), udp(7), unix(7)). The numbers stand in session files.
enum class Transport : std::uint8_t { Tcp, Udp, UnixStream, UnixDatagram, UnixSeqpacket };

inline constexpr std::array kTransports
    = {Transport::Tcp, Transport::Udp, Transport::UnixStream, Transport::UnixDatagram, Transport::UnixSeqpacket};

// Addresses are paths (or abstract names), and both ends are on this computer.
constexpr bool isUnix(Transport transport) noexcept
{
    return transport >= Transport::UnixStream;
}

// There is no connection: a peer is an address from which something came, or to which something is sent.
constexpr bool isDatagram(Transport transport) noexcept
{
    return transport == Transport::Udp || transport == Transport::UnixDatagram;
}

// What is sent by one call is received by one call, whole; an empty message is one too. Otherwise it is a stream of bytes.
constexpr bool keepsBorders(Transport transport) noexcept
{
    return isDatagram(transport) || transport == Transport::UnixSeqpacket;
}

// SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET, and IPPROTO_TCP, IPPROTO_UDP or 0: the arguments of socket(2). Any thread.
int socketType(Transport transport) noexcept;
int socketProtocol(Transport transport) noexcept;

// As it is written on the command line: "tcp", "udp", "unix", "unix-dgram", "unix-seqpacket". Any thread.
std::string_view transportWord(Transport transport) noexcept;
std::optional<Transport> transportOf(std::string_view word) noexcept;

} // namespace tincan

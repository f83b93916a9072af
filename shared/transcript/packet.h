// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/endpoint.h"
#include "transcript/bytebuffer.h"
#include "transcript/flowtable.h"

namespace tincan {

// TCP's control bits (RFC 9293 §3.1).
enum TcpFlags : std::uint8_t { TcpFin = 0x01, TcpSyn = 0x02, TcpRst = 0x04, TcpPsh = 0x08, TcpAck = 0x10 };

// The IP (RFC 791, RFC 8200) and TCP headers of one segment, 40 or 60 bytes, appended to `into`. The TCP checksum is left 0, as
// in any capture of a machine whose network card computes it; the IPv4 header's is right. Any thread.
void appendHeaders(ByteBuffer &into, const Flow &flow, bool outbound, std::uint8_t flags, std::uint32_t sequence,
                   std::uint32_t acknowledgement, std::uint32_t payloadSize);

// The IP and UDP (RFC 768) headers of a datagram, 28 or 48 bytes, likewise. Over IPv4 the checksum is 0, which says that there is
// none; over IPv6 there must be one (RFC 8200 §8.1), and it is right. At most mostPayload() bytes.
void appendDatagramHeaders(ByteBuffer &into, const Flow &flow, bool outbound, std::span<const std::byte> payload);

inline std::uint32_t headerSize(const Flow &flow) noexcept
{
    return (flow.ipv6 ? 40U : 20U) + (flow.isTcp() ? 20U : 8U);
}

// The most bytes that one packet of the flow carries.
inline std::uint32_t mostPayload(const Flow &flow) noexcept
{
    constexpr std::uint32_t kMostDatagram4 = 65'507; // an IPv4 packet has at most 65 535 bytes, with its headers
    return flow.isTcp() ? kMaxPayload : flow.ipv6 ? kMaxMessage : kMostDatagram4;
}

// Where in a packet that begins with an IP header the TCP or UDP header stands, and where the payload behind it ends; nothing
// where it is neither, or not whole. Any thread.
struct TransportHeader {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::size_t end = 0;
    bool isDatagram = false;
};
std::optional<TransportHeader> transportHeader(std::span<const std::byte> packet) noexcept;

// What a packet that begins with an IP header says, as far as it is TCP or UDP. Any thread.
struct ParsedPacket {
    Endpoint source;
    Endpoint destination;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint8_t flags = 0;
    bool isDatagram = false; // of UDP: no flags, no numbers
    std::span<const std::byte> payload;
};
std::optional<ParsedPacket> parsePacket(std::span<const std::byte> packet);

// A segment that says nothing but how far its sender has come: in a session file, inbound, an Acknowledged record. Any thread.
constexpr bool isPureAcknowledgement(const ParsedPacket &packet) noexcept
{
    return packet.flags == TcpAck && packet.payload.empty();
}

// The bytes that such a number of a session file stands for, since the connection began: there the first byte is number 1. The
// number has 32 bits; of all counts that it may mean it is the one nearest to `before`, what was known already. Any thread.
constexpr std::uint64_t acknowledgedBytes(std::uint32_t acknowledgement, std::uint64_t before) noexcept
{
    const auto further = static_cast<std::int32_t>(acknowledgement - 1 - static_cast<std::uint32_t>(before));
    return before + static_cast<std::uint64_t>(std::int64_t{further});
}

} // namespace tincan

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

constexpr std::uint32_t headerSize(const Flow &flow) noexcept
{
    return flow.ipv6 ? 60 : 40;
}

// What a packet that begins with an IP header says, as far as it is TCP. Any thread.
struct ParsedPacket {
    Endpoint source;
    Endpoint destination;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint8_t flags = 0;
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

// SPDX-License-Identifier: MIT
#include "transcript/packet.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

namespace tincan {

namespace {

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kHopLimit = 64;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;

template<typename Integer>
void store(std::uint8_t *where, Integer value)
{
    std::memcpy(where, &value, sizeof value);
}

std::uint16_t load16(const std::uint8_t *from)
{
    std::uint16_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return ntohs(value);
}

std::uint32_t load32(const std::uint8_t *from)
{
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return ntohl(value);
}

// RFC 1071
std::uint16_t headerChecksum(const std::uint8_t *header)
{
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < kIpv4Header; at += 2) {
        sum += load16(header + at);
    }
    sum = (sum & 0xffffU) + (sum >> 16U);
    sum += sum >> 16U;
    return htons(static_cast<std::uint16_t>(~sum));
}

} // namespace

void appendHeaders(ByteBuffer &into, const Flow &flow, bool outbound, std::uint8_t flags, std::uint32_t sequence,
                   std::uint32_t acknowledgement, std::uint32_t payloadSize)
{
    const std::uint32_t size = headerSize(flow);
    auto *header = reinterpret_cast<std::uint8_t *>(into.extend(size));
    std::memset(header, 0, size);
    const auto &source = outbound ? flow.local : flow.remote;
    const auto &destination = outbound ? flow.remote : flow.local;
    if (flow.ipv6) {
        header[0] = 0x60;
        store(header + 4, htons(static_cast<std::uint16_t>(kTcpHeader + payloadSize)));
        header[6] = kProtocolTcp;
        header[7] = kHopLimit;
        std::memcpy(header + 8, source.data(), 16);
        std::memcpy(header + 24, destination.data(), 16);
        header += kIpv6Header;
    } else {
        header[0] = 0x45;
        store(header + 2, htons(static_cast<std::uint16_t>(size + payloadSize)));
        header[6] = 0x40; // don't fragment
        header[8] = kHopLimit;
        header[9] = kProtocolTcp;
        std::memcpy(header + 12, source.data(), 4);
        std::memcpy(header + 16, destination.data(), 4);
        store(header + 10, headerChecksum(header));
        header += kIpv4Header;
    }
    store(header, htons(outbound ? flow.localPort : flow.remotePort));
    store(header + 2, htons(outbound ? flow.remotePort : flow.localPort));
    store(header + 4, htonl(sequence));
    store(header + 8, htonl(acknowledgement));
    header[12] = 0x50;
    header[13] = flags;
    store(header + 14, static_cast<std::uint16_t>(0xffff));
}

std::optional<ParsedPacket> parsePacket(std::span<const std::byte> packet)
{
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(packet.data());
    ParsedPacket parsed;
    std::size_t ipHeader = 0;
    std::size_t total = 0;
    std::array<std::uint8_t, 16> source{};
    std::array<std::uint8_t, 16> destination{};
    const bool v6 = !packet.empty() && bytes[0] >> 4U == 6;
    if (!v6 && packet.size() >= kIpv4Header && bytes[0] >> 4U == 4 && bytes[9] == kProtocolTcp) {
        ipHeader = std::size_t{4} * (bytes[0] & 0x0fU);
        total = load16(bytes + 2);
    } else if (v6 && packet.size() >= kIpv6Header && bytes[6] == kProtocolTcp) {
        ipHeader = kIpv6Header;
        total = kIpv6Header + load16(bytes + 4);
        std::copy_n(bytes + 8, 16, source.begin());
        std::copy_n(bytes + 24, 16, destination.begin());
    }
    if (ipHeader < kIpv4Header || packet.size() < ipHeader + kTcpHeader || total < ipHeader + kTcpHeader
        || total > packet.size()) {
        return {};
    }
    const std::uint8_t *tcp = bytes + ipHeader;
    const std::size_t tcpHeader = std::size_t{4} * (tcp[12] >> 4U);
    if (tcpHeader < kTcpHeader || ipHeader + tcpHeader > total) {
        return {};
    }
    parsed.source = v6 ? Endpoint::ipv6(source, load16(tcp)) : Endpoint::ipv4(load32(bytes + 12), load16(tcp));
    parsed.destination = v6 ? Endpoint::ipv6(destination, load16(tcp + 2)) : Endpoint::ipv4(load32(bytes + 16), load16(tcp + 2));
    parsed.sequence = load32(tcp + 4);
    parsed.acknowledgement = load32(tcp + 8);
    parsed.flags = tcp[13];
    parsed.payload = packet.subspan(ipHeader + tcpHeader, total - ipHeader - tcpHeader);
    return parsed;
}

} // namespace tincan

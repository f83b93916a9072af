// SPDX-License-Identifier: MIT
#include "transcript/packet.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

namespace tincan {

namespace {

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::uint8_t kHopLimit = 64;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kUdpHeader = 8;

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

// The sum of RFC 1071, over 16 bits in network order; an odd byte at the end counts as if a 0 came behind it.
std::uint64_t sumOf(const std::uint8_t *bytes, std::size_t size)
{
    std::uint64_t sum = 0;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) { // four at a time: the carries are folded in at the end (§2 (C))
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes + at, sizeof eight);
        sum += (eight & 0xffffffffU) + (eight >> 32U);
    }
    for (; at < size; at += 2) {
        std::uint16_t two = 0;
        std::memcpy(&two, bytes + at, std::min<std::size_t>(2, size - at));
        sum += two;
    }
    return sum;
}

std::uint16_t checksum(std::uint64_t sum)
{
    while (sum > 0xffffU) {
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>(~sum);
}

// Around `carried` bytes. Returns how long the header is.
std::size_t putIpHeader(std::uint8_t *header, const Flow &flow, bool outbound, std::size_t carried)
{
    const auto &source = outbound ? flow.local : flow.remote;
    const auto &destination = outbound ? flow.remote : flow.local;
    const std::uint8_t protocol = flow.isTcp() ? kProtocolTcp : kProtocolUdp;
    if (flow.ipv6) {
        header[0] = 0x60;
        store(header + 4, htons(static_cast<std::uint16_t>(carried)));
        header[6] = protocol;
        header[7] = kHopLimit;
        std::memcpy(header + 8, source.data(), 16);
        std::memcpy(header + 24, destination.data(), 16);
        return kIpv6Header;
    }
    header[0] = 0x45;
    store(header + 2, htons(static_cast<std::uint16_t>(kIpv4Header + carried)));
    header[6] = 0x40; // don't fragment
    header[8] = kHopLimit;
    header[9] = protocol;
    std::memcpy(header + 12, source.data(), 4);
    std::memcpy(header + 16, destination.data(), 4);
    store(header + 10, checksum(sumOf(header, kIpv4Header)));
    return kIpv4Header;
}

void putPorts(std::uint8_t *header, const Flow &flow, bool outbound)
{
    store(header, htons(outbound ? flow.localPort : flow.remotePort));
    store(header + 2, htons(outbound ? flow.remotePort : flow.localPort));
}

} // namespace

void appendHeaders(ByteBuffer &into, const Flow &flow, bool outbound, std::uint8_t flags, std::uint32_t sequence,
                   std::uint32_t acknowledgement, std::uint32_t payloadSize)
{
    const std::uint32_t size = headerSize(flow);
    auto *header = reinterpret_cast<std::uint8_t *>(into.extend(size));
    std::memset(header, 0, size);
    header += putIpHeader(header, flow, outbound, kTcpHeader + payloadSize);
    putPorts(header, flow, outbound);
    store(header + 4, htonl(sequence));
    store(header + 8, htonl(acknowledgement));
    header[12] = 0x50;
    header[13] = flags;
    store(header + 14, static_cast<std::uint16_t>(0xffff));
}

void appendDatagramHeaders(ByteBuffer &into, const Flow &flow, bool outbound, std::span<const std::byte> payload)
{
    const std::uint32_t size = headerSize(flow);
    auto *ip = reinterpret_cast<std::uint8_t *>(into.extend(size));
    std::memset(ip, 0, size);
    std::uint8_t *header = ip + putIpHeader(ip, flow, outbound, kUdpHeader + payload.size());
    putPorts(header, flow, outbound);
    const auto length = static_cast<std::uint16_t>(kUdpHeader + payload.size());
    store(header + 4, htons(length));
    if (!flow.ipv6) {
        return;
    }
    // Both addresses, length and protocol as in RFC 8200 §8.1, then the datagram. A sum that comes out as 0 is sent as its other
    // form: 0 would say that there is none.
    std::uint64_t sum = sumOf(ip + 8, 32) + htons(length) + htons(kProtocolUdp);
    sum += sumOf(header, kUdpHeader) + sumOf(reinterpret_cast<const std::uint8_t *>(payload.data()), payload.size());
    const std::uint16_t made = checksum(sum);
    store(header + 6, made == 0 ? std::uint16_t{0xffff} : made);
}

std::optional<TransportHeader> transportHeader(std::span<const std::byte> packet) noexcept
{
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(packet.data());
    const unsigned version = packet.empty() ? 0 : bytes[0] >> 4U;
    std::uint8_t protocol = 0;
    TransportHeader found;
    if (version == 4 && packet.size() >= kIpv4Header) {
        protocol = bytes[9];
        found.begin = std::size_t{4} * (bytes[0] & 0x0fU);
        found.end = load16(bytes + 2);
    } else if (version == 6 && packet.size() >= kIpv6Header) {
        protocol = bytes[6];
        found.begin = kIpv6Header;
        found.end = kIpv6Header + load16(bytes + 4);
    }
    found.isDatagram = protocol == kProtocolUdp;
    const std::size_t least = found.isDatagram ? kUdpHeader : kTcpHeader;
    if ((protocol != kProtocolTcp && protocol != kProtocolUdp) || found.begin < kIpv4Header || found.end < found.begin + least
        || found.end > packet.size()) {
        return {};
    }
    const std::uint8_t *header = bytes + found.begin;
    found.size = found.isDatagram ? kUdpHeader : std::size_t{4} * (header[12] >> 4U);
    // A datagram says itself how long it is; there may be more behind it (RFC 768).
    const std::size_t end = found.isDatagram ? found.begin + load16(header + 4) : found.end;
    if (found.size < least || found.begin + found.size > end || end > found.end) {
        return {};
    }
    found.end = end;
    return found;
}

std::optional<ParsedPacket> parsePacket(std::span<const std::byte> packet)
{
    const std::optional<TransportHeader> found = transportHeader(packet);
    if (!found) {
        return {};
    }
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(packet.data());
    const std::uint8_t *header = bytes + found->begin;
    ParsedPacket parsed;
    parsed.isDatagram = found->isDatagram;
    if (bytes[0] >> 4U == 6) {
        std::array<std::uint8_t, 16> source{};
        std::array<std::uint8_t, 16> destination{};
        std::copy_n(bytes + 8, 16, source.begin());
        std::copy_n(bytes + 24, 16, destination.begin());
        parsed.source = Endpoint::ipv6(source, load16(header));
        parsed.destination = Endpoint::ipv6(destination, load16(header + 2));
    } else {
        parsed.source = Endpoint::ipv4(load32(bytes + 12), load16(header));
        parsed.destination = Endpoint::ipv4(load32(bytes + 16), load16(header + 2));
    }
    if (!parsed.isDatagram) {
        parsed.sequence = load32(header + 4);
        parsed.acknowledgement = load32(header + 8);
        parsed.flags = header[13];
    }
    parsed.payload = packet.subspan(found->begin + found->size, found->end - found->begin - found->size);
    return parsed;
}

} // namespace tincan

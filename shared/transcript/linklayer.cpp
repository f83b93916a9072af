// SPDX-License-Identifier: MIT
#include "transcript/linklayer.h"

#include <algorithm>
#include <cstring>

#include "transcript/byteorder.h"

namespace tincan {

namespace {

using Reason = PassedOverReason;
using Failure = std::optional<Reason>; // none: it went well

// LINKTYPE_… (https://www.tcpdump.org/linktypes.html), and what some systems wrote for raw IP.
enum LinkType : std::uint32_t {
    LinkNull = 0,
    LinkEthernet = 1,
    LinkPpp = 9,
    LinkRawBsd = 12,
    LinkRawOpenBsd = 14,
    LinkPppHdlc = 50,
    LinkPppoe = 51,
    LinkRaw = 101,
    LinkLoop = 108,
    LinkLinuxCooked = 113,
    LinkIpv4 = 228,
    LinkIpv6 = 229,
    LinkLinuxCooked2 = 276,
};

enum EtherType : std::uint16_t {
    EtherIpv4 = 0x0800,
    EtherVlan = 0x8100,
    EtherIpv6 = 0x86dd,
    EtherMpls = 0x8847,
    EtherMplsMulticast = 0x8848,
    EtherPppoe = 0x8864,
    EtherServiceVlan = 0x88a8,
    EtherOldServiceVlan = 0x9100,
    EtherLastLength = 1500, // up to here it is a length (IEEE 802.3)
};

enum Protocol : std::uint8_t {
    HopByHop = 0,
    Tcp = 6,
    Udp = 17,
    Routing = 43,
    FragmentHeader = 44,
    Authentication = 51,
    DestinationOptions = 60,
    Mobility = 135,
};

constexpr std::size_t kMostPayload = 16 * 1024 * 1024; // no network card is given more at once
constexpr int kMostNested = 16;                        // tags, labels, extension headers

// Goes through the headers of a packet; everything is in network order.
class Headers
{
public:
    explicit Headers(const CapturedPacket &packet)
        : m_packet(packet)
        , m_bytes(packet.head)
    {
    }

    Failure link();
    Failure network(Transported &into);
    Failure transport(Transported &into);

private:
    bool has(std::size_t count) const { return m_bytes.size() >= m_at && m_bytes.size() - m_at >= count; }
    std::uint8_t get8(std::size_t from) const { return std::to_integer<std::uint8_t>(m_bytes[m_at + from]); }
    std::uint16_t get16(std::size_t from) const { return m_network.load16(m_bytes, m_at + from); }
    std::uint32_t get32(std::size_t from) const { return m_network.load32(m_bytes, m_at + from); }

    Failure ether(std::uint16_t type);
    Failure ppp();
    Failure family();
    Failure mpls();
    Failure ipv4(Transported &into);
    Failure ipv6(Transported &into);
    Failure extensions(std::uint8_t &next);
    Failure tcp(Transported &into);
    Failure udp(Transported &into);
    Failure payload(Transported &into, std::size_t header) const;

    const CapturedPacket &m_packet;
    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    std::size_t m_end = 0; // where the IP packet ends, as it says; perhaps not captured
    std::uint8_t m_protocol = 0;
    ByteOrder m_network{true};
};

Failure Headers::link()
{
    constexpr std::size_t kEthernet = 14;
    constexpr std::size_t kCooked = 16;
    constexpr std::size_t kCooked2 = 20;
    constexpr std::size_t kPppoe = 6;
    const auto skip = [this](std::size_t header, std::size_t typeAt) -> Failure {
        if (!has(header)) {
            return Reason::Damaged;
        }
        const std::uint16_t type = get16(typeAt);
        m_at += header;
        return ether(type);
    };
    switch (m_packet.linkType) {
    case LinkEthernet:
        return skip(kEthernet, kEthernet - 2);
    case LinkLinuxCooked:
        return skip(kCooked, kCooked - 2);
    case LinkLinuxCooked2:
        return skip(kCooked2, 0);
    case LinkNull:
    case LinkLoop:
        return family();
    case LinkPppoe:
        m_at += kPppoe;
        return ppp();
    case LinkPpp:
    case LinkPppHdlc:
        return ppp();
    case LinkRaw:
    case LinkRawBsd:
    case LinkRawOpenBsd:
    case LinkIpv4:
    case LinkIpv6:
        return {};
    default:
        return Reason::UnknownLink;
    }
}

Failure Headers::ether(std::uint16_t type)
{
    constexpr std::size_t kPppoe = 6;
    for (int nested = 0; nested < kMostNested; ++nested) {
        switch (type) {
        case EtherIpv4:
        case EtherIpv6:
            return {};
        case EtherVlan:
        case EtherServiceVlan:
        case EtherOldServiceVlan:
            if (!has(4)) {
                return Reason::Damaged;
            }
            type = get16(2);
            m_at += 4;
            break;
        case EtherMpls:
        case EtherMplsMulticast:
            return mpls();
        case EtherPppoe:
            m_at += kPppoe;
            return ppp();
        default: {
            // IEEE 802.2 with SNAP, and in it an EtherType
            constexpr std::size_t kSnap = 8;
            if (type > EtherLastLength || !has(kSnap) || get32(0) != 0xaaaa0300 || get16(4) != 0) {
                return Reason::NotIp;
            }
            type = get16(kSnap - 2);
            m_at += kSnap;
        }
        }
    }
    return Reason::Damaged;
}

Failure Headers::mpls()
{
    for (int nested = 0; nested < kMostNested && has(4); ++nested) {
        const bool bottom = (get8(2) & 1U) != 0;
        m_at += 4;
        if (bottom) {
            return {};
        }
    }
    return Reason::Damaged;
}

// RFC 1661, RFC 1662: address and control may be left out, and so may the first byte of the protocol.
Failure Headers::ppp()
{
    constexpr std::uint16_t kIpv4 = 0x0021;
    constexpr std::uint16_t kIpv6 = 0x0057;
    if (has(2) && get16(0) == 0xff03) {
        m_at += 2;
    }
    if (!has(2)) {
        return Reason::Damaged;
    }
    const bool isShort = (get8(0) & 1U) != 0;
    const std::uint16_t protocol = isShort ? get8(0) : get16(0);
    m_at += isShort ? 1 : 2;
    return protocol == kIpv4 || protocol == kIpv6 ? Failure() : Reason::NotIp;
}

// BSD's loopback: AF_INET or AF_INET6 of the machine that captured, in its byte order (LOOP: in network order).
Failure Headers::family()
{
    if (!has(4)) {
        return Reason::Damaged;
    }
    std::uint32_t value = get32(0);
    if (value > 0xffff) {
        value = __builtin_bswap32(value);
    }
    m_at += 4;
    constexpr std::array<std::uint32_t, 6> kFamilies = {2, 10, 23, 24, 28, 30};
    return std::find(kFamilies.begin(), kFamilies.end(), value) != kFamilies.end() ? Failure() : Reason::NotIp;
}

Failure Headers::network(Transported &into)
{
    if (!has(1)) {
        return Reason::Damaged;
    }
    switch (get8(0) >> 4U) {
    case 4:
        return ipv4(into);
    case 6:
        return ipv6(into);
    default:
        return Reason::NotIp;
    }
}

Failure Headers::ipv4(Transported &into)
{
    constexpr std::size_t kLeast = 20;
    constexpr std::uint16_t kMoreOrOffset = 0x3fff;
    if (!has(kLeast)) {
        return Reason::Damaged;
    }
    const std::size_t header = (get8(0) & 0x0fU) * std::size_t{4};
    // 0: what a network card is to cut into segments has no length yet.
    const std::size_t total = get16(2) != 0 ? get16(2) : m_packet.original - m_at;
    if (header < kLeast || total < header) {
        return Reason::Damaged;
    }
    if ((get16(6) & kMoreOrOffset) != 0) {
        return Reason::Fragment;
    }
    m_protocol = get8(9);
    std::memcpy(into.source.address.data(), m_bytes.data() + m_at + 12, 4);
    std::memcpy(into.destination.address.data(), m_bytes.data() + m_at + 16, 4);
    into.ipv6 = false;
    m_end = m_at + total;
    m_at += header;
    return {};
}

Failure Headers::ipv6(Transported &into)
{
    constexpr std::size_t kHeader = 40;
    if (!has(kHeader)) {
        return Reason::Damaged;
    }
    // 0: a jumbogram, or as above
    const std::size_t size = get16(4) != 0 ? get16(4) : m_packet.original - m_at - kHeader;
    std::uint8_t next = get8(6);
    std::memcpy(into.source.address.data(), m_bytes.data() + m_at + 8, 16);
    std::memcpy(into.destination.address.data(), m_bytes.data() + m_at + 24, 16);
    into.ipv6 = true;
    m_at += kHeader;
    m_end = m_at + size;
    if (const Failure failure = extensions(next)) {
        return failure;
    }
    m_protocol = next;
    return {};
}

Failure Headers::extensions(std::uint8_t &next)
{
    for (int nested = 0; nested < kMostNested; ++nested) {
        std::size_t size = 8;
        switch (next) {
        case HopByHop:
        case Routing:
        case DestinationOptions:
        case Mobility:
            if (!has(size)) {
                return Reason::Damaged;
            }
            size = (std::size_t{get8(1)} + 1) * 8;
            break;
        case Authentication:
            if (!has(size)) {
                return Reason::Damaged;
            }
            size = (std::size_t{get8(1)} + 2) * 4;
            break;
        case FragmentHeader:
            if (!has(size)) {
                return Reason::Damaged;
            }
            if ((get16(2) & 0xfff9U) != 0) { // where it belongs, or that more follow
                return Reason::Fragment;
            }
            break;
        default:
            return {};
        }
        next = get8(0);
        m_at += size;
    }
    return Reason::Damaged;
}

Failure Headers::transport(Transported &into)
{
    switch (m_protocol) {
    case Tcp:
        return tcp(into);
    case Udp:
        return udp(into);
    default:
        return Reason::OtherProtocol;
    }
}

// From `header` bytes on, to m_end.
Failure Headers::payload(Transported &into, std::size_t header) const
{
    const std::size_t begin = m_at + header;
    if (m_end - begin > kMostPayload) {
        return Reason::Damaged;
    }
    const std::size_t captured = std::min<std::size_t>(m_packet.captured, m_end);
    into.size = static_cast<std::uint32_t>(m_end - begin);
    into.captured = captured > begin ? static_cast<std::uint32_t>(captured - begin) : 0;
    into.offset = m_packet.offset + begin;
    return {};
}

Failure Headers::tcp(Transported &into)
{
    constexpr std::size_t kLeast = 20;
    if (!has(kLeast)) {
        return Reason::Damaged;
    }
    const std::size_t header = (get8(12) >> 4U) * std::size_t{4};
    if (header < kLeast || m_at + header > m_end) {
        return Reason::Damaged;
    }
    into.datagram = false;
    into.source.port = get16(0);
    into.destination.port = get16(2);
    into.sequence = get32(4);
    into.acknowledgement = get32(8);
    into.flags = get8(13);
    return payload(into, header);
}

Failure Headers::udp(Transported &into)
{
    constexpr std::size_t kHeader = 8;
    if (!has(kHeader) || m_at + kHeader > m_end) {
        return Reason::Damaged;
    }
    const std::size_t length = get16(4); // 0: a jumbogram, or not yet cut by a network card
    if (length != 0 && (length < kHeader || m_at + length > m_end)) {
        return Reason::Damaged;
    }
    m_end = length != 0 ? m_at + length : m_end;
    into.datagram = true;
    into.source.port = get16(0);
    into.destination.port = get16(2);
    return payload(into, kHeader);
}

} // namespace

std::optional<PassedOverReason> unwrap(const CapturedPacket &packet, Transported &into)
{
    if (packet.damaged) {
        return Reason::Damaged;
    }
    into = {};
    Headers headers(packet);
    if (const Failure failure = headers.link()) {
        return failure;
    }
    if (const Failure failure = headers.network(into)) {
        return failure;
    }
    return headers.transport(into);
}

} // namespace tincan

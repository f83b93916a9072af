// SPDX-License-Identifier: MIT
#include "transcript/flowkey.h"

#include <cstring>
#include <random>

#include <arpa/inet.h>

#include "transcript/packet.h"

namespace tincan {

namespace {

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::uint64_t kIpv6Flag = std::uint64_t{1} << 32U;

std::uint16_t load16(const std::byte *from) noexcept
{
    std::uint16_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return ntohs(value);
}

void setAddress(FlowKey &key, std::size_t word, const void *bytes, bool ipv6) noexcept
{
    std::memcpy(&key.words[word], bytes, ipv6 ? 16 : 4);
}

void setPorts(FlowKey &key, std::uint16_t local, std::uint16_t remote, bool ipv6) noexcept
{
    key.words[4] = local | (std::uint64_t{remote} << 16U) | (ipv6 ? kIpv6Flag : 0);
}

// A file may have been made so that its addresses fall together: not with a number it cannot know.
std::uint64_t seed()
{
    static const std::uint64_t made = (std::uint64_t{std::random_device()()} << 32U) | std::random_device()();
    return made;
}

} // namespace

FlowKey flowKey(const Flow &flow) noexcept
{
    FlowKey key;
    setAddress(key, 0, flow.local.data(), flow.ipv6);
    setAddress(key, 2, flow.remote.data(), flow.ipv6);
    setPorts(key, flow.localPort, flow.remotePort, flow.ipv6);
    return key;
}

FlowKey flowKey(const PeerInfo &info) noexcept
{
    FlowKey key;
    const bool ipv6 = info.remote.family() == Endpoint::Family::IPv6;
    setAddress(key, 0, info.local.addressBytes().data(), ipv6);
    setAddress(key, 2, info.remote.addressBytes().data(), ipv6);
    setPorts(key, info.local.port(), info.remote.port(), ipv6);
    return key;
}

std::optional<PlainSegment> plainSegment(std::span<const std::byte> packet, bool outbound) noexcept
{
    const std::byte *bytes = packet.data();
    const unsigned version = packet.empty() ? 0 : std::to_integer<unsigned>(bytes[0]) >> 4U;
    std::size_t ip = 0;
    std::size_t total = 0;
    if (version == 4 && packet.size() >= kIpv4Header && std::to_integer<unsigned>(bytes[9]) == kProtocolTcp) {
        ip = std::size_t{4} * (std::to_integer<unsigned>(bytes[0]) & 0x0fU);
        total = load16(bytes + 2);
    } else if (version == 6 && packet.size() >= kIpv6Header && std::to_integer<unsigned>(bytes[6]) == kProtocolTcp) {
        ip = kIpv6Header;
        total = kIpv6Header + load16(bytes + 4);
    }
    if (ip < kIpv4Header || total < ip + kTcpHeader || total > packet.size()) {
        return {};
    }
    const std::byte *tcp = bytes + ip;
    const std::size_t tcpHeader = std::size_t{4} * (std::to_integer<unsigned>(tcp[12]) >> 4U);
    if (tcpHeader < kTcpHeader || ip + tcpHeader > total) {
        return {};
    }
    const bool ipv6 = version == 6;
    const std::size_t addresses = ipv6 ? 8 : 12;
    const std::size_t width = ipv6 ? 16 : 4;
    PlainSegment segment;
    setAddress(segment.key, outbound ? 0 : 2, bytes + addresses, ipv6);
    setAddress(segment.key, outbound ? 2 : 0, bytes + addresses + width, ipv6);
    const std::uint16_t source = load16(tcp);
    const std::uint16_t destination = load16(tcp + 2);
    setPorts(segment.key, outbound ? source : destination, outbound ? destination : source, ipv6);
    segment.acknowledgement = std::uint32_t{load16(tcp + 8)} << 16U | load16(tcp + 10);
    segment.flags = std::to_integer<std::uint8_t>(tcp[13]);
    segment.payload = packet.subspan(ip + tcpHeader, total - ip - tcpHeader);
    return segment;
}

std::size_t FlowKeyHash::operator()(const FlowKey &key) const noexcept
{
    std::uint64_t hash = seed();
    for (const std::uint64_t word : key.words) {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32U;
    }
    return hash;
}

PeerId PeerTable::joined(const FlowKey &key, PeerId peer)
{
    const auto [found, isNew] = m_peers.try_emplace(key, peer);
    const PeerId before = isNew ? kNoPeer : found->second;
    found->second = peer;
    m_lastKey = key;
    m_lastPeer = peer;
    return before;
}

PeerId PeerTable::find(const FlowKey &key) noexcept
{
    if (m_lastPeer == kNoPeer || m_lastKey != key) {
        const auto found = m_peers.find(key);
        m_lastKey = key;
        m_lastPeer = found == m_peers.end() ? kNoPeer : found->second;
    }
    return m_lastPeer;
}

void PeerTable::left(const FlowKey &key, PeerId peer)
{
    if (const auto found = m_peers.find(key); found != m_peers.end() && found->second == peer) {
        m_peers.erase(found);
    }
    m_lastPeer = kNoPeer;
}

void PeerTable::clear()
{
    m_peers.clear();
    m_lastPeer = kNoPeer;
}

} // namespace tincan

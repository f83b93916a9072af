// SPDX-License-Identifier: MIT
#include "transcript/flowkey.h"

#include <cstring>
#include <random>

#include <arpa/inet.h>

#include "transcript/packet.h"

namespace tincan {

namespace {

constexpr std::uint64_t kIpv6Flag = std::uint64_t{1} << 32U;
constexpr std::uint64_t kUdpFlag = std::uint64_t{1} << 33U;

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

void setPorts(FlowKey &key, std::uint16_t local, std::uint16_t remote, bool ipv6, bool udp) noexcept
{
    key.words[4] = local | (std::uint64_t{remote} << 16U) | (ipv6 ? kIpv6Flag : 0) | (udp ? kUdpFlag : 0);
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
    setPorts(key, flow.localPort, flow.remotePort, flow.ipv6, flow.transport == Transport::Udp);
    return key;
}

FlowKey flowKey(const PeerInfo &info) noexcept
{
    FlowKey key;
    const bool ipv6 = info.remote.family() == Endpoint::Family::IPv6;
    setAddress(key, 0, info.local.addressBytes().data(), ipv6);
    setAddress(key, 2, info.remote.addressBytes().data(), ipv6);
    setPorts(key, info.local.port(), info.remote.port(), ipv6, info.transport == Transport::Udp);
    return key;
}

FlowKey datagramKey(FlowKey key) noexcept
{
    key.words[4] |= kUdpFlag;
    return key;
}

std::optional<PlainSegment> plainSegment(std::span<const std::byte> packet, bool outbound) noexcept
{
    const std::optional<TransportHeader> found = transportHeader(packet);
    if (!found) {
        return {};
    }
    const std::byte *header = packet.data() + found->begin;
    const bool ipv6 = std::to_integer<unsigned>(packet.front()) >> 4U == 6;
    const std::size_t addresses = ipv6 ? 8 : 12;
    const std::size_t width = ipv6 ? 16 : 4;
    PlainSegment segment;
    setAddress(segment.key, outbound ? 0 : 2, packet.data() + addresses, ipv6);
    setAddress(segment.key, outbound ? 2 : 0, packet.data() + addresses + width, ipv6);
    const std::uint16_t source = load16(header);
    const std::uint16_t destination = load16(header + 2);
    setPorts(segment.key, outbound ? source : destination, outbound ? destination : source, ipv6, found->isDatagram);
    segment.isDatagram = found->isDatagram;
    if (!found->isDatagram) {
        segment.acknowledgement = std::uint32_t{load16(header + 8)} << 16U | load16(header + 10);
        segment.flags = std::to_integer<std::uint8_t>(header[13]);
    }
    segment.payload = packet.subspan(found->begin + found->size, found->end - found->begin - found->size);
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

// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/ids.h"
#include "transcript/flowtable.h"

namespace tincan {

// What a packet says of the conversation it belongs to: protocol, both addresses, both ports, and which side is ours. It knows
// nothing of the scope that a session's addresses may have (fe80::1%eth0). A value. Peers of Unix sockets have none: two of them
// may have the same names, or none at all, so that only their number tells them apart.
struct FlowKey {
    std::array<std::uint64_t, 5> words{}; // local address, remote address, ports, family and protocol

    friend bool operator==(const FlowKey &, const FlowKey &) = default;
};

FlowKey flowKey(const Flow &flow) noexcept;
FlowKey flowKey(const PeerInfo &info) noexcept;
FlowKey datagramKey(FlowKey key) noexcept; // of UDP between the same addresses and ports

// What a packet that begins with an IP header carries, as far as it is TCP or UDP and whole; without a look at anything that
// costs more than some nanoseconds. Any thread.
struct PlainSegment {
    FlowKey key;
    bool isDatagram = false; // of UDP, which has neither flags nor numbers
    std::uint8_t flags = 0;
    std::uint32_t acknowledgement = 0;
    std::span<const std::byte> payload;
};
std::optional<PlainSegment> plainSegment(std::span<const std::byte> packet, bool outbound) noexcept;

struct FlowKeyHash {
    std::size_t operator()(const FlowKey &key) const noexcept;
};

// Which peer a packet belongs to. A key that comes again belongs to who joined last; the data of who had it before stand in
// records of their own then (see Flow::shadowed). One thread.
class PeerTable
{
public:
    // Returns the peer that had the key until now; kNoPeer where none had it.
    PeerId joined(const FlowKey &key, PeerId peer);
    PeerId find(const FlowKey &key) noexcept;
    void left(const FlowKey &key, PeerId peer);
    void clear();

private:
    std::unordered_map<FlowKey, PeerId, FlowKeyHash> m_peers;
    FlowKey m_lastKey; // packets come in runs
    PeerId m_lastPeer = kNoPeer;
};

} // namespace tincan

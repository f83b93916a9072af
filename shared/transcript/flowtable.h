// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/record.h"

namespace tincan {

// One conversation as packets need it: addresses in network order, and how far each side's sequence numbers have come.
// Relative: both initial sequence numbers are 0, so that the first byte is number 1 (RFC 9293 §3.4); modulo 2^32. Where there is
// no TCP they count bytes, and stand in no packet.
struct Flow {
    std::array<std::uint8_t, 16> local{};
    std::array<std::uint8_t, 16> remote{};
    std::uint16_t localPort = 0;
    std::uint16_t remotePort = 0;
    Transport transport = Transport::Tcp;
    bool ipv6 = false;
    bool known = false;  // has joined
    bool inRoom = false; // see FanOutInfo
    bool outgoing = false;
    bool shadowed = false;      // another peer has joined with the same addresses: packets are that one's
    std::uint32_t sent = 0;     // next sequence number of ours, without the room's share
    std::uint32_t received = 0; // next sequence number of the peer's
    std::uint32_t roomBase = 0; // the room's total when it joined, and what was not for it

    // What the next segment of a session has to say of a peer that is still there. Times: ns since 1970; 0: not yet.
    struct Past {
        PeerInfo info;
        std::int64_t joined = 0;
        std::int64_t finished = 0;
        std::int64_t peerFinished = 0;
    };
    std::unique_ptr<Past> past; // only while it is known, and where somebody has set it

    bool isTcp() const noexcept { return transport == Transport::Tcp; }
    // Whether there are addresses that a packet could have: of Unix sockets there are none.
    bool hasPackets() const noexcept { return !isUnix(transport); }
};

// The conversations of a session, by peer, as the recorder and the exporter go through the records. What the whole room got is
// counted once for all, so that a message to ten thousand costs as much here as one to a single peer. One thread.
class FlowTable
{
public:
    Flow &joined(PeerId peer, const PeerInfo &info); // nothing counted, not even the SYNs
    Flow *find(PeerId peer) noexcept;                // nullptr where it has not joined or has left

    std::uint32_t sentNumber(const Flow &flow) const noexcept
    {
        return flow.sent + (flow.inRoom ? m_roomBytes - flow.roomBase : 0);
    }

    // A message to many; afterwards the sentNumber() of each it reached is `size` higher.
    void fanOut(PeerId from, const FanOutInfo *info, std::uint32_t size);
    // Those it reaches. To be asked before fanOut().
    std::vector<PeerId> recipients(PeerId from, const FanOutInfo *info) const;

    void finished(PeerId peer); // our FIN, not yet counted: out of the room
    void left(PeerId peer);

    // All that have joined and not left, in order.
    std::vector<PeerId> known() const;

private:
    void leaveRoom(Flow &flow) noexcept;
    std::vector<Flow> m_flows; // by peer
    std::uint32_t m_roomBytes = 0;
};

} // namespace tincan

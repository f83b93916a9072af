// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/record.h"
#include "transcript/capturefile.h"

namespace tincan {

// A TCP segment or UDP datagram of a captured packet, whatever it was wrapped in.
struct Transported {
    struct Side {
        std::array<std::uint64_t, 2> address{}; // as the packet has it; IPv4: the first 4 bytes
        std::uint16_t port = 0;

        friend auto operator<=>(const Side &, const Side &) = default;
    };
    Side source;
    Side destination;
    bool ipv6 = false;
    bool datagram = false;
    std::uint8_t flags = 0; // TcpFlags
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint64_t offset = 0;   // of the payload in the file
    std::uint32_t captured = 0; // bytes of payload that the file has got
    std::uint32_t size = 0;     // bytes of payload that the packet had; at least `captured`
};

// Unwraps Ethernet (with VLAN tags, PPPoE, MPLS), BSD's and Linux's pseudo headers, PPP and raw IP, then IPv4 or IPv6 with its
// extension headers. Fills `into`, or says why it cannot. Any thread.
std::optional<PassedOverReason> unwrap(const CapturedPacket &packet, Transported &into);

} // namespace tincan

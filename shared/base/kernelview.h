// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/record.h"
#include "base/transport.h"

namespace tincan {

// The states of RFC 9293 §3.3.2, with the kernel's numbers (include/net/tcp_states.h). Unix and UDP sockets borrow some of them:
// ESTABLISHED is connected, CLOSE (7) not, LISTEN is LISTEN.
enum class TcpState : std::uint8_t {
    Unknown = 0,
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
};

inline constexpr int kTcpStates = 12;

// Whether the kernel has such a socket.
enum class Presence : std::uint8_t { Unknown, Here, Gone };

// What a socket waits for (idiag_timer of struct inet_diag_msg).
enum class KernelTimer : std::uint8_t { None, Retransmit, KeepAlive, TimeWait, ZeroWindow };

// What the kernel knows of one socket, as sock_diag(7) told it at `time`. Numbers are −1 where it did not tell: older kernels
// know less, and each kind of socket has its own. See struct tcp_info in linux/tcp.h for what they are made of.
struct KernelView {
    Presence presence = Presence::Unknown;
    TcpState state = TcpState::Unknown;
    KernelTimer timer = KernelTimer::None;
    bool hasInfo = false; // the kernel gave a tcp_info: it gives none of a socket in TIME_WAIT or SYN_RCVD
    std::int64_t time = 0;
    std::int64_t timerMilliseconds = -1; // until the timer runs out

    std::uint64_t inode = 0; // 0: no program has it any more
    std::uint32_t uid = 0;
    PortOwner owner; // of the other end, where that is on this computer

    // Bytes. Of a listener: those who wait to be accepted, and the backlog.
    std::int64_t receiveQueue = -1;
    std::int64_t sendQueue = -1;

    // Microseconds
    std::int64_t rtt = -1;
    std::int64_t rttVariance = -1;
    std::int64_t minRtt = -1;
    std::int64_t retransmitTimeout = -1;

    // Segments
    std::int64_t congestionWindow = -1;
    std::int64_t slowStartThreshold = -1; // −1 too while there is none yet
    std::int64_t retransmitsNow = -1;     // of the segment that is sent again and again
    std::int64_t retransmitsTotal = -1;
    std::int64_t lost = -1;
    std::int64_t unacknowledged = -1;
    std::int64_t segmentsOut = -1;
    std::int64_t segmentsIn = -1;

    // Bytes
    std::int64_t bytesSent = -1; // with what was sent again
    std::int64_t bytesAcknowledged = -1;
    std::int64_t bytesReceived = -1;
    std::int64_t bytesRetransmitted = -1;
    std::int64_t notSent = -1;
    std::int64_t sendMss = -1;
    std::int64_t receiveMss = -1;
    std::int64_t advertisedMss = -1;
    std::int64_t pathMtu = -1;
    std::int64_t peerWindow = -1;    // that the peer offers
    std::int64_t receiveWindow = -1; // that we offer

    // Bytes a second
    std::int64_t pacingRate = -1; // −1 too where it is without limit
    std::int64_t deliveryRate = -1;

    // Milliseconds
    std::int64_t sinceSent = -1;
    std::int64_t sinceReceived = -1;
    std::int64_t sinceAcknowledged = -1;

    // Microseconds
    std::int64_t busy = -1;
    std::int64_t windowLimited = -1;
    std::int64_t bufferLimited = -1;

    // Shifts; −1 where the option was not agreed on
    std::int64_t sendScale = -1;
    std::int64_t receiveScale = -1;

    bool timestamps = false;
    bool sack = false;
    bool windowScale = false;
    bool ecn = false;
    bool ecnSeen = false;
    bool synData = false;   // TCP Fast Open: data in the SYN was acknowledged
    std::string congestion; // "cubic"

    // Memory in bytes, with the kernel's own overhead, and what it threw away (SK_MEMINFO_…)
    std::int64_t receiveMemory = -1;
    std::int64_t receiveBuffer = -1;
    std::int64_t sendMemory = -1;
    std::int64_t sendBuffer = -1;
    std::int64_t drops = -1; // of UDP datagrams; of a listener connections

    // Of Unix sockets
    std::uint64_t peerInode = 0;
    std::string name; // path, or "@" and the abstract name
};

// What the kernel knows of a listening socket.
struct KernelListener {
    ListenerId id = kNoListener;
    Transport transport = Transport::Tcp;
    Presence presence = Presence::Unknown;
    std::int64_t waiting = -1;     // in the accept queue; of datagrams: bytes that nobody has read yet
    std::int64_t backlog = -1;     // … at most. −1 of datagrams
    std::int64_t room = -1;        // of UDP: bytes that may wait (SO_RCVBUF); like `waiting`, with the kernel's own overhead
    std::int64_t synReceived = -1; // half open: our SYN+ACK is not answered yet. −1 of what has no such state
    std::int64_t drops = -1;       // of this socket, since it began
    std::int64_t overflows = -1;   // of all listeners in this network namespace, since it began (TcpExtListenOverflows)
    std::int64_t dropsOfAll = -1;  // likewise (TcpExtListenDrops)
    std::uint64_t inode = 0;
};

} // namespace tincan

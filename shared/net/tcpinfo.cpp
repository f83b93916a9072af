// SPDX-License-Identifier: MIT
#include "net/tcpinfo.h"

#include <array>

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>

#include "base/clock.h"
#include "net/netlinkattributes.h"

namespace tincan {

namespace {

constexpr std::uint8_t kNewSynReceived = 12; // TCP_NEW_SYN_RECV: a request that has no socket yet

TcpState stateOf(std::uint8_t number)
{
    if (number == kNewSynReceived) {
        return TcpState::SynReceived;
    }
    return number < kTcpStates ? static_cast<TcpState>(number) : TcpState::Unknown;
}

// One field of a struct of which the kernel may have given a part only.
class Fields
{
public:
    explicit Fields(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }
    template<typename T>
    bool has(std::size_t offset) const
    {
        return offset + sizeof(T) <= m_bytes.size();
    }
    template<typename T>
    std::int64_t get(std::size_t offset) const
    {
        if (!has<T>(offset)) {
            return -1;
        }
        const auto value = readStruct<T>(m_bytes.subspan(offset, sizeof(T)));
        return value > static_cast<T>(INT64_MAX) && sizeof(T) == sizeof(std::uint64_t) ? -1 : static_cast<std::int64_t>(value);
    }

private:
    std::span<const std::byte> m_bytes;
};

// tcpi_snd_wnd is the last that Linux 6.1's header knows; tcpi_rcv_wnd (6.2) follows it.
constexpr std::size_t kReceiveWindowAt = offsetof(tcp_info, tcpi_snd_wnd) + sizeof(__u32);

#define TINCAN_FIELD(name) fields.get<decltype(tcp_info::name)>(offsetof(tcp_info, name))

void decodeSegments(const Fields &fields, KernelView &into)
{
    constexpr std::int64_t kNoThreshold = 0x7fffffff; // TCP_INFINITE_SSTHRESH
    into.congestionWindow = TINCAN_FIELD(tcpi_snd_cwnd);
    into.slowStartThreshold = TINCAN_FIELD(tcpi_snd_ssthresh);
    if (into.slowStartThreshold >= kNoThreshold) {
        into.slowStartThreshold = -1;
    }
    into.retransmitsNow = TINCAN_FIELD(tcpi_retransmits);
    into.retransmitsTotal = TINCAN_FIELD(tcpi_total_retrans);
    into.lost = TINCAN_FIELD(tcpi_lost);
    into.unacknowledged = TINCAN_FIELD(tcpi_unacked);
    into.segmentsOut = TINCAN_FIELD(tcpi_segs_out);
    into.segmentsIn = TINCAN_FIELD(tcpi_segs_in);
}

void decodeBytes(const Fields &fields, KernelView &into)
{
    into.bytesSent = TINCAN_FIELD(tcpi_bytes_sent);
    into.bytesAcknowledged = TINCAN_FIELD(tcpi_bytes_acked);
    into.bytesReceived = TINCAN_FIELD(tcpi_bytes_received);
    into.bytesRetransmitted = TINCAN_FIELD(tcpi_bytes_retrans);
    into.notSent = TINCAN_FIELD(tcpi_notsent_bytes);
    into.sendMss = TINCAN_FIELD(tcpi_snd_mss);
    into.receiveMss = TINCAN_FIELD(tcpi_rcv_mss);
    into.advertisedMss = TINCAN_FIELD(tcpi_advmss);
    into.pathMtu = TINCAN_FIELD(tcpi_pmtu);
    into.peerWindow = TINCAN_FIELD(tcpi_snd_wnd);
    into.receiveWindow = fields.get<__u32>(kReceiveWindowAt);
    into.pacingRate = TINCAN_FIELD(tcpi_pacing_rate);
    into.deliveryRate = TINCAN_FIELD(tcpi_delivery_rate);
}

void decodeTimes(const Fields &fields, KernelView &into)
{
    constexpr std::int64_t kNoMinimum = UINT32_MAX;
    into.rtt = TINCAN_FIELD(tcpi_rtt);
    into.rttVariance = TINCAN_FIELD(tcpi_rttvar);
    into.minRtt = TINCAN_FIELD(tcpi_min_rtt);
    if (into.minRtt == kNoMinimum) {
        into.minRtt = -1;
    }
    into.retransmitTimeout = TINCAN_FIELD(tcpi_rto);
    into.sinceSent = TINCAN_FIELD(tcpi_last_data_sent);
    into.sinceReceived = TINCAN_FIELD(tcpi_last_data_recv);
    into.sinceAcknowledged = TINCAN_FIELD(tcpi_last_ack_recv);
    into.busy = TINCAN_FIELD(tcpi_busy_time);
    into.windowLimited = TINCAN_FIELD(tcpi_rwnd_limited);
    into.bufferLimited = TINCAN_FIELD(tcpi_sndbuf_limited);
}

#undef TINCAN_FIELD

void decodeOptions(std::span<const std::byte> bytes, KernelView &into)
{
    const auto info = readStruct<tcp_info>(bytes);
    const unsigned options = info.tcpi_options;
    into.timestamps = (options & TCPI_OPT_TIMESTAMPS) != 0;
    into.sack = (options & TCPI_OPT_SACK) != 0;
    into.windowScale = (options & TCPI_OPT_WSCALE) != 0;
    into.ecn = (options & TCPI_OPT_ECN) != 0;
    into.ecnSeen = (options & TCPI_OPT_ECN_SEEN) != 0;
    into.synData = (options & TCPI_OPT_SYN_DATA) != 0;
    if (into.windowScale) {
        into.sendScale = info.tcpi_snd_wscale;
        into.receiveScale = info.tcpi_rcv_wscale;
    }
}

void decodeMemory(std::span<const std::byte> value, KernelView &into)
{
    const Fields fields(value);
    const auto at = [&](std::size_t index) { return fields.get<__u32>(index * sizeof(__u32)); };
    into.receiveMemory = at(SK_MEMINFO_RMEM_ALLOC);
    into.receiveBuffer = at(SK_MEMINFO_RCVBUF);
    into.sendMemory = at(SK_MEMINFO_WMEM_ALLOC);
    into.sendBuffer = at(SK_MEMINFO_SNDBUF);
    into.drops = at(SK_MEMINFO_DROPS);
}

std::string textOf(std::span<const std::byte> value)
{
    std::string text(reinterpret_cast<const char *>(value.data()), value.size());
    while (!text.empty() && text.back() == '\0') {
        text.pop_back();
    }
    return text;
}

} // namespace

void decodeTcpInfo(std::span<const std::byte> info, KernelView &into)
{
    if (info.empty()) {
        return;
    }
    const Fields fields(info);
    into.hasInfo = true;
    decodeOptions(info, into);
    decodeSegments(fields, into);
    decodeBytes(fields, into);
    decodeTimes(fields, into);
}

KernelView decodeInetDiag(std::span<const std::byte> message)
{
    KernelView view;
    view.time = wallNanoseconds();
    if (message.size() < sizeof(inet_diag_msg)) {
        return view;
    }
    const auto head = readStruct<inet_diag_msg>(message);
    view.presence = Presence::Here;
    view.state = stateOf(head.idiag_state);
    view.inode = head.idiag_inode;
    view.uid = head.idiag_uid;
    view.receiveQueue = head.idiag_rqueue;
    view.sendQueue = head.idiag_wqueue;
    if (head.idiag_timer >= 1 && head.idiag_timer <= 4) {
        view.timer = static_cast<KernelTimer>(head.idiag_timer);
        view.timerMilliseconds = head.idiag_expires;
    }
    forEachAttribute(message.subspan(sizeof head), [&](unsigned type, std::span<const std::byte> value) {
        if (type == INET_DIAG_INFO && view.state != TcpState::Listen) {
            decodeTcpInfo(value, view);
        } else if (type == INET_DIAG_SKMEMINFO) {
            decodeMemory(value, view);
        } else if (type == INET_DIAG_CONG) {
            view.congestion = textOf(value);
        }
    });
    return view;
}

KernelView decodeUnixDiag(std::span<const std::byte> message)
{
    KernelView view;
    view.time = wallNanoseconds();
    if (message.size() < sizeof(unix_diag_msg)) {
        return view;
    }
    const auto head = readStruct<unix_diag_msg>(message);
    view.presence = Presence::Here;
    view.state = stateOf(head.udiag_state);
    view.inode = head.udiag_ino;
    forEachAttribute(message.subspan(sizeof head), [&](unsigned type, std::span<const std::byte> value) {
        if (type == UNIX_DIAG_PEER && value.size() >= sizeof(__u32)) {
            view.peerInode = readStruct<__u32>(value);
        } else if (type == UNIX_DIAG_RQLEN && value.size() >= sizeof(unix_diag_rqlen)) {
            const auto queues = readStruct<unix_diag_rqlen>(value);
            view.receiveQueue = queues.udiag_rqueue;
            view.sendQueue = queues.udiag_wqueue;
        } else if (type == UNIX_DIAG_MEMINFO) {
            decodeMemory(value, view);
        } else if (type == UNIX_DIAG_UID && value.size() >= sizeof(__u32)) {
            view.uid = readStruct<__u32>(value);
        } else if (type == UNIX_DIAG_NAME && !value.empty()) {
            view.name = value.front() == std::byte{0} ? "@" + textOf(value.subspan(1)) : textOf(value);
        }
    });
    return view;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/datagramreceiver.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>

#include "net/outbox.h"
#include "net/syscalls.h"
#include "net/tracedcalls.h"

namespace tincan {

namespace {

constexpr std::size_t kLargestSlot = 65'536;
// Room for so much is asked for, or else the end of a chunk would be received into in ever smaller steps.
constexpr std::size_t kWorthwhile = 64 * 1024;
// After so many calls the slots may shrink.
constexpr unsigned kCallsBetween = 64;

template<typename T>
T valueOf(const cmsghdr &from)
{
    T value{};
    std::memcpy(&value, CMSG_DATA(&from), sizeof value);
    return value;
}

Endpoint addressOf(const in_pktinfo &info)
{
    return Endpoint::ipv4(ntohl(info.ipi_spec_dst.s_addr), 0);
}

// Of a group's datagram there is nothing that an answer could go out from.
Endpoint addressOf(const in6_pktinfo &info)
{
    if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) {
        return {};
    }
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
    return Endpoint::ipv6(bytes, 0, IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr) ? info.ipi6_ifindex : 0);
}

} // namespace

Ancillary readAncillary(const msghdr &header)
{
    Ancillary found;
    bool isExact = false; // IP_PKTINFO tells an IPv4 address better than IPV6_PKTINFO of a dual-stack socket
    auto *message = const_cast<msghdr *>(&header); // NOLINT: the macros know no const
    for (cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_RXQ_OVFL) {
            found.dropped = valueOf<std::uint32_t>(*part);
        } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS) {
            const auto who = valueOf<ucred>(*part);
            found.process.pid = who.pid;
            found.process.uid = who.uid;
            found.process.gid = who.gid;
        } else if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
            found.local = addressOf(valueOf<in_pktinfo>(*part));
            isExact = true;
        } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO && !isExact) {
            found.local = addressOf(valueOf<in6_pktinfo>(*part));
        }
    }
    return found;
}

void DatagramReceiver::prepare(std::span<std::byte> room, Transport transport)
{
    if (!m_overflow) {
        m_overflow = std::make_unique_for_overwrite<std::byte[]>(kMost * kMaxMessage); // NOLINT(modernize-avoid-c-arrays)
    }
    m_begin = room.data();
    m_asked = std::min(kMost, room.size() / m_slot);
    const std::size_t slot = std::min<std::size_t>(m_slot, kMaxMessage);
    for (std::size_t i = 0; i < m_asked; ++i) {
        m_vectors[i] = {{{m_begin + i * m_slot, slot}, {m_overflow.get() + i * kMaxMessage, kMaxMessage - slot}}};
        msghdr &header = m_headers[i].msg_hdr;
        header = {};
        header.msg_name = &m_sources[i];
        header.msg_namelen = sizeof m_sources[i];
        header.msg_iov = m_vectors[i].data();
        header.msg_iovlen = 2;
        header.msg_control = m_ancillary[i].bytes.data();
        // Descriptors that a Unix datagram brings along find no room behind its credentials: the kernel closes them.
        header.msg_controllen = isUnix(transport) ? CMSG_SPACE(sizeof(ucred)) : kAncillary;
    }
}

std::span<const Datagram> DatagramReceiver::receive(Syscalls &sys, int fd, Transport transport, Outbox &outbox, int &error,
                                                    std::int32_t *nanoseconds)
{
    prepare(outbox.room(std::max(m_slot, std::min(kWorthwhile, kMost * m_slot))), transport);
    const TimePoint begin = nanoseconds ? Clock::now() : TimePoint();
    int count = 0;
    do {
        // With MSG_TRUNC the length told is that of the datagram, however much was read (recv(2)).
        count = sys.recvmmsg(fd, m_headers.data(), static_cast<unsigned>(m_asked), kFlags);
    } while (count < 0 && errno == EINTR);
    error = count < 0 ? errno : 0;
    if (nanoseconds) {
        *nanoseconds = nanosecondsSince(begin);
    }
    m_got = count > 0 ? static_cast<std::size_t>(count) : 0;
    std::size_t largest = 0;
    for (std::size_t i = 0; i < m_got; ++i) {
        note(i);
        largest = std::max<std::size_t>(largest, m_datagrams[i].size);
    }
    if (m_got == 0) {
        return {};
    }
    if (largest > std::min<std::size_t>(m_slot, kMaxMessage)) {
        putTogether(outbox);
    } else {
        moveTogether(outbox);
    }
    adapt(largest);
    return std::span(m_datagrams).first(m_got);
}

void DatagramReceiver::note(std::size_t at)
{
    const mmsghdr &header = m_headers[at];
    Datagram &datagram = m_datagrams[at];
    datagram.whole = header.msg_len;
    datagram.size = std::min(header.msg_len, kMaxMessage);
    datagram.data = m_begin + at * m_slot;
    datagram.isInChunk = true;
    datagram.source = {reinterpret_cast<const char *>(&m_sources[at]), header.msg_hdr.msg_namelen};
    datagram.header = &header.msg_hdr;
}

// What fills at least half of its slot stays where it is.
void DatagramReceiver::moveTogether(Outbox &outbox)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < m_got; ++i) {
        Datagram &datagram = m_datagrams[i];
        const std::size_t at = i * m_slot;
        if (datagram.size >= m_slot / 2) {
            end = at;
        } else if (end < at) {
            std::memmove(m_begin + end, m_begin + at, datagram.size);
        }
        datagram.data = m_begin + end;
        end += datagram.size;
    }
    outbox.commit(end);
}

// Some were longer than their slots: each of those is put together outside. Happens once for each size that is new.
void DatagramReceiver::putTogether(Outbox &outbox)
{
    for (std::size_t i = 0; i < m_got; ++i) {
        Datagram &datagram = m_datagrams[i];
        const iovec &slot = m_vectors[i][0];
        if (datagram.size > slot.iov_len) {
            auto *rest = static_cast<std::byte *>(m_vectors[i][1].iov_base);
            std::memmove(rest + slot.iov_len, rest, datagram.size - slot.iov_len);
            std::memcpy(rest, slot.iov_base, slot.iov_len);
            datagram.data = rest;
            datagram.isInChunk = false;
        }
    }
    outbox.commit((m_got - 1) * m_slot + std::min<std::size_t>(m_slot, kMaxMessage));
}

void DatagramReceiver::adapt(std::size_t largest)
{
    m_largest = std::max(m_largest, largest);
    if (largest > m_slot) {
        m_slot = std::min(kLargestSlot, std::bit_ceil(largest));
    } else if (++m_calls >= kCallsBetween) {
        if (m_largest * 4 <= m_slot) {
            m_slot = std::max(kSmallestSlot, std::bit_ceil(m_largest * 2));
        }
        m_calls = 0;
        m_largest = 0;
    }
}

} // namespace tincan

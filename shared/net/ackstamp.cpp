// SPDX-License-Identifier: MIT
#include "net/ackstamp.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kRest = 5ms;      // between two questions
constexpr auto kNoAnswer = 10s;  // after which a question is given up: the error queue was full
constexpr int kMostAnswers = 64; // read in one turn

template<typename T>
T load(const cmsghdr *header)
{
    T value{};
    std::memcpy(&value, CMSG_DATA(header), sizeof value);
    return value;
}

bool isError(const cmsghdr &header)
{
    return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR)
        || (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

} // namespace

bool AckStamp::switchOn(Syscalls &sys, int fd, std::uint64_t handed)
{
    int waiting = 0;
    if (sys.outputQueue(fd, &waiting) != 0 || waiting != 0) {
        return false;
    }
    const int flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
    const bool good = sys.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags) == 0;
    m_mode = good ? Mode::On : Mode::Impossible;
    m_base = handed;
    return good;
}

bool AckStamp::isDue(Syscalls &sys, int fd, std::uint64_t handed, TimePoint now)
{
    if (!m_wanted || m_mode == Mode::Impossible || now < m_askedAt + (m_isOpen ? kNoAnswer : kRest)) {
        return false;
    }
    if (m_mode == Mode::Off && !switchOn(sys, fd, handed)) {
        return false;
    }
    m_before = handed;
    m_askedAt = now;
    return true;
}

ssize_t AckStamp::send(Syscalls &sys, int fd, std::span<const iovec> vectors, int flags)
{
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(std::uint32_t))> control{};
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(vectors.data()); // NOLINT: sendmsg(2) does not write through it
    message.msg_iovlen = vectors.size();
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SO_TIMESTAMPING;
    header->cmsg_len = CMSG_LEN(sizeof(std::uint32_t));
    const std::uint32_t question = SOF_TIMESTAMPING_TX_ACK;
    std::memcpy(CMSG_DATA(header), &question, sizeof question);
    m_sentAt = wallNanoseconds();
    const ssize_t count = sys.sendmsg(fd, &message, flags);
    if (count > 0) {
        m_isOpen = true;
        m_asked = m_before + static_cast<std::uint64_t>(count);
    } else if (count < 0 && (errno == EINVAL || errno == EOPNOTSUPP)) {
        m_mode = Mode::Impossible; // this kernel does not know the question; the message goes without it
        errno = EINTR;
    }
    return count;
}

bool AckStamp::read(Syscalls &sys, int fd, std::optional<AcknowledgedInfo> &stamp)
{
    for (int i = 0; i < kMostAnswers; ++i) {
        alignas(cmsghdr) std::array<std::byte, 512> control;
        msghdr message{};
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        if (sys.recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
            return i > 0;
        }
        if (const auto answer = answered(message)) {
            stamp = answer;
        }
    }
    return true;
}

std::optional<AcknowledgedInfo> AckStamp::answered(const msghdr &message)
{
    std::int64_t time = 0;
    std::optional<std::uint32_t> lastByte;        // its number, from m_base on
    auto *whole = const_cast<msghdr *>(&message); // NOLINT: CMSG_NXTHDR only reads
    for (cmsghdr *header = CMSG_FIRSTHDR(whole); header; header = CMSG_NXTHDR(whole, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPING) {
            const auto stamp = load<timespec>(header); // the first of three: the software's
            time = std::int64_t{stamp.tv_sec} * 1'000'000'000 + stamp.tv_nsec;
        } else if (isError(*header)) {
            const auto error = load<sock_extended_err>(header);
            if (error.ee_origin == SO_EE_ORIGIN_TIMESTAMPING && error.ee_info == SCM_TSTAMP_ACK) {
                lastByte = error.ee_data;
            }
        }
    }
    if (time == 0 || !m_isOpen || lastByte != static_cast<std::uint32_t>(m_asked - m_base - 1)) {
        return {};
    }
    m_isOpen = false;
    return AcknowledgedInfo{m_asked, std::max<std::int64_t>(0, time - m_sentAt)};
}

} // namespace tincan

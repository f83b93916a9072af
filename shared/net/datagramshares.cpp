// SPDX-License-Identifier: MIT
#include "net/datagramshares.h"

#include <algorithm>
#include <bit>

#include <sys/un.h>

#include "net/syscalls.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirstWait = 2ms;
constexpr std::chrono::milliseconds kLongestWait = 100ms;

// What the kernel counts for a message, at most: it rounds up, and adds its own (sock_alloc_send_pskb()).
constexpr std::size_t costOf(std::size_t size)
{
    constexpr std::size_t kInOnePiece = 16'000;
    return size < kInOnePiece ? std::bit_ceil(size + 384) + 512 : size + 8192;
}

} // namespace

DatagramShares::DatagramShares(Syscalls &sys, int fd)
    : m_sys(sys)
    , m_queues(sys)
    , m_fd(fd)
{
}

bool DatagramShares::mayTake(Share &share, std::string_view address, std::size_t size, TimePoint now)
{
    if (m_queues.isOff(now)) {
        return true;
    }
    const std::size_t cost = costOf(size);
    if (!fits(share, cost)) {
        if (m_isPending || now < share.askAgain) {
            return false; // what is pending the kernel's answers would not be about
        }
        measure();
        share.unread = std::min(share.unread, m_taken);
        if (!fits(share, cost) && !hasRead(share, address, now)) {
            return false;
        }
    }
    share.unread += cost;
    m_taken += cost;
    ++m_messages;
    m_isPending = true;
    return true;
}

bool DatagramShares::fits(const Share &share, std::size_t cost) const noexcept
{
    const std::size_t most = m_size / 4 * 3;
    return m_taken < m_size / 2 || share.unread == 0 || share.unread + cost <= (most - std::min(most, m_taken)) / 4;
}

void DatagramShares::measure()
{
    int taken = 0;
    int size = 0;
    socklen_t length = sizeof size;
    if (m_sys.outputQueue(m_fd, &taken) == 0 && m_sys.getsockopt(m_fd, SOL_SOCKET, SO_SNDBUF, &size, &length) == 0) {
        m_taken = static_cast<std::size_t>(taken);
        m_size = static_cast<std::size_t>(size);
    }
}

bool DatagramShares::hasRead(Share &share, std::string_view address, TimePoint now)
{
    constexpr std::size_t kBefore = offsetof(sockaddr_un, sun_path);
    if (address.size() <= kBefore) {
        return true; // nothing can be sent to it
    }
    const bool isAsTold = share.wait > 0ms && share.messages == m_messages && share.taken == m_taken
        && now - share.asked < DatagramQueues::kBelieved;
    if (!isAsTold) { // or nobody at all has read anything
        share.asked = now;
        share.taken = m_taken;
        share.messages = m_messages;
        switch (m_queues.ask(address.substr(kBefore), now)) {
        case DatagramQueues::State::Unknown:
            return true;
        case DatagramQueues::State::Empty:
            share = {};
            return true;
        case DatagramQueues::State::NotYet:
            share.asked = {}; // so there is nothing to believe
            break;
        case DatagramQueues::State::Unread:
            break;
        }
    }
    share.wait = std::clamp(share.wait * 2, kFirstWait, kLongestWait);
    share.askAgain = now + share.wait;
    return false;
}

} // namespace tincan

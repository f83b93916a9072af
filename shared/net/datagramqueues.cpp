// SPDX-License-Identifier: MIT
#include "net/datagramqueues.h"

#include <algorithm>

#include "net/syscalls.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

// A name may go to another socket.
constexpr auto kBelieved = 1s;
// However many sockets there are, looking at all of them takes only this part of the time.
constexpr int kPart = 20;
constexpr Clock::duration kLeastPause = 10ms;

} // namespace

DatagramQueues::DatagramQueues(Syscalls &sys)
    : m_sys(sys)
{
}

DatagramQueues::State DatagramQueues::ask(std::string_view name, TimePoint now)
{
    const std::string key(name);
    const std::optional<std::uint64_t> inode = m_isOff ? 0 : inodeOf(key, now);
    if (!inode) {
        return m_isOff ? State::Unknown : State::Unread;
    }
    if (*inode == 0) {
        return State::Unknown;
    }
    const Result<KernelView> view = m_diag->askUnix(*inode);
    if (!view) {
        m_isOff = true;
        return State::Unknown;
    }
    if (view->presence == Presence::Gone) {
        m_inodes.erase(key);
        return State::Unread;
    }
    return view->receiveQueue > 0 ? State::Unread : State::Empty;
}

// Nothing: it is not known yet, and too early to look again.
std::optional<std::uint64_t> DatagramQueues::inodeOf(const std::string &name, TimePoint now)
{
    const auto known = m_inodes.find(name);
    const bool isBelieved = known != m_inodes.end() && now - m_forgotten < kBelieved;
    if (isBelieved) {
        return known->second;
    }
    if (now < m_mayLook || !look(now)) {
        return {};
    }
    return m_inodes.try_emplace(name, 0).first->second;
}

bool DatagramQueues::look(TimePoint now)
{
    const TimePoint begin = Clock::now();
    if (!m_diag) {
        if (Result<SockDiag> opened = SockDiag::open(m_sys)) {
            m_diag.emplace(std::move(*opened));
        }
    }
    const auto found = m_diag ? m_diag->dumpUnixDatagram() : fail(ENOTSUP, CallName::Socket, {});
    if (!found) {
        m_isOff = true;
        return false;
    }
    std::unordered_map<std::string, std::uint64_t> inodes;
    for (const SockDiag::NamedSocket &socket : *found) {
        const auto [at, isNew] = inodes.try_emplace(socket.name, socket.inode);
        at->second = isNew ? socket.inode : 0;
    }
    if (now - m_forgotten < kBelieved) { // those that are not to be found stay so, or each would have all looked at again
        for (const auto &[name, inode] : m_inodes) {
            inodes.try_emplace(name, 0);
        }
    } else {
        m_forgotten = now;
    }
    m_inodes.swap(inodes);
    m_mayLook = now + std::max(kLeastPause, kPart * (Clock::now() - begin));
    return true;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/datagramqueues.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "net/syscalls.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

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
    if (isOff(now)) {
        return State::Unknown;
    }
    const std::string key(name);
    const std::optional<std::uint64_t> inode = inodeOf(key, now);
    if (!inode) {
        return isOff(now) ? State::Unknown : State::NotYet;
    }
    if (*inode == 0) {
        return State::Unknown;
    }
    const Result<KernelView> view = m_diag->askUnix(*inode);
    if (!view) {
        turnOff(view.error(), now);
        return State::Unknown;
    }
    if (view->presence == Presence::Gone) {
        m_inodes.erase(key);
        return State::NotYet;
    }
    return view->receiveQueue > 0 ? State::Unread : State::Empty;
}

// Nothing: it is not known yet, and too early to look again.
std::optional<std::uint64_t> DatagramQueues::inodeOf(const std::string &name, TimePoint now)
{
    const auto known = m_inodes.find(name);
    // Longer where all of them are too many to be looked at so often: if it has gone to another, the old one is Gone.
    const bool isBelieved = now - m_forgotten < kBelieved || now < m_mayLook;
    if (known != m_inodes.end() && isBelieved) {
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
        Result<SockDiag> opened = SockDiag::open(m_sys);
        if (!opened) {
            turnOff(opened.error(), now);
            return false;
        }
        m_diag.emplace(std::move(*opened));
    }
    const auto found = m_diag->dumpUnixDatagram();
    if (!found) {
        turnOff(found.error(), now);
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

// For good where the kernel does not tell at all; for a while where there was no memory or descriptor.
void DatagramQueues::turnOff(const Error &error, TimePoint now)
{
    constexpr std::array kPassing{EMFILE, ENFILE, ENOMEM, ENOBUFS, EAGAIN, EINTR};
    const bool isPassing = std::find(kPassing.begin(), kPassing.end(), error.code) != kPassing.end();
    m_offUntil = isPassing ? now + kBelieved : TimePoint::max();
    m_diag.reset(); // it may have half an answer
}

} // namespace tincan

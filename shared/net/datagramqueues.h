// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "net/sockdiag.h"

namespace tincan {

// Whether Unix datagram sockets, known by their names, have read all that was sent to them, as sock_diag(7) tells: some
// microseconds a question. Which socket has which name is found by looking at all of this network namespace, once a second
// while there are questions, and for names that are new, but for no more than a twentieth of the time. Loop thread only.
//
// Of a queue the kernel tells how long its first message is, and no more (unix_inq_len() in net/unix/af_unix.c). So one that
// begins with an empty message looks empty.
class DatagramQueues
{
public:
    // So long an answer holds: a name may go to another socket.
    static constexpr std::chrono::seconds kBelieved{1};

    // Unknown: the kernel does not tell, or there is no such socket here, or several have the name. NotYet: nobody was asked, as
    // it is too early to look which socket has the name; to be asked again.
    enum class State : std::uint8_t { Unknown, NotYet, Empty, Unread };

    explicit DatagramQueues(Syscalls &sys);

    // `name`: as it stands in sun_path.
    State ask(std::string_view name, TimePoint now);
    // It has turned out that the kernel does not tell.
    bool isOff(TimePoint now) const noexcept { return now < m_offUntil; }

private:
    std::optional<std::uint64_t> inodeOf(const std::string &name, TimePoint now);
    bool look(TimePoint now);
    void turnOff(const Error &error, TimePoint now);

    Syscalls &m_sys;
    std::optional<SockDiag> m_diag;
    std::unordered_map<std::string, std::uint64_t> m_inodes; // 0: it is not known which socket has the name
    TimePoint m_forgotten{};                                 // when m_inodes was made anew
    TimePoint m_mayLook{};                                   // not before
    TimePoint m_offUntil{};
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

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
// while there are questions. Loop thread only.
//
// Of a queue the kernel tells how long its first message is, and no more (unix_inq_len() in net/unix/af_unix.c). So one that
// begins with an empty message looks empty.
class DatagramQueues
{
public:
    // Unknown: the kernel does not tell, or there is no such socket here, or several have the name.
    enum class State : std::uint8_t { Unknown, Empty, Unread };

    explicit DatagramQueues(Syscalls &sys);

    // `name`: as it stands in sun_path. Unread also of one that was not to be found yet: to be asked again.
    State ask(std::string_view name, TimePoint now);
    // It has turned out that the kernel does not tell.
    bool isOff() const noexcept { return m_isOff; }

private:
    std::optional<std::uint64_t> inodeOf(const std::string &name, TimePoint now);
    bool look(TimePoint now);

    Syscalls &m_sys;
    std::optional<SockDiag> m_diag;
    std::unordered_map<std::string, std::uint64_t> m_inodes; // 0: it is not known which socket has the name
    TimePoint m_forgotten{};                                 // when m_inodes was made anew
    TimePoint m_mayLook{};                                   // not before
    bool m_isOff = false;
};

} // namespace tincan

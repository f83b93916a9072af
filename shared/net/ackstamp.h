// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <sys/uio.h>

#include "base/clock.h"
#include "base/record.h"
#include "net/syscalls.h"

namespace tincan {

// The kernel's own word on when a message of one connection was acknowledged: SO_TIMESTAMPING with TX_ACK, asked for message by
// message (socket(7), Documentation/networking/timestamping.rst). One at a time, and not more often than some hundred times a
// second: each answer costs a wake-up. Loop thread only.
//
// The answers come in the socket's error queue, for which epoll says EPOLLERR: read() must be called then.
class AckStamp
{
public:
    void setWanted(bool wanted) noexcept { m_wanted = wanted; }

    // Whether the next message should be sent with send(). `handed`: bytes that the kernel has taken so far. Switches it on for
    // the socket when all of those are acknowledged, as the kernel counts from there.
    bool isDue(Syscalls &sys, int fd, std::uint64_t handed, TimePoint now);

    // sendmsg(2), with the question. Result and errno as of the call.
    ssize_t send(Syscalls &sys, int fd, std::span<const iovec> vectors, int flags);

    // Empties the error queue. False where nothing stood in it. The answer, where there is one, is then in `stamp`.
    bool read(Syscalls &sys, int fd, std::optional<AcknowledgedInfo> &stamp);

private:
    enum class Mode : std::uint8_t { Off, On, Impossible };
    bool switchOn(Syscalls &sys, int fd, std::uint64_t handed);
    std::optional<AcknowledgedInfo> answered(const msghdr &message);

    std::uint64_t m_base = 0;   // bytes that had been handed over when it was switched on
    std::uint64_t m_asked = 0;  // … when the message that is asked about was whole
    std::uint64_t m_before = 0; // … before it
    std::int64_t m_sentAt = 0;  // wall clock ns
    TimePoint m_askedAt{};
    Mode m_mode = Mode::Off;
    bool m_wanted = false;
    bool m_isOpen = false; // a question without an answer
};

} // namespace tincan

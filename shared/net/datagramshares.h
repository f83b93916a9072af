// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/datagramqueues.h"

namespace tincan {

// How much of the one send buffer of a Unix datagram socket each of its peers may fill. Linux counts a message there until it is
// read, and does not bound the queue of a receiver that is connect(2)ed to us (unix_dgram_sendmsg()): without this, one that does
// not read is enough, and nobody is sent anything. Loop thread only.
//
// While no more than half of the buffer is taken, nobody is asked for anything: that costs an ioctl(2) each time half of it has
// been sent. Beyond, who may have more of it unread than a quarter of what is left until three quarters are taken has to wait
// until it has read all; so at last each has one message unread. The last quarter is for the first message of those who come new.
// Where the kernel does not tell who has read (see DatagramQueues), nobody waits, until the buffer is full.
class DatagramShares
{
public:
    // What is kept of each peer.
    struct Share {
        std::size_t unread = 0; // at most so much of the buffer, about
        TimePoint askAgain{};   // it had not read all: not before
        std::chrono::milliseconds wait{0};
        // Of the last question:
        TimePoint asked{};
        std::size_t taken = 0;
        std::uint64_t messages = 0;
    };

    DatagramShares(Syscalls &sys, int fd);

    // Whether a message of so many bytes may go to the peer now. Then it is to be handed to the kernel, perhaps with others.
    // A no is final only where none of these is yet to be handed.
    // `address`: the peer's sockaddr_un.
    bool mayTake(Share &share, std::string_view address, std::size_t size, TimePoint now);
    // All that might be taken has been handed to the kernel.
    void handed() noexcept { m_isPending = false; }

private:
    bool fits(const Share &share, std::size_t cost) const noexcept;
    void measure();
    bool hasRead(Share &share, std::string_view address, TimePoint now);

    Syscalls &m_sys;
    DatagramQueues m_queues;
    int m_fd;
    std::size_t m_size = 0;       // SO_SNDBUF
    std::size_t m_taken = 0;      // of it: what it was when it was measured, and what might be taken since
    std::uint64_t m_messages = 0; // that might be taken, ever
    bool m_isPending = false;     // not all that might be taken has been handed to the kernel
};

} // namespace tincan

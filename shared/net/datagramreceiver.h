// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <sys/socket.h>

#include "base/record.h"
#include "base/transport.h"

namespace tincan {

class Outbox;
class Syscalls;

// One datagram. Valid until the next receive().
struct Datagram {
    const std::byte *data = nullptr;
    bool isInChunk = true; // the one of the outbox that was open when it was received, and committed; otherwise to be copied
    std::uint32_t size = 0;
    std::uint32_t whole = 0;        // bytes that it had: more than `size` where it was cut (MSG_TRUNC)
    std::string_view source;        // the sockaddr that it came from; empty: it has none
    const msghdr *header = nullptr; // for readAncillary()
};

// What came beside a datagram (ip(7), ipv6(7), unix(7), socket(7)).
struct Ancillary {
    std::optional<std::uint32_t> dropped; // SO_RXQ_OVFL: by the kernel, since the socket was made. Wraps around
    Endpoint local;                       // the address of ours that it came to; port 0. Empty: not told, or a group's
    Credentials process;                  // SCM_CREDENTIALS; without program and user
};
Ancillary readAncillary(const msghdr &header);

// Receives many datagrams by one recvmmsg(2), straight into the open chunk of the outbox: each into a slot of its own, with room
// elsewhere for what is longer (then the slots grow). Small ones are moved together, so that not most of a chunk is air. What one
// loop's sockets share. Loop thread only.
class DatagramReceiver
{
public:
    static constexpr std::size_t kMost = 64;
    static constexpr int kFlags = MSG_DONTWAIT | MSG_TRUNC;

    // What was there, at most kMost. Nothing: `error` is errno (EAGAIN …).
    // `nanoseconds`: where it is wanted, how long the call took.
    std::span<const Datagram> receive(Syscalls &sys, int fd, Transport transport, Outbox &outbox, int &error,
                                      std::int32_t *nanoseconds = nullptr);
    // How many the last receive() asked for.
    std::size_t asked() const noexcept { return m_asked; }
    // Whether the last receive() came back with all that it asked for: there may be more.
    bool wasFull() const noexcept { return m_got == m_asked; }

private:
    static constexpr std::size_t kSmallestSlot = 512;
    static constexpr std::size_t kAncillary = 192;

    void prepare(std::span<std::byte> room, Transport transport);
    void note(std::size_t at);
    void moveTogether(Outbox &outbox);
    void putTogether(Outbox &outbox);
    void adapt(std::size_t largest);

    std::array<mmsghdr, kMost> m_headers{};
    std::array<std::array<iovec, 2>, kMost> m_vectors{};
    std::array<sockaddr_storage, kMost> m_sources{};
    struct alignas(cmsghdr) Ancillaries {
        std::array<std::byte, kAncillary> bytes;
    };
    std::array<Ancillaries, kMost> m_ancillary{};
    std::array<Datagram, kMost> m_datagrams{};
    std::unique_ptr<std::byte[]>
        m_overflow; // NOLINT(modernize-avoid-c-arrays): untouched until something is longer than its slot
    std::byte *m_begin = nullptr;
    std::size_t m_slot = 2048;
    std::size_t m_asked = 0;
    std::size_t m_got = 0;
    std::size_t m_largest = 0; // of the last some calls
    unsigned m_calls = 0;      // since the slots were looked at
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/record.h"
#include "base/socketoptions.h"
#include "base/transport.h"

namespace tincan {

class Syscalls;
class TracedCalls;

// The options of one socket: what was asked for, and what the kernel makes of it (socket(7), tcp(7), ip(7), ipv6(7)). A copy goes
// along with what is accepted, for the kernel hands the options down as well; copies share their memory until one is changed. The
// loop thread of the socket.
//
// `family` is that of the socket (SO_DOMAIN), AF_INET6 of dual-stack ones too. Those get an option of IP by both names.
// `listens`: it is a listening socket, or a bound datagram socket. What the socket cannot have is passed over without a word.
class OptionStore
{
public:
    // Those of `values` that are to be set at the time `when`; each a setsockopt(2) in the call log. One that is refused is
    // remembered with its errno, and what it was for goes on. Only where bind(2) would then mean something else than was asked
    // for (SO_REUSEADDR, SO_REUSEPORT, IPV6_V6ONLY) the errno is returned, and the socket should not be used; otherwise 0.
    int apply(TracedCalls &calls, int fd, Transport transport, int family, bool listens, const OptionValues &values,
              OptionTime when, PeerId peer = kNoPeer);
    // One, at any time. errno of setsockopt(2), 0 where it was set; ENOPROTOOPT of an option that the socket cannot have.
    int set(TracedCalls &calls, int fd, Transport transport, int family, bool listens, const OptionValue &value,
            PeerId peer = kNoPeer);
    // All that such a socket has, as the kernel tells it now. Leaves nothing in the call log.
    std::vector<OptionState> read(Syscalls &sys, int fd, Transport transport, int family, bool listens) const;

    // AF_INET …, by SO_DOMAIN; AF_UNSPEC where it cannot be asked for. Leaves nothing in the call log.
    static int familyOf(Syscalls &sys, int fd);

    // What was asked for, and what the kernel said to it; for a socket that is handed to another process.
    struct Asked {
        OptionValue value;
        int error = 0;
    };
    std::span<const Asked> asked() const { return m_asked ? std::span<const Asked>(*m_asked) : std::span<const Asked>(); }
    void remember(const OptionValue &value, int error);

private:
    const Asked *find(SocketOption option) const;

    std::shared_ptr<const std::vector<Asked>> m_asked; // nullptr: nothing was
};

// That it was set, as it is recorded.
NoteInfo optionNote(const OptionValue &value);

// `values`, and those of `defaults` of which they say nothing.
OptionValues withDefaults(const OptionValues &values, OptionValues defaults);

} // namespace tincan

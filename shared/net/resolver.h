// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/ids.h"
#include "base/result.h"

namespace tincan {

class TracedCalls;

// Looks names up off the loop. getaddrinfo(3) cannot be cancelled, so each runs in a thread of its own that shares nothing with
// us but what it needs; one whose answer is no longer wanted ends by itself.
class Resolver
{
public:
    using Answer = Result<std::vector<Endpoint>>; // Error: the EAI_ value, GetAddrInfo, the name
    // The way back to the loop thread, for as long as there is one. Any thread.
    class Gate
    {
    public:
        explicit Gate(std::function<void(std::function<void()>)> post)
            : m_post(std::move(post))
        {
        }
        void post(std::function<void()> task);
        void close(); // waits for a post() under way; those after it do nothing

    private:
        std::mutex m_mutex;
        std::function<void(std::function<void()>)> m_post; // guarded by m_mutex
    };
    using Done = std::function<void(const Answer &answer)>;
    // Held by whoever waits; when it is gone, the answer is not delivered.
    using Token = std::shared_ptr<void>;

    // Loop thread. The answer comes through `gate`; that of an address in numbers at once, in the call. Where getaddrinfo(3) was
    // called for it, that stands in the call log of `peer`, with the time it took in its thread. `calls` outlives the token.
    static Token lookUp(TracedCalls &calls, PeerId peer, const std::string &host, std::uint16_t port, std::shared_ptr<Gate> gate,
                        const Done &done);
};

// The order of RFC 8305 §4: as the resolver gave them (RFC 6724), families taken in turn. Any thread.
std::vector<Endpoint> interleaved(const std::vector<Endpoint> &addresses);

} // namespace tincan

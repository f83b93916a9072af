// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"

namespace tincan {

// Looks names up off the loop. getaddrinfo(3) cannot be cancelled, so each runs in a thread of its own that shares nothing with
// us but what it needs; one whose answer is no longer wanted ends by itself.
class Resolver
{
public:
    using Answer = Result<std::vector<Endpoint>>; // Error: the EAI_ value, GetAddrInfo, the name
    using Post = std::function<void(std::function<void()>)>;
    // Held by whoever waits; when it is gone, the answer is not delivered.
    using Token = std::shared_ptr<void>;

    // Loop thread. `post` brings a task to the loop thread and must be callable as long as the answer may come: it is
    // called only while `alive` can be locked. An address in numbers is answered at once, in the call.
    static Token lookUp(const std::string &host, std::uint16_t port, std::weak_ptr<Post> post,
                        std::function<void(Answer)> answer);
};

// The order of RFC 8305 §4: as the resolver gave them (RFC 6724), families taken in turn. Any thread.
std::vector<Endpoint> interleaved(const std::vector<Endpoint> &addresses);

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include <algorithm>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>

#include "net/tracedcalls.h"

namespace tincan {

namespace {

Resolver::Answer ask(const std::string &host, std::uint16_t port, std::int32_t &took)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    const TimePoint begin = Clock::now();
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    took = std::max(nanosecondsSince(begin), 1);
    if (error != 0) {
        return fail(error, CallName::GetAddrInfo, host);
    }
    std::vector<Endpoint> addresses;
    for (const addrinfo *entry = list; entry; entry = entry->ai_next) {
        Endpoint endpoint = Endpoint::fromSockaddr(entry->ai_addr, entry->ai_addrlen);
        endpoint.setPort(port);
        if (endpoint.isIp() && std::find(addresses.begin(), addresses.end(), endpoint) == addresses.end()) {
            addresses.push_back(std::move(endpoint));
        }
    }
    ::freeaddrinfo(list);
    if (addresses.empty()) {
        return fail(EAI_NONAME, CallName::GetAddrInfo, host);
    }
    return interleaved(addresses);
}

} // namespace

void Resolver::Gate::post(std::function<void()> task)
{
    const std::lock_guard lock(m_mutex);
    if (m_post) {
        m_post(std::move(task));
    }
}

void Resolver::Gate::close()
{
    const std::lock_guard lock(m_mutex);
    m_post = nullptr;
}

Resolver::Token Resolver::lookUp(TracedCalls &calls, PeerId peer, const std::string &host, std::uint16_t port,
                                 std::shared_ptr<Gate> gate, const Done &done)
{
    auto token = std::make_shared<int>(0);
    if (const Result<Endpoint> numeric = Endpoint::fromAddress(host, port)) {
        done(std::vector<Endpoint>{*numeric});
        return token;
    }
    const std::weak_ptr<int> wanted = token;
    try {
        std::thread([&calls, peer, host, port, gate = std::move(gate), done, wanted] {
            std::int32_t took = 0;
            const Answer found = ask(host, port, took);
            gate->post([&calls, peer, host, done, wanted, found, took] {
                if (!wanted.expired()) {
                    calls.noteLookUp(host, found ? 0 : found.error().code, took, peer);
                    done(found);
                }
            });
        }).detach();
    } catch (const std::system_error &) { // no more threads
        done(fail(EAI_AGAIN, CallName::GetAddrInfo, host));
    }
    return token;
}

std::vector<Endpoint> interleaved(const std::vector<Endpoint> &addresses)
{
    std::vector<Endpoint> first;
    std::vector<Endpoint> second;
    for (const Endpoint &address : addresses) {
        (address.family() == addresses.front().family() ? first : second).push_back(address);
    }
    std::vector<Endpoint> mixed;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) {
            mixed.push_back(first[i]);
        }
        if (i < second.size()) {
            mixed.push_back(second[i]);
        }
    }
    return mixed;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/record.h"
#include "net/context.h"
#include "net/optionstore.h"
#include "net/resolver.h"
#include "net/unixpath.h"

namespace tincan {

// One connection being made: the name is looked up, then its addresses are tried, a quarter of a second apart or as soon as one
// has failed, until the first succeeds (RFC 8305 §5). Loop thread only. Nothing is called after cancel() or destruction.
class Connector
{
public:
    struct Outcome {
        int fd = -1; // ≥ 0: connected, and the taker's own from now on
        PeerInfo info;
        OptionStore options;
        std::shared_ptr<UnixPath> path; // of Unix sockets: that our end has a name at
        FailureInfo failure;
    };

    Connector(NetContext &context, PeerId peer, ConnectOptions options, std::shared_ptr<Resolver::Gate> gate,
              std::function<void(Outcome)> done);
    Connector(const Connector &) = delete;
    Connector &operator=(const Connector &) = delete;
    ~Connector();

    // Records Connecting and begins. `done` is called once, never within the call.
    void start();
    // → done with FailureCause::Cancelled
    void cancel();

private:
    struct Try final : EventHandler {
        Try(Connector &owner, int descriptor, Endpoint address)
            : connector(owner)
            , fd(descriptor)
            , endpoint(std::move(address))
        {
        }
        void onEvents(std::uint32_t /*events*/) override { connector.settled(*this); }
        Connector &connector;
        int fd;
        Endpoint endpoint;
        Endpoint local; // of TCP
        OptionStore options;
        std::shared_ptr<UnixPath> path;
        std::chrono::milliseconds wait{0}; // of the accept queue, until it is tried again
        EventLoop::TimerId timer = 0;
    };

    void resolved(const Resolver::Answer &answer);
    void tryNext();
    void begin(const Endpoint &endpoint);
    Error prepare(Try &attempt);
    Error bindLocal(Try &attempt);
    void connect(Try &attempt);
    void waitForQueue(Try &attempt);
    void watch(Try &attempt);
    void failed(Try &attempt, Error error);
    void settled(Try &attempt);
    void attemptFailed(const Endpoint &endpoint, Error error);
    void succeeded(Try &attempt);
    void give(FailureCause cause, Error error);
    void later(Outcome outcome);
    void drop(Try &attempt, bool closing);
    void stopAll();

    NetContext &m_context;
    ConnectOptions m_options;
    std::shared_ptr<Resolver::Gate> m_gate;
    std::function<void(Outcome)> m_done;
    Resolver::Token m_token;
    std::vector<Endpoint> m_addresses;
    std::size_t m_next = 0;
    std::vector<std::unique_ptr<Try>> m_tries;
    std::vector<std::unique_ptr<Try>> m_over; // kept until we go: events of this turn may still come
    std::vector<Attempt> m_failed;
    PortOwner m_owner; // of the local address that was taken
    EventLoop::TimerId m_stagger = 0;
    EventLoop::TimerId m_limit = 0;
    EventLoop::TimerId m_tell = 0;
    PeerId m_peer;
    bool m_finished = false;
};

} // namespace tincan

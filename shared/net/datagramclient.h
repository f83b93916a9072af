// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/record.h"
#include "net/context.h"
#include "net/datagramport.h"
#include "net/resolver.h"

namespace tincan {

// A datagram socket being made, that something is to be sent from: the name is looked up, and the first of its addresses for
// which a socket can be had is taken. Nothing goes over the wire, so nobody need be there. Loop thread only. Nothing is called
// after destruction.
class DatagramClient
{
public:
    struct Outcome {
        PeerInfo info;
        FailureInfo failure;
    };
    // The socket is the taker's own from now on; its fd is -1 where it failed.
    using Done = std::function<void(const Outcome &, DatagramPort::Socket)>;

    DatagramClient(NetContext &context, PeerId peer, ConnectOptions options, std::shared_ptr<Resolver::Gate> gate, Done done);
    DatagramClient(const DatagramClient &) = delete;
    DatagramClient &operator=(const DatagramClient &) = delete;
    ~DatagramClient();

    // Records Connecting and begins. `done` is called once, never within the call.
    void start();
    // → done with FailureCause::Cancelled
    void cancel();

private:
    void resolved(const Resolver::Answer &answer);
    bool open(const Endpoint &remote);
    Error configure(const Endpoint &remote);
    Error name(const Endpoint &remote);
    void dropSocket();
    void give(FailureCause cause, Error error);
    void later(Outcome outcome);

    NetContext &m_context;
    ConnectOptions m_options;
    std::shared_ptr<Resolver::Gate> m_gate;
    Done m_done;
    Resolver::Token m_token;
    std::vector<Attempt> m_failed;
    EventLoop::TimerId m_limit = 0;
    EventLoop::TimerId m_tell = 0;
    DatagramPort::Socket m_socket; // until m_done has it
    PeerId m_peer;
    bool m_finished = false;
};

} // namespace tincan

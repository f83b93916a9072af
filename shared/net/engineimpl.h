// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "net/connector.h"
#include "net/datagramclient.h"
#include "net/engine.h"
#include "net/listener.h"
#include "net/peerhost.h"
#include "net/placement.h"

namespace tincan {

// What an engine consists of: its loop, the sockets that it has opened, and who serves its peers. For the files of net/engine.h
// only. The loop thread, but for the atomics and what is posted.
class Engine::Impl
{
public:
    Impl(Syscalls &syscalls, BatchSink &batchSink);
    ~Impl();
    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    Link *find(PeerId peer) const { return host.find(peer); }
    std::size_t peers() const { return host.size() + placement.size(); } // wherever they are served
    PeerId nextPeer() { return lastPeer.fetch_add(1, std::memory_order_relaxed) + 1; }
    void perform(Command command); // where the peer is served

    // ---- enginelisteners.cpp
    ListenSocket *findListener(ListenerId listener) const;
    std::size_t peersOf(ListenerId listener) const;
    std::unique_ptr<ListenSocket> makeListener(ListenerId id, const ListenOptions &options);
    bool close(ListenerId listener); // false where there is none
    void stop(ListenerId listener);
    void gone(ListenerId listener); // one of its peers
    void sayStopped(ListenerId listener);

    // ---- engineconnects.cpp
    void admit(PeerId peer, int fd, PeerInfo info, OptionStore options, std::shared_ptr<UnixPath> path);
    void connected(PeerId peer, const Connector::Outcome &outcome);
    void datagramsOpened(PeerId peer, const DatagramClient::Outcome &outcome, DatagramPort::Socket socket);
    DatagramPort::Owner datagramOwner();

    void lookWhoWaits();
    void sayRecorderIsBehind(bool paused);
    void disconnectAll();
    void stopAll();
    void endIfEmpty();
    TimePoint turnEnd();
    void end();

    BatchSink &sink;
    EventLoop loop;
    PeerHost host;
    Placement placement;
    std::map<ListenerId, std::unique_ptr<ListenSocket>> listeners;
    std::unordered_map<PeerId, std::unique_ptr<Connector>> connectors;
    std::unordered_map<ListenerId, std::size_t> counts; // of peers, by the listener that they came to
    std::unordered_map<ListenerId, bool> stopping;      // Stopped is to be said when all of its peers have gone
    std::vector<std::unique_ptr<Connector>> deadConnectors;
    DatagramReceiver datagramReceiver; // of all datagram sockets
    std::unordered_map<PeerId, std::unique_ptr<DatagramClient>> datagramClients;
    std::vector<std::unique_ptr<DatagramClient>> deadDatagramClients;
    std::vector<std::unique_ptr<ListenSocket>> deadListeners;
    std::shared_ptr<Resolver::Gate> resolverGate
        = std::make_shared<Resolver::Gate>([this](std::function<void()> task) { loop.post(std::move(task)); });
    EventLoop::TimerId calmTimer = 0;
    bool pauseSaid = false;
    bool recorderIsBehind = false;
    std::atomic<PeerId> lastPeer = kNoPeer;
    std::atomic<ListenerId> lastListener = kNoListener;
    std::atomic<int> quits = 0;
    bool quitting = false;
};

} // namespace tincan

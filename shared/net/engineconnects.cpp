// SPDX-License-Identifier: MIT
// Of net/engine.h: connections and datagram sockets that we open.
#include <utility>

#include "net/engineimpl.h"
#include "net/unixconnection.h"

namespace tincan {

void Engine::Impl::admit(PeerId peer, int fd, PeerInfo info, OptionStore options, std::shared_ptr<UnixPath> path)
{
    ++counts[info.listener];
    host.admit(makeConnection(host.context(), peer, fd, std::move(info), std::move(options), std::move(path)));
}

void Engine::Impl::connected(PeerId peer, const Connector::Outcome &outcome)
{
    if (const auto found = connectors.find(peer); found != connectors.end()) {
        deadConnectors.push_back(std::move(found->second));
        connectors.erase(found);
    }
    if (outcome.fd < 0) {
        host.outbox().add(RecordKind::ConnectFailed, peer, outcome.failure);
    } else {
        admit(peer, outcome.fd, outcome.info, outcome.options, outcome.path);
        if (Link *link = quitting ? find(peer) : nullptr) { // it succeeded in the turn in which all were cancelled
            link->disconnect();
        }
    }
    endIfEmpty();
}

DatagramPort::Owner Engine::Impl::datagramOwner()
{
    return {[this] {
                const std::size_t most = host.context().limits.maxPeers;
                return most == 0 || peers() < most;
            },
            [this] { return nextPeer(); },
            [this](std::unique_ptr<Link> link) {
                ++counts[link->listener()];
                host.admit(std::move(link));
            }};
}

void Engine::Impl::datagramsOpened(PeerId peer, const DatagramClient::Outcome &outcome, DatagramPort::Socket socket)
{
    if (const auto found = datagramClients.find(peer); found != datagramClients.end()) {
        deadDatagramClients.push_back(std::move(found->second));
        datagramClients.erase(found);
    }
    if (socket.fd < 0) {
        host.outbox().add(RecordKind::ConnectFailed, peer, outcome.failure);
    } else {
        const auto port = std::make_shared<DatagramPort>(host.context(), datagramReceiver, std::move(socket), datagramOwner());
        port->addOwn(peer, outcome.info);
        if (Link *link = quitting ? find(peer) : nullptr) {
            link->disconnect();
        }
    }
    endIfEmpty();
}

void Engine::connectTo(PeerId peer, const ConnectOptions &options)
{
    if (isDatagram(options.transport)) {
        auto &client = m->datagramClients[peer];
        client
            = std::make_unique<DatagramClient>(m->host.context(), peer, options, m->resolverGate,
                                               [this, peer](const DatagramClient::Outcome &outcome, DatagramPort::Socket socket) {
                                                   m->datagramsOpened(peer, outcome, std::move(socket));
                                               });
        client->start();
        if (m->quitting) {
            client->cancel();
        }
        return;
    }
    auto &connector = m->connectors[peer];
    connector = std::make_unique<Connector>(m->host.context(), peer, options, m->resolverGate,
                                            [this, peer](const Connector::Outcome &outcome) { m->connected(peer, outcome); });
    connector->start();
    if (m->quitting) {
        connector->cancel();
    }
}

void Engine::cancelConnect(PeerId peer)
{
    if (const auto found = m->connectors.find(peer); found != m->connectors.end()) {
        found->second->cancel();
    }
    if (const auto found = m->datagramClients.find(peer); found != m->datagramClients.end()) {
        found->second->cancel();
    }
}

} // namespace tincan

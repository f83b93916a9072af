// SPDX-License-Identifier: MIT
// Of net/engine.h: the listening sockets, and when the last peer of one has gone.
#include <utility>

#include "net/datagramlistener.h"
#include "net/engineimpl.h"
#include "net/unixconnection.h"

namespace tincan {

ListenSocket *Engine::Impl::findListener(ListenerId listener) const
{
    const auto found = listeners.find(listener);
    return found == listeners.end() ? nullptr : found->second.get();
}

std::size_t Engine::Impl::peersOf(ListenerId listener) const
{
    const auto found = counts.find(listener);
    return found == counts.end() ? 0 : found->second;
}

void Engine::Impl::gone(ListenerId listener)
{
    if (const auto found = counts.find(listener); found != counts.end() && --found->second == 0) {
        counts.erase(found);
        sayStopped(listener);
    }
    for (const auto &[id, open] : listeners) {
        open->resume();
    }
    endIfEmpty();
}

// Of a listener that was stopped: its last peer has gone.
void Engine::Impl::sayStopped(ListenerId listener)
{
    if (stopping.contains(listener) && peersOf(listener) == 0) {
        stopping.erase(listener);
        host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{listener});
    }
}

std::unique_ptr<ListenSocket> Engine::Impl::makeListener(ListenerId id, const ListenOptions &options)
{
    if (isDatagram(options.transport)) {
        return std::make_unique<DatagramListener>(host.context(), datagramReceiver, id, datagramOwner());
    }
    Listener::Owner owner;
    owner.hasRoom = [this, id, isOne = options.serving == Serving::OneAtATime] {
        if (isOne && peersOf(id) > 0) {
            return Listener::Room::OneAtATime;
        }
        const std::size_t most = host.context().limits.maxPeers;
        return most == 0 || peers() < most ? Listener::Room::Free : Listener::Room::Limited;
    };
    owner.nextPeer = [this] { return nextPeer(); };
    owner.accepted = [this, options](Listener::Accepted peer) {
        ++counts[peer.info.listener];
        if (!placement.place(options, peer)) {
            host.admit(makeConnection(host.context(), peer.peer, peer.fd, std::move(peer.info), std::move(peer.options)));
        }
    };
    return std::make_unique<Listener>(host.context(), id, std::move(owner));
}

bool Engine::Impl::close(ListenerId listener)
{
    const auto found = listeners.find(listener);
    if (found == listeners.end()) {
        return false;
    }
    found->second->close();
    deadListeners.push_back(std::move(found->second));
    listeners.erase(found);
    return true;
}

void Engine::Impl::stop(ListenerId listener)
{
    if (close(listener)) {
        stopping[listener] = true;
        host.forEach([listener](Link &link) {
            if (link.listener() == listener) {
                link.disconnect();
            }
        });
        placement.disconnect(listener);
        sayStopped(listener);
    }
}

void Engine::listen(ListenerId listener, const ListenOptions &options)
{
    std::unique_ptr<ListenSocket> socket = m->makeListener(listener, options);
    if (socket->open(options)) {
        socket->setPaused(m->recorderIsBehind);
        m->listeners[listener] = std::move(socket);
    }
}

ListenerId Engine::listen(const ListenOptions &options)
{
    const ListenerId listener = reserveListener();
    listen(listener, options);
    return listener;
}

void Engine::stopListening(ListenerId listener)
{
    if (m->close(listener)) {
        m->host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{listener});
    }
}

void Engine::stop(ListenerId listener)
{
    m->stop(listener);
}

void Engine::pauseAccepting(ListenerId listener, bool paused)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setAcceptingPaused(paused);
    }
}

void Engine::joinGroup(ListenerId listener, const MulticastGroup &group)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setMember(group, true);
    }
}

void Engine::leaveGroup(ListenerId listener, const MulticastGroup &group)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setMember(group, false);
    }
}

void Engine::readListenerOptions(ListenerId listener, const OptionsTold &told)
{
    const ListenSocket *socket = m->findListener(listener);
    told(socket ? socket->readOptions() : std::vector<OptionState>{});
}

void Engine::setListenerOption(ListenerId listener, const OptionValue &value)
{
    ListenSocket *socket = m->findListener(listener);
    if (socket && socket->setOption(value)) {
        m->host.outbox().add(RecordKind::Note, kNoPeer, optionNote(value));
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// Of net/engine.h: what is asked of peers, wherever they are served.
#include <utility>

#include "net/engineimpl.h"

namespace tincan {

void Engine::Impl::perform(Command command)
{
    if (!placement.has(command.peer)) {
        execute(host, command);
    } else {
        placement.command(std::move(command));
    }
}

void Engine::note(PeerId peer, const NoteInfo &note)
{
    m->perform({.kind = Command::Kind::Note, .peer = peer, .note = note});
}

void Engine::send(PeerId peer, std::span<const std::byte> bytes)
{
    if (m->placement.has(peer)) {
        m->placement.command({.kind = Command::Kind::Send, .peer = peer, .bytes = {bytes.begin(), bytes.end()}});
    } else if (Link *link = m->find(peer)) {
        link->send(bytes);
    } else {
        Room::refuse(m->host.outbox(), peer, bytes, {RefusedReason::NotConnected, 0});
    }
}

void Engine::sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes)
{
    const std::vector<PeerId> here = m->placement.sendToMany(peers, bytes);
    if (!here.empty()) {
        execute(m->host, {.kind = Command::Kind::SendToSome, .bytes = {bytes.begin(), bytes.end()}, .peers = here});
    }
}

void Engine::sendToAll(std::span<const std::byte> bytes)
{
    m->host.room().sendToAll(bytes);
}

void Engine::finishSending(PeerId peer)
{
    m->perform({.kind = Command::Kind::FinishSending, .peer = peer});
}

void Engine::disconnect(PeerId peer)
{
    m->perform({.kind = Command::Kind::Disconnect, .peer = peer});
}

void Engine::reset(PeerId peer)
{
    m->perform({.kind = Command::Kind::Reset, .peer = peer});
}

void Engine::endReceiving(PeerId peer)
{
    m->perform({.kind = Command::Kind::EndReceiving, .peer = peer});
}

void Engine::shutdownBoth(PeerId peer)
{
    m->perform({.kind = Command::Kind::ShutdownBoth, .peer = peer});
}

void Engine::stopReading(PeerId peer, bool stopped)
{
    m->perform({.kind = Command::Kind::StopReading, .peer = peer, .on = stopped});
}

void Engine::setFaults(PeerId peer, const Faults &faults)
{
    m->perform({.kind = Command::Kind::SetFaults, .peer = peer, .faults = faults});
}

void Engine::readOptions(PeerId peer, OptionsTold told)
{
    m->perform({.kind = Command::Kind::ReadOptions, .peer = peer, .optionsTold = std::move(told)});
}

void Engine::setOption(PeerId peer, const OptionValue &value)
{
    m->perform({.kind = Command::Kind::SetOption, .peer = peer, .option = value});
}

std::size_t Engine::queued(PeerId peer) const
{
    const Link *link = m->find(peer);
    return link ? link->queued() : m->placement.queued(peer);
}

void Engine::onDrained(PeerId peer, std::function<void()> drained)
{
    m->perform({.kind = Command::Kind::OnDrained, .peer = peer, .drained = std::move(drained)});
}

} // namespace tincan

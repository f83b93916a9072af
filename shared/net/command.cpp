// SPDX-License-Identifier: MIT
#include "net/command.h"

#include "net/peerhost.h"

namespace tincan {

namespace {

void send(PeerHost &host, PeerId peer, std::span<const std::byte> bytes)
{
    if (Link *link = host.find(peer)) {
        link->send(bytes);
    } else {
        Room::refuse(host.outbox(), peer, bytes, {RefusedReason::NotConnected, 0});
    }
}

void sendToSome(PeerHost &host, std::span<const PeerId> peers, std::span<const std::byte> bytes)
{
    std::vector<Link *> receivers;
    for (const PeerId peer : peers) {
        if (Link *link = host.find(peer)) {
            receivers.push_back(link);
        } else {
            Room::refuse(host.outbox(), peer, bytes, {RefusedReason::NotConnected, 0});
        }
    }
    host.room().sendToSome(receivers, bytes);
}

void executeOn(Link &link, const Command &command)
{
    switch (command.kind) {
    case Command::Kind::FinishSending:
        link.finishSending();
        break;
    case Command::Kind::Disconnect:
        link.disconnect();
        break;
    case Command::Kind::Reset:
        link.reset();
        break;
    case Command::Kind::Abort:
        link.abort();
        break;
    case Command::Kind::EndReceiving:
        link.endReceiving();
        break;
    case Command::Kind::ShutdownBoth:
        link.shutdownBoth();
        break;
    case Command::Kind::SetOption:
        link.setOption(command.option);
        break;
    case Command::Kind::StopReading:
        link.setReadingStopped(command.on);
        break;
    case Command::Kind::SetFaults:
        link.setFaults(command.faults);
        break;
    default:
        break;
    }
}

} // namespace

void apply(PeerHost &host, const HostState &state)
{
    host.room().flush(); // what is relayed was there before it
    host.context().limits = state.limits;
    host.context().answer = state.answer;
    if (state.followsDelivery) {
        host.followDelivery();
    }
    host.stampDelivery(state.stamped);
    host.traceData(state.traced);
}

void execute(PeerHost &host, const Command &command)
{
    switch (command.kind) {
    case Command::Kind::Send:
        send(host, command.peer, command.bytes);
        break;
    case Command::Kind::SendToSome:
        sendToSome(host, command.peers, command.bytes);
        break;
    case Command::Kind::Note:
        host.room().flush();
        host.outbox().add(RecordKind::Note, command.peer, command.note);
        break;
    case Command::Kind::SetState:
        apply(host, command.state);
        break;
    case Command::Kind::GoOn:
        host.setReadingPaused(false);
        break;
    case Command::Kind::OnDrained:
        if (Link *link = host.find(command.peer)) {
            link->onDrained(command.drained);
        } else {
            command.drained();
        }
        break;
    case Command::Kind::ReadOptions:
        if (Link *link = host.find(command.peer)) {
            link->readOptions(command.optionsTold);
        } else {
            command.optionsTold({});
        }
        break;
    default:
        if (Link *link = host.find(command.peer)) {
            executeOn(*link, command);
        }
        break;
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/flowtable.h"

#include <algorithm>

namespace tincan {

Flow &FlowTable::joined(PeerId peer, const PeerInfo &info)
{
    if (m_flows.size() <= peer) {
        m_flows.resize(peer + std::size_t{1});
    }
    Flow &flow = m_flows[peer];
    flow = {};
    flow.transport = info.transport;
    flow.ipv6 = info.remote.family() == Endpoint::Family::IPv6;
    flow.local = info.local.addressBytes();
    flow.remote = info.remote.addressBytes();
    flow.localPort = info.local.port();
    flow.remotePort = info.remote.port();
    flow.known = true;
    flow.inRoom = true;
    flow.outgoing = info.direction == Direction::Outgoing;
    flow.roomBase = m_roomBytes;
    return flow;
}

Flow *FlowTable::find(PeerId peer) noexcept
{
    return peer < m_flows.size() && m_flows[peer].known ? &m_flows[peer] : nullptr;
}

void FlowTable::fanOut(PeerId from, const FanOutInfo *info, std::uint32_t size)
{
    if (info && info->only) {
        for (const PeerId peer : info->peers) {
            if (Flow *flow = find(peer)) {
                flow->sent += size;
            }
        }
        return;
    }
    m_roomBytes += size;
    const auto leaveOut = [&](PeerId peer) {
        if (Flow *flow = find(peer)) {
            flow->roomBase += size;
        }
    };
    leaveOut(from);
    if (info) {
        std::for_each(info->peers.begin(), info->peers.end(), leaveOut);
    }
}

std::vector<PeerId> FlowTable::recipients(PeerId from, const FanOutInfo *info) const
{
    if (info && info->only) {
        return info->peers;
    }
    std::vector<PeerId> missed = info ? info->peers : std::vector<PeerId>();
    std::sort(missed.begin(), missed.end());
    std::vector<PeerId> all;
    for (PeerId peer = 1; peer < m_flows.size(); ++peer) {
        if (m_flows[peer].inRoom && peer != from && !std::binary_search(missed.begin(), missed.end(), peer)) {
            all.push_back(peer);
        }
    }
    return all;
}

void FlowTable::leaveRoom(Flow &flow) noexcept
{
    flow.sent = sentNumber(flow);
    flow.inRoom = false;
}

void FlowTable::finished(PeerId peer)
{
    if (Flow *flow = find(peer)) {
        leaveRoom(*flow);
    }
}

void FlowTable::left(PeerId peer)
{
    if (Flow *flow = find(peer)) {
        leaveRoom(*flow);
        flow->known = false;
        flow->past.reset();
    }
}

std::vector<PeerId> FlowTable::known() const
{
    std::vector<PeerId> all;
    for (PeerId peer = 0; peer < m_flows.size(); ++peer) {
        if (m_flows[peer].known) {
            all.push_back(peer);
        }
    }
    return all;
}

} // namespace tincan

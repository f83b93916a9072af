// SPDX-License-Identifier: MIT
// Of net/room.h: what is recorded of whom a message reached.
#include <algorithm>
#include <iterator>
#include <utility>

#include "net/link.h"
#include "net/room.h"

namespace tincan {

const Link *Room::onlyReceiver(Item &item) const
{
    std::sort(item.missed.begin(), item.missed.end());
    for (const Link *member : m_members) {
        if (member != item.from && !std::binary_search(item.missed.begin(), item.missed.end(), member)) {
            return member;
        }
    }
    return nullptr;
}

void Room::record(Item &item)
{
    const auto isOut = [&item](const Link *peer) { return peer == item.from || !peer->inRoom(); };
    item.missed.erase(std::remove_if(item.missed.begin(), item.missed.end(), isOut), item.missed.end());
    const std::size_t left = item.missed.size() + static_cast<std::size_t>(item.from && item.from->inRoom());
    const std::size_t reached = m_members.size() - left;
    if (reached == 0) {
        return;
    }
    if (reached == 1) {
        m_outbox.addPayload(RecordKind::Sent, onlyReceiver(item)->id(), item.slice.data, item.slice.size, &item.slice.chunk);
        return;
    }
    Detail detail;
    if (!item.missed.empty()) {
        FanOutInfo info;
        info.peers.reserve(item.missed.size());
        std::transform(item.missed.begin(), item.missed.end(), std::back_inserter(info.peers),
                       [](const Link *peer) { return peer->id(); });
        detail = std::move(info);
    }
    m_outbox.addPayload(RecordKind::FanOut, item.sender, item.slice, std::move(detail));
}

// Where there are other rooms: whom it reached of this one.
void Room::recordExactly(Item &item)
{
    std::sort(item.missed.begin(), item.missed.end());
    FanOutInfo info{.only = true, .peers = {}};
    for (const Link *member : m_receivers) {
        if (member != item.from && member->inRoom() && !std::binary_search(item.missed.begin(), item.missed.end(), member)) {
            info.peers.push_back(member->id());
        }
    }
    if (info.peers.size() == 1) {
        m_outbox.addPayload(RecordKind::Sent, info.peers.front(), item.slice.data, item.slice.size, &item.slice.chunk);
    } else if (!info.peers.empty()) {
        m_outbox.addPayload(RecordKind::FanOut, item.sender, item.slice, std::move(info));
    }
}

void Room::recordSome(Item &item, std::span<Link *const> receivers)
{
    std::sort(item.missed.begin(), item.missed.end());
    FanOutInfo info{.only = true, .peers = {}};
    for (const Link *receiver : receivers) {
        if (receiver->state() != Link::State::Closed && !std::binary_search(item.missed.begin(), item.missed.end(), receiver)) {
            info.peers.push_back(receiver->id());
        }
    }
    if (info.peers.size() == 1) {
        m_outbox.addPayload(RecordKind::Sent, info.peers.front(), item.slice.data, item.slice.size, &item.slice.chunk);
    } else if (!info.peers.empty()) {
        m_outbox.addPayload(RecordKind::FanOut, kNoPeer, item.slice, std::move(info));
    }
}

} // namespace tincan

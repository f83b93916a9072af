// SPDX-License-Identifier: MIT
// Of net/datagramport.h: who the datagrams come from, and how many of them are remembered.
#include <algorithm>
#include <cerrno>

#include "net/credentials.h"
#include "net/datagramport.h"

namespace tincan {

namespace {

constexpr int kMostLookedAt = 64; // of those who might be forgotten

// Senders without a name are told apart by their process: it is all that is known of them.
std::string_view keyOf(const Datagram &datagram, const Ancillary &ancillary)
{
    return !datagram.source.empty()
        ? datagram.source
        : std::string_view(reinterpret_cast<const char *>(&ancillary.process.pid), sizeof ancillary.process.pid);
}

} // namespace

// nullptr: nobody who is known.
DatagramLink *DatagramPort::senderOf(const Datagram &datagram) const
{
    if (m_socket.isConnected) {
        return m_own;
    }
    const Ancillary ancillary = datagram.source.empty() ? readAncillary(*datagram.header) : Ancillary{};
    const auto found = m_links.find(keyOf(datagram, ancillary));
    return found != m_links.end() ? found->second : nullptr;
}

DatagramLink *DatagramPort::linkFor(const Datagram &datagram, const Ancillary &ancillary)
{
    if (m_socket.isConnected) {
        return m_own;
    }
    const std::string_view address = keyOf(datagram, ancillary);
    if (m_last && m_last->address() == address) {
        return m_last;
    }
    const auto found = m_links.find(address);
    return found != m_links.end() ? found->second : addHeard(std::string(address), datagram.source.empty(), ancillary);
}

DatagramLink *DatagramPort::addHeard(std::string address, bool isNameless, const Ancillary &ancillary)
{
    if (!m_owner.hasRoom() || !makeRoom()) {
        return nullptr;
    }
    PeerInfo info;
    if (!isNameless) {
        sockaddr_storage storage{};
        std::copy(address.begin(), address.end(), reinterpret_cast<char *>(&storage));
        info.remote
            = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), static_cast<socklen_t>(address.size()));
    }
    info.local = m_socket.local;
    if (!ancillary.local.isEmpty()) {
        info.local = ancillary.local;
        info.local.setPort(m_socket.local.port());
    }
    info.listener = m_socket.listener;
    info.transport = m_socket.transport;
    if (ancillary.process.pid > 0) {
        info.process = ancillary.process;
        info.process.program = programName(info.process.pid);
        info.process.user = userName(info.process.uid);
    }
    auto link
        = std::make_unique<DatagramLink>(m_context, m_owner.nextPeer(), std::move(info), shared_from_this(), address, false);
    DatagramLink *added = link.get();
    m_links.emplace(std::move(address), added);
    added->noted().inOrder = m_order.insert(m_order.end(), added);
    m_owner.admit(std::move(link));
    return added;
}

std::size_t DatagramPort::mostPeers() const noexcept
{
    const Limits &limits = m_context.limits;
    return limits.maxPeers != 0 ? limits.maxPeers : limits.datagramPeers;
}

void DatagramPort::heard(DatagramLink &link)
{
    link.noted().heard = m_context.loop.now();
    if (m_last != &link && &link != m_own) {
        m_order.splice(m_order.end(), m_order, link.noted().inOrder);
    }
    m_last = &link;
}

// For another peer; false where everybody was heard of lately, or has something coming. Who floods us with made-up addresses
// drives nobody away who goes on talking.
bool DatagramPort::makeRoom()
{
    const Limits &limits = m_context.limits;
    if (limits.maxPeers != 0 || m_order.size() < limits.datagramPeers) {
        return true;
    }
    const TimePoint lately = m_context.loop.now() - limits.datagramQuiet;
    int looked = 0;
    for (DatagramLink *link : m_order) {
        if (link->noted().heard > lately || ++looked > kMostLookedAt) {
            return false;
        }
        if (link->queueIsEmpty()) {
            link->endWith(LeftReason::Forgotten, {ENOBUFS, CallName::RecvMmsg, {}});
            return true;
        }
    }
    return false;
}

void DatagramPort::forget(DatagramLink &link)
{
    m_waiting.erase(&link);
    m_queued -= link.noted().queued;
    setTraced(link, false);
    m_links.erase(link.address());
    m_last = m_last == &link ? nullptr : m_last;
    if (m_own != &link) {
        m_order.erase(link.noted().inOrder);
    }
    m_own = m_own == &link ? nullptr : m_own;
}

} // namespace tincan

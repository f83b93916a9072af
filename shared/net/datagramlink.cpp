// SPDX-License-Identifier: MIT
#include "net/datagramlink.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>

#include "net/datagramport.h"
#include "net/room.h"

namespace tincan {

namespace {

// RFC 768, RFC 791: 65 535 less the headers.
constexpr std::size_t kLongestOverIpv4 = 65'507;

template<typename T>
std::size_t writePart(std::span<std::byte> into, int level, int type, const T &value)
{
    cmsghdr header{};
    header.cmsg_len = CMSG_LEN(sizeof value);
    header.cmsg_level = level;
    header.cmsg_type = type;
    std::memcpy(into.data(), &header, sizeof header);
    std::memcpy(into.data() + CMSG_LEN(0), &value, sizeof value);
    return CMSG_SPACE(sizeof value);
}

} // namespace

DatagramLink::DatagramLink(NetContext &context, PeerId id, PeerInfo info, std::shared_ptr<DatagramPort> port, std::string address,
                           bool isOwn)
    : Link(context, id, std::move(info))
    , m_port(std::move(port))
    , m_address(std::move(address))
    , m_isOwn(isOwn)
{
    m_finishAsked = !isOwn && m_remote.isEmpty(); // it has no name that could be sent to
}

std::size_t DatagramLink::longest() const noexcept
{
    return m_remote.family() == Endpoint::Family::IPv4 ? kLongestOverIpv4 : kMaxMessage;
}

void DatagramLink::send(std::span<const std::byte> bytes)
{
    m_context.room.flush(); // what was gathered before comes before
    if (!canSend()) {
        refuse(bytes, m_disconnecting ? RefusedReason::SendingFinished : RefusedReason::NotConnected);
    } else if (bytes.size() > longest()) {
        refuse(bytes, RefusedReason::TooLong, EMSGSIZE);
    } else if (!hasRoomFor(bytes.size())) {
        refuse(bytes, RefusedReason::QueueFull);
    } else {
        sendOrQueue(m_context.outbox.copy(bytes), static_cast<std::uint32_t>(bytes.size()), true);
    }
}

bool DatagramLink::sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson)
{
    const Slice message = m_context.outbox.slice(data, size);
    if (m_queue.isEmpty() && !m_lane) {
        m_port->gather(*this, message, byPerson);
    } else {
        queueUp(message, byPerson);
    }
    return m_state != State::Closed;
}

// Room uses sendMessages().
ssize_t DatagramLink::sendNow(std::span<const iovec> /*vectors*/)
{
    return 0;
}

std::size_t DatagramLink::sendMessages(std::span<const iovec> messages, std::vector<std::size_t> &failed)
{
    if (m_lane) {
        return 0; // by way of the queue
    }
    m_port->flushGathered();
    std::size_t done = 0;
    while (done < messages.size() && !m_port->isBlocked()) {
        int error = 0;
        done += m_port->hand(*this, messages.subspan(done), error);
        if (error == 0) {
            continue;
        }
        if (DatagramPort::isForNow(error)) {
            m_port->stalled(error);
            break;
        }
        failed.push_back(done);
        const iovec &lost = messages[done++];
        cannotSend({{}, static_cast<const std::byte *>(lost.iov_base), static_cast<std::uint32_t>(lost.iov_len)}, error);
    }
    return done;
}

void DatagramLink::sent(const Slice &message)
{
    recordSent(message);
}

// What is no longer wanted by the peer's limit, or that of all, is refused, and said: the peer cannot be kept from sending.
void DatagramLink::queueUp(const Slice &message, bool byPerson)
{
    const bool isForAllTooMuch = !byPerson && !m_port->hasRoomFor(*this, message.size);
    if (!hasRoomFor(message.size) || isForAllTooMuch) {
        refuse({message.data, message.size}, RefusedReason::QueueFull, isForAllTooMuch ? ENOBUFS : 0);
        return;
    }
    m_queue.pushOwn(message, 0, byPerson);
    queueChanged();
}

bool DatagramLink::hasRoomForRelayed(std::size_t bytes) const
{
    return hasRoomFor(bytes) && m_port->hasRoomFor(*this, bytes);
}

void DatagramLink::cannotSend(const Slice &message, int error)
{
    refuse({message.data, message.size}, error == EMSGSIZE ? RefusedReason::TooLong : RefusedReason::Failed, error);
}

void DatagramLink::sayError(int error, const std::string &text)
{
    m_context.outbox.add(RecordKind::Note, m_id, NoteInfo{NoteCode::NetworkError, 0, error, text});
}

bool DatagramLink::flushQueue(int &error)
{
    if (m_lane) {
        return flushFaulty(error);
    }
    std::array<iovec, 64> vectors; // NOLINT: filled by SendQueue
    bool isFlowing = true;
    while (isFlowing && !m_queue.isEmpty()) {
        const std::size_t count = m_queue.fill(vectors);
        const std::size_t taken = m_port->hand(*this, std::span(vectors).first(count), error);
        m_queue.takeMessages(taken, [this](const Slice &message) {
            m_taken += message.size + 1; // an empty one is progress too
            recordSent(message);
        });
        if (error != 0 && DatagramPort::isForNow(error)) {
            isFlowing = false;
        } else if (error != 0) {
            m_queue.takeMessages(1, [this, error](const Slice &message) { cannotSend(message, error); });
        }
    }
    queueChanged();
    return isFlowing;
}

void DatagramLink::queueChanged()
{
    if (m_state == State::Closed) {
        return;
    }
    m_port->countQueue(*this);
    if (m_lane) {
        m_lane->grown(m_queue.messages());
    }
    sayDrained();
    if (!m_queue.isEmpty()) {
        m_context.queueFilled(*this);
        if (!m_lane) {
            m_port->waitFor(*this);
        } else if (m_lane->isReady()) {
            flushSoon();
        }
        return;
    }
    sayReadingAgain();
    if (std::exchange(m_isBehindOthers, false)) {
        m_context.outbox.add(RecordKind::Note, m_id, NoteInfo{NoteCode::PeerReadingAgain, 0, 1, {}});
    }
    if (m_disconnecting) {
        abort();
    }
}

void DatagramLink::setLocal(const Endpoint &local)
{
    if (local == m_local) {
        return;
    }
    m_local = local;
    if (local.family() == Endpoint::Family::IPv4) {
        in_pktinfo info{};
        std::memcpy(&info.ipi_spec_dst, local.addressBytes().data(), sizeof info.ipi_spec_dst);
        m_ancillarySize = writePart(m_ancillary.bytes, IPPROTO_IP, IP_PKTINFO, info);
    } else {
        in6_pktinfo info{};
        std::memcpy(&info.ipi6_addr, local.addressBytes().data(), sizeof info.ipi6_addr);
        info.ipi6_ifindex = local.scope();
        m_ancillarySize = writePart(m_ancillary.bytes, IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
}

void DatagramLink::setTraced(bool traced)
{
    m_port->setTraced(*this, traced);
}

void DatagramLink::readOptions(const OptionsTold &told)
{
    told(m_isOwn ? m_port->readOptions() : std::vector<OptionState>{});
}

void DatagramLink::setOption(const OptionValue &value)
{
    if (m_isOwn && m_port->setOption(value, m_id)) {
        m_context.outbox.add(RecordKind::Note, m_id, optionNote(value));
    }
}

int DatagramLink::descriptor() const noexcept
{
    return m_isOwn ? m_port->descriptor() : -1;
}

void DatagramLink::updateInterest()
{
    m_port->updateInterest();
    sayDrained();
}

void DatagramLink::disconnect()
{
    if (m_disconnecting || m_state == State::Closed) {
        return;
    }
    m_context.room.flush();
    m_port->flushGathered();
    if (m_state == State::Closed) {
        return;
    }
    m_disconnecting = true;
    if (m_queue.isEmpty()) {
        abort();
        return;
    }
    m_finishAsked = true;
    m_timer = m_context.loop.runAt(m_context.loop.now() + m_context.limits.drain, [this] { abort(); });
}

void DatagramLink::abort()
{
    endWith(m_isOwn ? LeftReason::DisconnectedByUs : LeftReason::Forgotten);
}

void DatagramLink::endWith(LeftReason reason, Error error)
{
    if (m_state == State::Closed) {
        return;
    }
    m_context.room.flush();
    m_port->flushGathered();
    m_state = State::Closed;
    m_context.loop.cancel(m_timer);
    m_context.loop.cancel(m_soonTimer);
    sayDropped();
    LeftInfo info = takeLeave(reason, std::move(error));
    m_port->forget(*this);
    if (m_isOwn) {
        m_port->close(m_id);
    }
    m_context.outbox.add(RecordKind::Left, m_id, std::move(info));
    sayDrained();
    m_context.gone(*this);
}

} // namespace tincan

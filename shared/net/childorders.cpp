// SPDX-License-Identifier: MIT
// Of net/childhost.h: what goes to the child.
#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include "net/childhost.h"

namespace tincan {

namespace {

constexpr std::size_t kHeadRoom = 512;               // of a frame, for what is not bytes
constexpr std::size_t kPart = kMaxFrame - kHeadRoom; // of an order's bytes in one frame
constexpr std::size_t kMostItems = 32;               // that are relayed in one frame
constexpr std::size_t kCostOfItem = 96;              // an empty message costs memory, too
constexpr std::chrono::seconds kStuckAfter{1};

} // namespace

void ChildHost::command(Command command)
{
    if (command.kind == Command::Kind::SendToSome) { // it serves one
        command.kind = Command::Kind::Send;
    }
    if (command.kind == Command::Kind::Send) {
        if (m_bytesInFlight + m_relayedOut + command.bytes.size() > m_host.context().limits.sendQueue) {
            Room::refuse(m_host.outbox(), m_peer, command.bytes, {RefusedReason::QueueFull, queued(m_peer)});
            return;
        }
    }
    if (command.kind == Command::Kind::Send || command.kind == Command::Kind::Note) {
        keep(std::move(command));
        return;
    }
    const std::uint32_t number = numberFor(command);
    if (m_left || !m_child.pair) {
        answerAll();
        return;
    }
    const bool isEnd = command.kind == Command::Kind::Disconnect || command.kind == Command::Kind::Reset
        || command.kind == Command::Kind::Abort;
    if (isEnd && m_endTimer == 0) {
        const Limits &limits = m_host.context().limits;
        endWithin(limits.drain + limits.afterFin + std::chrono::seconds(1));
    }
    writeOrder(command, {}, number);
}

// Who is to hear of it. 0: nobody.
std::uint32_t ChildHost::numberFor(Command &command)
{
    if (command.kind == Command::Kind::OnDrained) {
        m_drained[++m_lastNumber] = std::move(command.drained);
        return m_lastNumber;
    }
    if (command.kind == Command::Kind::ReadOptions) {
        m_optionsTold[++m_lastNumber] = std::move(command.optionsTold);
        return m_lastNumber;
    }
    return 0;
}

// Nobody else will.
void ChildHost::answerAll()
{
    for (const auto &[number, drained] : std::exchange(m_drained, {})) {
        drained();
    }
    for (const auto &[number, told] : std::exchange(m_optionsTold, {})) {
        told({});
    }
}

// Where the child is about to be found to have ended, it stays here, and is told in its turn then.
void ChildHost::keep(Command &&command)
{
    m_bytesInFlight += command.bytes.size();
    Order &order = m_orders.emplace_back(Order{command.kind, std::move(command.bytes), command.note});
    if (m_inFlight == m_orders.end()) {
        m_inFlight = std::prev(m_orders.end());
    }
    if (!m_left && m_child.pair) {
        writeOrder(command, order.bytes, 0);
    }
}

void ChildHost::writeOrder(const Command &command, std::span<const std::byte> bytes, std::uint32_t number)
{
    do {
        Frame frame;
        frame.part = bytes.first(std::min(bytes.size(), kPart));
        bytes = bytes.subspan(frame.part.size());
        frame.endsOrder = bytes.empty() && (command.kind == Command::Kind::Send || command.kind == Command::Kind::Note);
        WireWriter writer(frame.head);
        writer.put(FrameKind::Order);
        writer.command(command, !bytes.empty(), number);
        write(std::move(frame));
    } while (!bytes.empty());
}

// False where that cannot be: what is not written is not read, and frames that wait refer to it.
bool ChildHost::takeProgress(const Progress &progress)
{
    if (progress.handled > m_written || progress.handled < m_progress.handled || progress.settled > progress.handled
        || progress.settled < m_progress.settled) {
        return false;
    }
    for (std::uint32_t i = m_progress.handled; i < progress.handled; ++i, ++m_inFlight) {
        m_bytesInFlight -= m_inFlight->bytes.size();
    }
    for (std::uint32_t i = m_progress.settled; i < progress.settled; ++i) {
        m_orders.pop_front();
    }
    m_progress = progress;
    if (m_out.empty()) { // there may be room again
        sayMissed();
    }
    return true;
}

// No more is heard of these. What had been handed to the kernel and not yet told is among them: nobody knows.
void ChildHost::sayUnsettled()
{
    bool isHandled = true;
    for (auto order = m_orders.begin(); order != m_orders.end(); ++order) {
        isHandled = isHandled && order != m_inFlight;
        if (order->kind == Command::Kind::Send) {
            Room::refuse(m_host.outbox(), m_peer, order->bytes, {RefusedReason::NotConnected, 0});
        } else if (!isHandled) {
            m_host.outbox().add(RecordKind::Note, m_peer, order->note);
        }
    }
    m_orders.clear();
    m_out.clear(); // which refer to them
    m_relayedOut = 0;
    m_inFlight = m_orders.end();
    m_bytesInFlight = 0;
    m_progress = {};
    m_written = 0;
}

std::size_t ChildHost::queued(PeerId /*peer*/) const
{
    return m_bytesInFlight + m_relayedOut + m_progress.waiting;
}

void ChildHost::deliver(const RelayedRef &relayed)
{
    if (m_left || !m_child.pair) {
        return;
    }
    Frame frame;
    std::vector<RelayedHead> heads;
    const auto send = [&] {
        WireWriter writer(frame.head);
        writer.put(FrameKind::Relayed);
        writer.put(static_cast<std::uint32_t>(heads.size()));
        writer.raw(std::as_bytes(std::span(heads)));
        write(std::exchange(frame, {}));
        heads.clear();
    };
    for (const Relayed::Item &item : relayed->items) {
        if (item.from == m_peer) {
            continue;
        }
        if (m_bytesInFlight + m_relayedOut + frame.relayed + item.slice.size > m_host.context().limits.sendQueue) {
            ++m_missedMessages;
            m_missedBytes += item.slice.size;
            continue;
        }
        if (!heads.empty() && (heads.size() == kMostItems || frame.relayed + item.slice.size > kPart)) {
            send();
        }
        heads.push_back({item.from, item.slice.size, static_cast<std::uint32_t>(item.audience)});
        frame.slices.push_back(item.slice);
        frame.relayed += item.slice.size;
    }
    if (!heads.empty()) {
        send();
    }
}

void ChildHost::stop()
{
    command({.kind = Command::Kind::Abort, .peer = m_peer});
}

void ChildHost::write(Frame frame)
{
    if (!m_child.pair || (m_out.empty() && writeNow(frame))) {
        return;
    }
    if (!frame.slices.empty()) {
        m_relayedOut += frame.relayed;
        if (!m_isStuck) {
            frame.held = RelayGauge::hold(m_gauge, frame.relayed + frame.slices.size() * kCostOfItem);
        }
        watchForStuck();
    }
    m_out.push_back(std::move(frame));
    if (m_out.size() == 1) {
        watch();
    }
}

// False where there is no room for it. Where the child has ended, it is as if it were written: its end is told otherwise.
bool ChildHost::writeNow(const Frame &frame)
{
    std::array<iovec, kMostItems + 2> vectors{};
    std::size_t count = 0;
    const auto add = [&](std::span<const std::byte> bytes) {
        vectors[count++] = {const_cast<std::byte *>(bytes.data()), bytes.size()}; // NOLINT: sendmsg(2) does not write
    };
    add(frame.head);
    add(frame.part);
    std::for_each(frame.slices.begin(), frame.slices.end(), [&add](const Slice &slice) { add({slice.data, slice.size}); });
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    ssize_t result = 0;
    do {
        result = ::sendmsg(m_child.pair.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    if (result < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)) {
        return false;
    }
    m_written += static_cast<std::uint32_t>(frame.endsOrder);
    return true;
}

void ChildHost::flush()
{
    while (m_child.pair && !m_out.empty() && writeNow(m_out.front())) {
        m_relayedOut -= m_out.front().relayed;
        m_out.pop_front();
        m_hasWritten = true;
        m_isStuck = false;
    }
    if (m_out.empty()) {
        sayMissed();
    }
    watch();
}

// What is relayed waits until each has it, so that none is lost to a child that is slower than the others. Not for one that
// stands still, however: that would be the end of the room.
void ChildHost::watchForStuck()
{
    if (m_stuckTimer != 0 || m_isStuck) {
        return;
    }
    m_hasWritten = false;
    m_stuckTimer = m_loop.runAt(m_loop.now() + kStuckAfter, [this] {
        m_stuckTimer = 0;
        if (m_relayedOut > 0 && m_hasWritten) {
            watchForStuck();
        } else if (m_relayedOut > 0) {
            m_isStuck = true;
            std::for_each(m_out.begin(), m_out.end(), [](Frame &frame) { frame.held.reset(); });
        }
    });
}

void ChildHost::sayMissed()
{
    if (m_missedMessages > 0) {
        m_host.outbox().add(RecordKind::Note, m_peer,
                            NoteInfo{NoteCode::FanOutRefused,
                                     static_cast<std::int64_t>(std::exchange(m_missedMessages, 0)),
                                     static_cast<std::int64_t>(std::exchange(m_missedBytes, 0)),
                                     {}});
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// Of net/childhost.h: what goes to the child.
#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>

#include <sys/socket.h>

#include "net/childhost.h"
#include "net/sendqueue.h"

namespace tincan {

namespace {

constexpr std::size_t kHeadRoom = 512;               // of a frame, for what is not bytes
constexpr std::size_t kPart = kMaxFrame - kHeadRoom; // of an order's bytes in one frame
constexpr std::size_t kMostItems = 32;               // that are relayed in one frame
constexpr std::size_t kCostOfOrder = 256;            // as SendQueue::kCostOfMessage, with its frame
constexpr std::chrono::seconds kStuckAfter{1};

} // namespace

void ChildHost::command(Command command)
{
    if (command.kind == Command::Kind::SendToSome) { // it serves one
        command.kind = Command::Kind::Send;
    }
    if (command.kind == Command::Kind::Send) {
        if (!hasRoomFor(command.bytes.size() + kCostOfOrder)) {
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
    ++m_ordersInFlight;
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
    auto early = progress.early.begin();
    for (std::uint32_t number = m_progress.handled + 1; number <= progress.handled; ++number, ++m_inFlight) {
        m_bytesInFlight -= m_inFlight->bytes.size();
        --m_ordersInFlight;
        if (early != progress.early.end() && *early == number) {
            m_inFlight->isEarly = true;
            std::vector<std::byte>().swap(m_inFlight->bytes);
            ++early;
        }
    }
    for (std::uint32_t i = m_progress.settled; i < progress.settled; ++i) {
        m_orders.pop_front();
    }
    m_progress = progress;
    if (early != progress.early.end() || progress.settledBytes > (m_orders.empty() ? 0 : m_orders.front().bytes.size())) {
        m_progress.settledBytes = 0;
        return false;
    }
    if (m_out.empty()) { // there may be room again
        sayMissed();
    }
    return true;
}

// No more is heard of these, but for what is told of the first. What had been handed to the kernel and not yet told is among
// them: nobody knows.
void ChildHost::sayUnsettled()
{
    bool isHandled = true;
    for (auto order = m_orders.begin(); order != m_orders.end(); ++order) {
        isHandled = isHandled && order != m_inFlight;
        if (order->isEarly) {
            continue;
        }
        if (order->kind == Command::Kind::Send) {
            const auto rest = std::span<const std::byte>(order->bytes).subspan(std::exchange(m_progress.settledBytes, 0));
            Room::refuse(m_host.outbox(), m_peer, rest, {RefusedReason::NotConnected, 0});
        } else if (!isHandled) {
            m_host.outbox().add(RecordKind::Note, m_peer, order->note);
        }
    }
    m_orders.clear();
    m_out.clear(); // which refer to them
    m_relayedOut = m_itemsOut = 0;
    m_inFlight = m_orders.end();
    m_bytesInFlight = m_ordersInFlight = 0;
    m_progress = {};
    m_written = 0;
}

std::size_t ChildHost::queued(PeerId /*peer*/) const
{
    return m_bytesInFlight + m_relayedOut + m_progress.waiting;
}

bool ChildHost::hasRoomFor(std::size_t cost) const
{
    const std::size_t ordered = m_bytesInFlight + m_ordersInFlight * kCostOfOrder;
    return ordered + m_relayedOut + m_itemsOut * SendQueue::kCostOfMessage + cost <= m_host.context().limits.sendQueue;
}

bool ChildHost::isForPeer(const Relayed::Item &item) const
{
    return item.from != m_peer && (item.audience == Audience::All || (item.audience == Audience::Borders) == m_keepsBorders);
}

void ChildHost::miss(std::uint64_t bytes)
{
    ++m_missedMessages;
    m_missedBytes += bytes;
}

// As Room::queueRest(): the person's message goes out whole or not at all, and one that can go on at once is not held up by its
// size (what waits in the child is counted there); each of those that are relayed is one of its own. The latter wait for a child
// that is slow, however many they are: the gauge is their limit, and nobody says more when it is full.
void ChildHost::deliver(const RelayedRef &relayed)
{
    if (m_left || !m_child.pair) {
        return;
    }
    const bool isPersons = !relayed->items.empty() && relayed->items.front().from == kNoPeer;
    std::vector<const Relayed::Item *> items;
    std::size_t bytes = 0;
    for (const Relayed::Item &item : relayed->items) {
        if (!isForPeer(item)) {
            continue;
        }
        if (!isPersons && m_isStuck && !hasRoomFor(bytes + item.slice.size + (items.size() + 1) * SendQueue::kCostOfMessage)) {
            miss(item.slice.size);
            continue;
        }
        items.push_back(&item);
        bytes += item.slice.size;
    }
    if (isPersons && !m_out.empty() && !hasRoomFor(bytes + items.size() * SendQueue::kCostOfMessage)) {
        miss(bytes);
        return;
    }
    for (std::size_t next = 0; next < items.size();) {
        const std::size_t first = next;
        std::size_t size = 0;
        for (; next < items.size() && next - first < kMostItems; ++next) {
            size += items[next]->slice.size;
            if (next > first && size > kPart) {
                break;
            }
        }
        writeRelayed(std::span(items).subspan(first, next - first), isPersons && next < items.size());
    }
}

// `more` of the same message come in the next one.
void ChildHost::writeRelayed(std::span<const Relayed::Item *const> items, bool more)
{
    Frame frame;
    WireWriter writer(frame.head);
    writer.put(FrameKind::Relayed);
    writer.put(static_cast<std::uint8_t>(more ? kGoesOn : 0U));
    writer.put(static_cast<std::uint32_t>(items.size()));
    for (const Relayed::Item *item : items) {
        writer.put(RelayedHead{item->from, item->slice.size, static_cast<std::uint32_t>(item->audience)});
        frame.slices.push_back(item->slice);
        frame.relayed += item->slice.size;
    }
    frame.items = items.size();
    write(std::move(frame));
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
    if (frame.items > 0) {
        m_relayedOut += frame.relayed;
        m_itemsOut += frame.items;
        if (m_isStuck) {
            keepOwn(frame);
        } else {
            frame.held = RelayGauge::hold(m_gauge, frame.relayed + frame.items * SendQueue::kCostOfMessage);
        }
        watchForStuck();
    }
    m_out.push_back(std::move(frame));
    watch();
}

// It may wait for long: a few bytes are copied, or they would keep a chunk of everybody's traffic alive.
void ChildHost::keepOwn(Frame &frame)
{
    if (frame.slices.empty() || frame.relayed >= frame.slices.size() * SendQueue::kCopiedBelow) {
        return;
    }
    frame.head.reserve(frame.head.size() + frame.relayed);
    WireWriter writer(frame.head);
    for (const Slice &slice : frame.slices) {
        writer.raw({slice.data, slice.size});
    }
    frame.slices = {};
}

// False where there is no room for it, or no memory. Where the child has ended, it is as if it were written: its end is told
// otherwise. One that cannot be told is of no use.
bool ChildHost::writeNow(Frame &frame)
{
    if (frame.items > 0) { // as it is now: the frame may have waited
        std::byte &flags = frame.head[kFlagsAt];
        flags = (flags & std::byte(kGoesOn)) | std::byte(m_gauge->isFull() ? kHush : 0U);
    }
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
    if (result < 0 && (errno == ENOBUFS || errno == ENOMEM)) { // epoll(7) says that there is room all the while
        retryLater();
        return false;
    }
    if (result < 0 && errno == EAGAIN) {
        return false;
    }
    if (result < 0 && errno != EPIPE && errno != ECONNRESET) {
        m_killedFor = CallName::SendMsg;
        kill();
    }
    m_written += static_cast<std::uint32_t>(frame.endsOrder);
    return true;
}

void ChildHost::retryLater()
{
    if (m_retryTimer == 0) {
        m_retryTimer = m_loop.runAt(m_loop.now() + kMemoryRetry, [this] {
            m_retryTimer = 0;
            flush();
        });
    }
}

void ChildHost::flush()
{
    while (m_child.pair && !m_out.empty() && writeNow(m_out.front())) {
        m_relayedOut -= m_out.front().relayed;
        m_itemsOut -= m_out.front().items;
        m_out.pop_front();
        m_hasWritten = true;
    }
    if (m_isStuck && hasRoomFor(m_host.context().limits.sendQueue / 2)) { // one that takes a little now and then remains so
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
        if (m_itemsOut > 0 && (m_hasWritten || !isHeard())) { // one that is not heard may not read either
            watchForStuck();
        } else if (m_itemsOut > 0) {
            m_isStuck = true;
            std::for_each(m_out.begin(), m_out.end(), [](Frame &frame) {
                frame.held.reset();
                keepOwn(frame);
            });
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

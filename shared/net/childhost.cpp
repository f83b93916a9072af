// SPDX-License-Identifier: MIT
#include "net/childhost.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace tincan {

namespace {

// Frames that are read in one go from a child that is to end.
constexpr int kMostRestFrames = 256;

// What a process may tell of its peer. Anything else is none of its business, and would be taken for ours.
bool isOfPeers(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Joined:
    case RecordKind::Received:
    case RecordKind::Sent:
    case RecordKind::Refused:
    case RecordKind::PeerFinished:
    case RecordKind::Finished:
    case RecordKind::Left:
    case RecordKind::Note:
    case RecordKind::Call:
    case RecordKind::Acknowledged:
        return true;
    default:
        return false;
    }
}

constexpr int kFramesPerTurn = 16;
// Of one publication, which is of what happened in one turn of a child's loop.
constexpr std::size_t kMostHeld = 64 * 1024 * 1024;
// A frame of so many bytes has others behind it, probably.
constexpr std::size_t kFullFrame = kMaxFrame / 2;
// For a child that has nothing more to do, or is still at work when its time is over; and how often the latter.
constexpr std::chrono::seconds kGrace{1};
constexpr int kMostGraces = 10;

} // namespace

void ChildHost::End::onEvents(std::uint32_t /*events*/)
{
    m_host.processEnded();
}

ChildHost::ChildHost(EventLoop &loop, PeerHost &host, RemoteOwner &owner, std::shared_ptr<RelayGauge> gauge, PeerId peer)
    : m_loop(loop)
    , m_host(host)
    , m_owner(owner)
    , m_gauge(std::move(gauge))
    , m_peer(peer)
{
}

ChildHost::~ChildHost() = default;

Result<void> ChildHost::start(const std::string &program, int socket, PeerInfo &info, const HostState &state,
                              const OptionStore &options)
{
    auto child = spawnChild(program, socket);
    if (!child) {
        return tl::unexpected(child.error());
    }
    m_child = std::move(*child);
    info.child = m_child.number;
    info.fd = kChildSocket;
    m_keepsBorders = keepsBorders(info.transport);
    int error = m_loop.add(m_child.pid.get(), EPOLLIN, &m_end);
    if (error == 0) {
        error = watch();
        if (error != 0) {
            m_loop.remove(m_child.pid.get());
        }
    }
    if (error != 0) {
        endChild(m_child);
        return fail(error, CallName::Epoll);
    }
    Frame frame;
    WireWriter writer(frame.head);
    writer.put(FrameKind::Setup);
    writer.put(kWireVersion);
    writer.put(m_peer);
    writer.info(info);
    writer.state(state);
    writer.asked(options);
    write(std::move(frame));
    return {};
}

// Not watched while it is not heard: epoll_wait(2) tells of a hang-up in any case. The errno where it cannot be; its end
// is then told by its other descriptor.
int ChildHost::watch()
{
    if (!m_child.pair) {
        return 0;
    }
    const bool heard = isHeard();
    const bool writes = !m_out.empty() && m_retryTimer == 0;
    const bool wanted = heard || writes;
    const auto interest = static_cast<std::uint32_t>(heard ? EPOLLIN : 0U) | static_cast<std::uint32_t>(writes ? EPOLLOUT : 0U);
    int error = 0;
    if (!wanted && m_watched) {
        m_loop.remove(m_child.pair.get());
    } else if (wanted && !m_watched) {
        error = m_loop.add(m_child.pair.get(), interest, this);
    } else if (wanted && interest != m_interest) {
        error = m_loop.modify(m_child.pair.get(), interest, this);
    }
    m_watched = wanted && error == 0;
    m_interest = interest;
    if (error != 0) {
        m_killedFor = CallName::Epoll;
        kill();
    }
    return error;
}

void ChildHost::setReadingPaused(bool paused, bool recorderIsBehind)
{
    m_hasWritten = m_hasWritten || !isHeard(); // its time to do something begins now
    m_paused = paused;
    m_recorderIsBehind = recorderIsBehind;
    watch();
}

void ChildHost::onEvents(std::uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        flush();
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        std::size_t size = kFullFrame;
        for (int i = 0; i < kFramesPerTurn && m_child.pair && size >= kFullFrame; ++i) {
            size = readFrame();
        }
    }
}

// 0 where there is none now, or none any more.
std::size_t ChildHost::readFrame()
{
    Outbox &outbox = m_host.outbox();
    const std::span<std::byte> room = outbox.room(kMaxFrame);
    ssize_t count = 0;
    do {
        count = ::recv(m_child.pair.get(), room.data(), kMaxFrame, MSG_DONTWAIT);
    } while (count < 0 && (errno == EINTR || errno == ECONNRESET)); // the second, once: it ended with orders unread
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) {
            pairEnded();
        }
        return 0;
    }
    ++m_framesRead;
    const auto size = static_cast<std::uint32_t>(count);
    const Slice frame = outbox.slice(outbox.commit(size), size);
    WireReader reader({frame.data, frame.size});
    if (readFrom(reader, frame)) {
        return size;
    }
    kill(); // that is not what was started
    pairEnded();
    return 0;
}

bool ChildHost::readFrom(WireReader &reader, const Slice &frame)
{
    switch (reader.get<FrameKind>()) {
    case FrameKind::Part:
        return hold(frame);
    case FrameKind::Records:
        return readHeld() && readRecords(reader, frame);
    case FrameKind::Drained:
        if (auto found = m_drained.extract(reader.get<std::uint32_t>())) {
            found.mapped()();
        }
        return true;
    case FrameKind::Options:
        if (auto found = m_optionsTold.extract(reader.get<std::uint32_t>())) {
            found.mapped()(reader.options());
        }
        return true;
    default:
        return false;
    }
}

// Until the rest has come: only with that it is known of which orders these records tell.
bool ChildHost::hold(const Slice &frame)
{
    m_held.push_back(frame);
    m_heldBytes += frame.size;
    return m_heldBytes <= kMostHeld || readHeld(); // beyond that, memory counts for more
}

bool ChildHost::readHeld()
{
    m_heldBytes = 0;
    for (const Slice &frame : std::exchange(m_held, {})) {
        WireReader reader({frame.data, frame.size});
        reader.get<FrameKind>();
        if (!readRecords(reader, frame)) {
            return false;
        }
    }
    return true;
}

// It has ended, and the rest never comes. What it says of orders is as unknown as if it had not begun to tell it: it is told in
// sayUnsettled().
void ChildHost::readCut()
{
    m_isCut = true;
    readHeld();
}

bool ChildHost::isToldAnyway(RecordKind kind, const Detail &detail) const
{
    const auto *note = kind == RecordKind::Note ? std::get_if<NoteInfo>(&detail) : nullptr;
    const auto isThat = [note](const Order &order) {
        return order.kind == Command::Kind::Note && order.note.code == note->code && order.note.a == note->a
            && order.note.b == note->b && order.note.text == note->text;
    };
    const bool mayBeOfOrder = !m_orders.empty(); // else it is of what was relayed or answered, which nobody else tells
    return (mayBeOfOrder && (kind == RecordKind::Sent || kind == RecordKind::Refused || kind == RecordKind::Acknowledged))
        || (note && std::any_of(std::list<Order>::const_iterator(m_inFlight), m_orders.end(), isThat));
}

bool ChildHost::readRecords(WireReader &reader, const Slice &frame)
{
    Slice payload;
    while (!reader.atEnd()) {
        const auto head = reader.get<RecordHead>();
        if (head.kind == kProgress) {
            if (!takeProgress(reader.progress()) || !reader.isSound()) {
                return false;
            }
            continue;
        }
        const auto kind = static_cast<RecordKind>(head.kind);
        if (!head.isAgain) {
            const auto bytes = reader.take(head.size);
            payload = {frame.chunk, bytes.data(), static_cast<std::uint32_t>(bytes.size())};
        }
        Detail detail = reader.detail();
        if (!reader.isSound() || !isOfPeers(kind) || payload.size > (m_keepsBorders ? kMaxMessage : kMaxPayload)) {
            return false;
        }
        takeRecord(kind, payload, frame, std::move(detail), head.time);
    }
    return reader.isSound();
}

void ChildHost::takeRecord(RecordKind kind, const Slice &payload, const Slice &frame, Detail detail, std::int64_t time)
{
    const bool isLate = m_left && kind != RecordKind::Refused && kind != RecordKind::Note;     // those of orders are still told
    const bool isTold = kind == RecordKind::Joined || (m_isCut && isToldAnyway(kind, detail)); // Joined: before it was started
    if (isTold || isLate) {
        return;
    }
    if (kind == RecordKind::Left) { // the last record but for those
        sayMissed();
    }
    Outbox &outbox = m_host.outbox();
    if (!hasPayload(kind)) {
        outbox.add(kind, m_peer, std::move(detail));
    } else if (std::holds_alternative<std::monostate>(detail)) {
        outbox.addPayload(kind, m_peer, payload.data, payload.size, &frame.chunk);
    } else {
        outbox.addPayload(kind, m_peer, payload, std::move(detail));
    }
    outbox.setLastTime(time);
    if (kind == RecordKind::Received && m_host.context().answer.mode == AnswerMode::Relay) {
        m_owner.tell({.said = {{m_peer, Audience::All, payload}}, .leftRoom = {}, .gone = {}});
    } else if (kind == RecordKind::Finished) {
        m_owner.tell({.said = {}, .leftRoom = {m_peer}, .gone = {}});
    } else if (kind == RecordKind::Left) {
        peerIsGone();
    }
}

// It has told so; what it has still to do is to end. Whoever is answered may send something at once: it is known by then that
// there is nobody to send it to.
void ChildHost::peerIsGone()
{
    m_left = true;
    m_owner.tell({.said = {}, .leftRoom = {}, .gone = {m_peer}});
    answerAll();
    m_graces = kMostGraces;
    endWithin(kGrace);
}

void ChildHost::endWithin(std::chrono::milliseconds limit)
{
    if (m_child.pid) {
        m_loop.cancel(m_endTimer);
        m_framesAtTimer = m_framesRead;
        m_endTimer = m_loop.runAt(m_loop.now() + limit, [this] { endIsDue(); });
    }
}

// One that is still telling something is at work, and one that is not listened to may be.
void ChildHost::endIsDue()
{
    m_endTimer = 0;
    const bool isAtWork = m_framesRead != m_framesAtTimer && m_graces < kMostGraces;
    if (isAtWork || !isHeard()) {
        m_graces += static_cast<int>(isHeard());
        endWithin(kGrace);
        return;
    }
    giveUp();
}

void ChildHost::giveUp()
{
    m_killedFor = CallName::Close;
    kill();
}

// It has closed its end, so it has ended or is about to; one that only did the former is ended.
void ChildHost::pairEnded()
{
    if (m_watched) {
        m_loop.remove(m_child.pair.get());
        m_watched = false;
    }
    m_child.pair.reset();
    for (Frame &frame : m_out) {
        frame.held.reset();
    }
    kill();
}

void ChildHost::processEnded()
{
    const int status = m_child.pid ? waitChild(m_child) : -1;
    if (status < 0) {
        return;
    }
    while (m_child.pair && readFrame() > 0) { } // what it told before
    readCut();
    auto unsent = m_progress.waitingMessages + m_ordersInFlight;
    for (const Frame &frame : m_out) {
        unsent += frame.items;
    }
    const std::uint64_t unsentBytes = queued(m_peer);
    if (m_child.pair) {
        pairEnded();
    }
    m_loop.remove(m_child.pid.get());
    m_child.pid.reset();
    m_loop.cancel(m_endTimer);
    m_loop.cancel(m_stuckTimer);
    m_loop.cancel(m_retryTimer);
    sayUnsettled();
    if (!m_left) {
        sayMissed();
        m_host.outbox().add(
            RecordKind::Left, m_peer,
            LeftInfo{LeftReason::ChildDied, {status, m_killedFor, {}}, unsentBytes, static_cast<std::uint32_t>(unsent)});
        peerIsGone();
    }
    m_owner.ended(*this);
}

void ChildHost::readRest()
{
    if (!m_out.empty()) { // the order to end may still be in there
        flush();
    }
    for (int i = 0; i < kMostRestFrames && m_child.pair && readFrame() > 0; ++i) { } // it may write without an end
    processEnded();
}

} // namespace tincan

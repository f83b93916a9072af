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
constexpr std::size_t kPart = kMaxFrame - 512; // of a message's bytes in one frame, beside what else is in it

} // namespace

void ChildHost::End::onEvents(std::uint32_t /*events*/)
{
    m_host.processEnded();
}

ChildHost::ChildHost(EventLoop &loop, PeerHost &host, RemoteOwner &owner, PeerId peer)
    : m_loop(loop)
    , m_host(host)
    , m_owner(owner)
    , m_peer(peer)
{
}

ChildHost::~ChildHost() = default;

Result<void> ChildHost::start(const std::string &program, int socket, PeerInfo &info, const HostState &state)
{
    auto child = spawnChild(program, socket);
    if (!child) {
        return tl::unexpected(child.error());
    }
    m_child = std::move(*child);
    info.child = m_child.number;
    info.fd = kChildSocket;
    if (const int error = m_loop.add(m_child.pid.get(), EPOLLIN, &m_end); error != 0) {
        kill();
        return fail(error, CallName::Epoll);
    }
    std::vector<std::byte> frame;
    WireWriter writer(frame);
    writer.put(FrameKind::Setup);
    writer.put(kWireVersion);
    writer.put(m_peer);
    writer.info(info);
    writer.state(state);
    watch();
    write(std::move(frame));
    return {};
}

// Not watched while the recorder is behind: epoll_wait(2) tells of a hang-up in any case.
void ChildHost::watch()
{
    if (!m_child.pair) {
        return;
    }
    const bool wanted = !m_paused || !m_out.empty();
    const auto interest
        = static_cast<std::uint32_t>(m_paused ? 0U : EPOLLIN) | static_cast<std::uint32_t>(m_out.empty() ? 0U : EPOLLOUT);
    if (!wanted && m_watched) {
        m_loop.remove(m_child.pair.get());
    } else if (wanted && !m_watched) {
        m_loop.add(m_child.pair.get(), interest, this);
    } else if (wanted && interest != m_interest) {
        m_loop.modify(m_child.pair.get(), interest, this);
    }
    m_watched = wanted;
    m_interest = interest;
}

void ChildHost::setReadingPaused(bool paused)
{
    m_paused = paused;
    watch();
}

void ChildHost::onEvents(std::uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        flush();
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        for (int i = 0; i < kFramesPerTurn && m_child.pair && readFrame(); ++i) { }
    }
}

// False where there is none now, or none any more.
bool ChildHost::readFrame()
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
        return false;
    }
    const auto size = static_cast<std::uint32_t>(count);
    const Slice frame = outbox.slice(outbox.commit(size), size);
    WireReader reader({frame.data, frame.size});
    switch (reader.get<FrameKind>()) {
    case FrameKind::Records:
        if (readRecords(reader, frame)) {
            return true;
        }
        break;
    case FrameKind::Drained:
        drained(reader.get<std::uint32_t>());
        return true;
    default:
        break;
    }
    kill(); // that is not what was started
    pairEnded();
    return false;
}

bool ChildHost::readRecords(WireReader &reader, const Slice &frame)
{
    Slice payload;
    while (!reader.atEnd()) {
        const auto kind = reader.get<RecordKind>();
        const auto isAgain = reader.get<bool>(); // the payload of the one before
        const auto time = reader.get<std::int64_t>();
        if (!isAgain) {
            const auto bytes = reader.bytes();
            payload = {frame.chunk, bytes.data(), static_cast<std::uint32_t>(bytes.size())};
        }
        Detail detail = reader.detail();
        if (!reader.isSound() || !isOfPeers(kind) || payload.size > kMaxMessage) {
            return false;
        }
        takeRecord(kind, payload, frame, std::move(detail), time);
    }
    return reader.isSound();
}

void ChildHost::takeRecord(RecordKind kind, const Slice &payload, const Slice &frame, Detail detail, std::int64_t time)
{
    if (kind == RecordKind::Joined || (m_left && kind != RecordKind::Refused)) { // Joined was told before it was started
        return;
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

void ChildHost::peerIsGone()
{
    m_left = true;
    for (const auto &[number, told] : std::exchange(m_drained, {})) {
        told();
    }
    m_owner.tell({.said = {}, .leftRoom = {}, .gone = {m_peer}});
}

void ChildHost::drained(std::uint32_t number)
{
    if (auto found = m_drained.extract(number)) {
        found.mapped()();
    }
}

void ChildHost::command(Command command)
{
    if (m_outBytes + command.bytes.size() > m_host.context().limits.sendQueue && !command.bytes.empty()) {
        refuse(command);
        return;
    }
    if (command.optionsTold) { // which would have to come back over the pair
        command.optionsTold({});
        return;
    }
    std::uint32_t number = 0;
    if (command.kind == Command::Kind::OnDrained) {
        if (m_left || !m_child.pair) {
            command.drained();
            return;
        }
        number = ++m_lastNumber;
        m_drained[number] = std::move(command.drained);
    }
    std::span<const std::byte> rest(command.bytes);
    do {
        const auto part = rest.first(std::min(rest.size(), kPart));
        rest = rest.subspan(part.size());
        std::vector<std::byte> frame;
        WireWriter writer(frame);
        writer.put(FrameKind::Order);
        writer.command(command, part, !rest.empty(), number);
        write(std::move(frame));
    } while (!rest.empty());
}

void ChildHost::refuse(const Command &command)
{
    Room::refuse(m_host.outbox(), m_peer, command.bytes, {RefusedReason::QueueFull, m_outBytes});
}

void ChildHost::deliver(const RelayedRef &relayed)
{
    for (const Relayed::Item &item : relayed->items) {
        if (item.from == m_peer) {
            continue;
        }
        if (m_outBytes + item.slice.size > m_host.context().limits.sendQueue) {
            ++m_missedMessages;
            m_missedBytes += item.slice.size;
            continue;
        }
        std::vector<std::byte> frame;
        WireWriter writer(frame);
        writer.put(FrameKind::Relayed);
        writer.put(item.from);
        writer.put(item.audience);
        writer.bytes({item.slice.data, item.slice.size});
        write(std::move(frame));
    }
}

void ChildHost::stop()
{
    command({.kind = Command::Kind::Abort, .peer = m_peer});
}

void ChildHost::write(std::vector<std::byte> frame)
{
    if (!m_child.pair) {
        return;
    }
    m_outBytes += frame.size();
    m_out.push_back(std::move(frame));
    if (m_out.size() == 1) {
        flush();
    }
}

void ChildHost::flush()
{
    while (m_child.pair && !m_out.empty()) {
        const std::vector<std::byte> &frame = m_out.front();
        const ssize_t count = ::send(m_child.pair.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
            break;
        }
        if (count < 0) { // it has ended, which is told otherwise
            m_out.clear();
            m_outBytes = 0;
            break;
        }
        m_outBytes -= frame.size();
        m_out.pop_front();
    }
    if (m_out.empty()) {
        sayMissed();
    }
    watch();
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

// It has closed its end, so it has ended or is about to; one that only did the former is ended.
void ChildHost::pairEnded()
{
    if (m_watched) {
        m_loop.remove(m_child.pair.get());
        m_watched = false;
    }
    m_child.pair.reset();
    m_out.clear();
    m_outBytes = 0;
    kill();
}

void ChildHost::processEnded()
{
    const int status = m_child.pid ? waitChild(m_child) : -1;
    if (status < 0) {
        return;
    }
    while (m_child.pair && readFrame()) { } // what it told before
    if (m_child.pair) {
        pairEnded();
    }
    m_loop.remove(m_child.pid.get());
    m_child.pid.reset();
    if (!m_left) {
        sayMissed();
        m_host.outbox().add(RecordKind::Left, m_peer, LeftInfo{LeftReason::ChildDied, {status, CallName::None, {}}, 0, 0});
        peerIsGone();
    }
    m_owner.ended(*this);
}

void ChildHost::readRest()
{
    if (!m_out.empty()) { // the order to end may still be in there
        flush();
    }
    for (int i = 0; i < kMostRestFrames && m_child.pair && readFrame(); ++i) { } // it may write without an end
    processEnded();
}

} // namespace tincan

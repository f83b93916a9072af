// SPDX-License-Identifier: MIT
#include "net/placement.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <poll.h>

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kLastWait = 2s; // for children that were told to end, before they are made to
constexpr std::chrono::milliseconds kShortestPoll{10};

} // namespace

Placement::Placement(EventLoop &loop, PeerHost &host, Syscalls &syscalls, BatchSink &sink, Owner owner)
    : m_loop(loop)
    , m_host(host)
    , m_syscalls(syscalls)
    , m_sink(sink)
    , m_owner(std::move(owner))
    , m_gauge(std::make_shared<RelayGauge>([this] { m_loop.post([this] { m_owner.waits(); }); }))
{
    host.context().exchange = this;
}

bool Placement::place(const ListenOptions &options, Listener::Accepted &peer)
{
    switch (options.serving) {
    case Serving::EventLoop:
        return options.loops > 1 && inLoop(options.loops, peer);
    case Serving::OneAtATime:
        return false;
    case Serving::ThreadPerPeer:
        inThread(peer);
        return true;
    case Serving::ProcessPerPeer:
        inProcess(peer);
        return true;
    }
    return false;
}

void Placement::remember(const Listener::Accepted &peer, RemoteHost &host)
{
    m_peers[peer.peer]
        = {&host, peer.info.listener, peer.info.remote.toString() + ": ", {}, keepsBorders(peer.info.transport), true};
    ++m_inRoom;
}

// False where there is no thread for it, or no descriptor for its epoll set.
bool Placement::addLoop()
{
    try {
        auto host = std::make_unique<ThreadHost>(ThreadHost::Surroundings{m_loop, *this, m_syscalls, m_sink, m_gauge},
                                                 ThreadHost::Life::Lasting);
        if (!host->start(m_factory, m_state)) {
            return false;
        }
        m_loops.push_back(std::move(host));
        return true;
    } catch (const std::system_error &) {
        return false;
    }
}

// In turn; the first is the engine's own.
bool Placement::inLoop(int loops, Listener::Accepted &peer)
{
    const std::size_t index = m_next++ % static_cast<std::size_t>(loops);
    if (index == 0) {
        return false;
    }
    while (m_loops.size() < index) {
        if (!addLoop()) {
            return false;
        }
    }
    ThreadHost &host = *m_loops[index - 1];
    remember(peer, host);
    host.admit(peer.peer, UniqueFd(peer.fd), peer.info, peer.options);
    return true;
}

void Placement::inThread(Listener::Accepted &peer)
{
    UniqueFd fd(peer.fd);
    std::unique_ptr<ThreadHost> host;
    try {
        host = std::make_unique<ThreadHost>(ThreadHost::Surroundings{m_loop, *this, m_syscalls, m_sink, m_gauge},
                                            ThreadHost::Life::AsLongAsItsPeer);
    } catch (const std::system_error &error) { // of an EventLoop: no descriptors
        turnAway(peer, {error.code().value(), CallName::Epoll, {}});
        return;
    }
    host->admit(peer.peer, std::move(fd), peer.info, peer.options);
    if (const auto started = host->start(m_factory, m_state); !started) {
        turnAway(peer, started.error());
        return;
    }
    remember(peer, *host);
    m_threads.emplace(host.get(), std::move(host));
}

void Placement::inProcess(Listener::Accepted &peer)
{
    const UniqueFd fd(peer.fd);
    if (m_program.empty()) {
        m_program = findPeerProgram();
    }
    RemoteOwner &owner = *this;
    auto host = std::make_unique<ChildHost>(m_loop, m_host, owner, m_gauge, peer.peer);
    if (const auto started = host->start(m_program, fd.get(), peer.info, m_state, peer.options); !started) {
        turnAway(peer, started.error());
        return;
    }
    host->setReadingPaused(m_host.context().readingPaused, m_recorderIsBehind);
    m_host.outbox().add(RecordKind::Joined, peer.peer, peer.info);
    m_host.outbox().add(RecordKind::Note, peer.peer, NoteInfo{NoteCode::ServedByProcess, peer.info.child, 0, {}});
    remember(peer, *host);
    m_children.emplace(host.get(), std::move(host));
}

// Its socket is closed by who calls.
void Placement::turnAway(const Listener::Accepted &peer, Error error)
{
    m_host.outbox().add(RecordKind::Joined, peer.peer, peer.info);
    m_host.outbox().add(RecordKind::Left, peer.peer, LeftInfo{LeftReason::Failed, std::move(error), 0, 0});
    m_owner.gone(peer.info.listener);
}

bool Placement::command(Command &&command)
{
    const auto found = m_peers.find(command.peer);
    if (found == m_peers.end()) {
        return false;
    }
    found->second.host->command(std::move(command));
    return true;
}

std::vector<PeerId> Placement::peersOf(ListenerId listener) const
{
    std::vector<PeerId> peers;
    for (const auto &[id, peer] : m_peers) {
        if (listener == kNoListener || peer.listener == listener) {
            peers.push_back(id);
        }
    }
    std::sort(peers.begin(), peers.end());
    return peers;
}

void Placement::disconnect(ListenerId listener)
{
    for (const PeerId peer : peersOf(listener)) {
        command({.kind = Command::Kind::Disconnect, .peer = peer});
    }
}

void Placement::disconnectAll()
{
    disconnect(kNoListener);
}

std::vector<RemoteHost *> Placement::hosts() const
{
    std::vector<RemoteHost *> all;
    all.reserve(m_loops.size() + m_threads.size() + m_children.size());
    std::transform(m_loops.begin(), m_loops.end(), std::back_inserter(all), [](const auto &host) { return host.get(); });
    const auto first = [](const auto &entry) { return entry.first; };
    std::transform(m_threads.begin(), m_threads.end(), std::back_inserter(all), first);
    std::transform(m_children.begin(), m_children.end(), std::back_inserter(all), first);
    return all;
}

void Placement::stateChanged()
{
    for (RemoteHost *host : hosts()) {
        host->command({.kind = Command::Kind::SetState, .state = m_state});
    }
}

// Threads find out for themselves that they have to wait.
void Placement::setReadingPaused(bool paused, bool recorderIsBehind)
{
    m_recorderIsBehind = recorderIsBehind;
    for (const auto &[host, child] : m_children) {
        child->setReadingPaused(paused, recorderIsBehind);
    }
    if (!paused && !m_gauge->isFull()) {
        for (RemoteHost *host : std::exchange(m_waiting, {})) {
            host->command({.kind = Command::Kind::GoOn});
        }
    }
}

std::vector<PeerId> Placement::sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes)
{
    std::vector<PeerId> here;
    std::map<RemoteHost *, std::vector<PeerId>> elsewhere;
    for (const PeerId peer : peers) {
        const auto found = m_peers.find(peer);
        (found == m_peers.end() ? here : elsewhere[found->second.host]).push_back(peer);
    }
    for (auto &[host, receivers] : elsewhere) {
        host->command({.kind = Command::Kind::SendToSome, .bytes = {bytes.begin(), bytes.end()}, .peers = std::move(receivers)});
    }
    return here;
}

// One at a time: who was it before has to hear of it as well.
void Placement::select(PeerId HostState::*which, PeerId peer)
{
    const PeerId before = std::exchange(m_state.*which, peer);
    std::vector<PeerId> both{before};
    if (peer != before) {
        both.push_back(peer);
    }
    for (const PeerId id : both) {
        if (m_peers.contains(id)) {
            command({.kind = Command::Kind::SetState, .peer = id, .state = m_state});
        }
    }
}

void Placement::stampDelivery(PeerId peer)
{
    select(&HostState::stamped, peer);
}

void Placement::traceData(PeerId peer)
{
    select(&HostState::traced, peer);
}

void Placement::leave(PeerId peer)
{
    if (const auto found = m_peers.find(peer); found != m_peers.end() && std::exchange(found->second.inRoom, false)) {
        --m_inRoom;
    }
}

void Placement::tell(const News &news)
{
    for (const Relayed::Item &item : news.said) {
        const auto found = m_peers.find(item.from);
        if (found != m_peers.end() && m_host.context().answer.mode == AnswerMode::Relay) {
            m_host.room().gather(item.from, found->second.keepsBorders, found->second.name, found->second.lines, item.slice);
        }
    }
    std::for_each(news.leftRoom.begin(), news.leftRoom.end(), [this](PeerId peer) { leave(peer); });
    for (const PeerId id : news.gone) {
        leave(id);
        if (const auto found = m_peers.extract(id)) {
            found.mapped().host->forget(id);
            m_owner.gone(found.mapped().listener);
        }
    }
}

void Placement::waits(RemoteHost &host)
{
    m_waiting.insert(&host);
    m_owner.waits();
}

void Placement::ended(RemoteHost &host)
{
    m_waiting.erase(&host);
    if (const auto thread = m_threads.extract(&host)) {
        thread.mapped()->join();
    }
    if (auto child = m_children.extract(&host)) { // events for it may be under way in this turn
        std::shared_ptr<ChildHost> dead = std::move(child.mapped());
        m_loop.post([dead] {});
    }
    m_owner.idle();
}

void Placement::distribute(RelayedRef relayed)
{
    for (RemoteHost *host : hosts()) {
        host->deliver(relayed);
    }
}

std::size_t Placement::queued(PeerId peer) const
{
    const auto found = m_peers.find(peer);
    return found == m_peers.end() ? 0 : found->second.host->queued(peer);
}

void Placement::refuseTooLong(std::span<const std::byte> bytes)
{
    std::vector<Room::TooLongFor> peers;
    for (const auto &[id, peer] : m_peers) {
        if (peer.keepsBorders && peer.inRoom) {
            peers.push_back({id, peer.host->queued(id)});
        }
    }
    Room::refuseTooLong(m_host.outbox(), peers, bytes);
}

void Placement::missTooLong(PeerId from, std::size_t size)
{
    for (const auto &[id, peer] : m_peers) {
        if (id != from && peer.keepsBorders && peer.inRoom) {
            m_host.outbox().add(RecordKind::Note, id, NoteInfo{NoteCode::FanOutRefused, 1, static_cast<std::int64_t>(size), {}});
        }
    }
}

void Placement::finish()
{
    m_gauge->close();
    for (RemoteHost *host : hosts()) {
        host->stop();
    }
    m_loops.clear(); // joins
    m_threads.clear();
    const TimePoint end = Clock::now() + kLastWait;
    while (!m_children.empty()) {
        std::vector<pollfd> watched;
        for (const auto &[host, child] : m_children) {
            watched.push_back({child->processDescriptor(), POLLIN, 0});
            const int orders = child->hasOrders() ? POLLOUT : 0;
            watched.push_back({child->pairDescriptor(), static_cast<short>(POLLIN | orders), 0}); // -1 is passed over
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        // Those that were killed take a moment as well.
        ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<std::int64_t>(left, kShortestPoll.count(), 1000)));
        std::vector<ChildHost *> all;
        std::transform(m_children.begin(), m_children.end(), std::back_inserter(all),
                       [](const auto &entry) { return entry.second.get(); });
        for (ChildHost *child : all) {
            child->readRest();
            if (!child->isOver() && Clock::now() >= end) {
                child->giveUp();
            }
        }
    }
    m_peers.clear();
    m_inRoom = 0;
}

} // namespace tincan

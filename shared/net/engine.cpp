// SPDX-License-Identifier: MIT
#include "net/engine.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "net/connection.h"
#include "net/connector.h"
#include "net/deliverywatch.h"
#include "net/listener.h"
#include "net/room.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kSweepInterval = 1s;
constexpr auto kCalm = 1s; // without a pause, before it is said to be over

} // namespace

class Engine::Impl
{
public:
    Impl(Syscalls &syscalls, BatchSink &batchSink)
        : sink(batchSink)
        , outbox(batchSink)
        , calls(syscalls, outbox)
        , room(context, outbox)
    {
        context.gone = [this](Connection &connection) { gone(connection); };
        context.queueFilled = [this](Connection &connection) { queueFilled(connection); };
        sink.setRelieved([this] { loop.post([this] { setReadingPaused(false); }); });
    }

    ~Impl() { resolverGate->close(); }
    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    Connection *find(PeerId peer) const
    {
        const auto found = connections.find(peer);
        return found == connections.end() ? nullptr : found->second.get();
    }

    void accepted(Listener::Accepted peer) { admit(peer.peer, peer.fd, std::move(peer.info)); }

    void admit(PeerId peer, int fd, PeerInfo info)
    {
        auto &slot = connections[peer];
        slot = std::make_unique<Connection>(context, peer, fd, std::move(info));
        if (slot->state() == Connection::State::Closed) { // it could not be watched
            gone(*slot);
            return;
        }
        if (peer == stamped) {
            slot->setStamped(true);
        }
        slot->setDataTraced(peer == traced);
    }

    void connected(PeerId peer, const Connector::Outcome &outcome)
    {
        if (const auto found = connectors.find(peer); found != connectors.end()) {
            deadConnectors.push_back(std::move(found->second));
            connectors.erase(found);
        }
        if (outcome.fd < 0) {
            outbox.add(RecordKind::ConnectFailed, peer, outcome.failure);
        } else {
            admit(peer, outcome.fd, outcome.info);
        }
        endIfEmpty();
    }

    void gone(Connection &connection)
    {
        const auto found = connections.find(connection.id());
        if (found == connections.end() || !found->second) {
            return; // still being made: admit() comes back to it
        }
        waiting.erase(&connection);
        dead.push_back(std::move(found->second));
        connections.erase(found);
        if (listener) {
            listener->resume();
        }
        endIfEmpty();
    }

    void queueFilled(Connection &connection)
    {
        waiting.insert(&connection);
        if (sweepTimer == 0) {
            sweepTimer = loop.runAt(loop.now() + kSweepInterval, [this] { sweep(); });
        }
    }

    void sweep()
    {
        sweepTimer = 0;
        std::erase_if(waiting, [](Connection *connection) {
            connection->sweep();
            return connection->queueIsEmpty();
        });
        if (!waiting.empty()) {
            sweepTimer = loop.runAt(loop.now() + kSweepInterval, [this] { sweep(); });
        }
    }

    void setReadingPaused(bool paused)
    {
        paused = paused && sink.isCongested();
        if (context.readingPaused == paused) {
            return;
        }
        context.readingPaused = paused;
        loop.cancel(calmTimer);
        if (!paused) {
            calmTimer = loop.runAt(loop.now() + kCalm, [this] {
                calmTimer = 0;
                pauseSaid = false;
                outbox.add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::ReadingResumed, 0, 0, {}});
            });
        } else if (!std::exchange(pauseSaid, true)) {
            outbox.add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::ReadingPaused, 0, 0, {}});
        }
        forEach([](Connection &connection) { connection.updateInterest(); });
        if (listener) { // who comes and goes is work for the recorder as well
            listener->setPaused(paused);
        }
    }

    // Connections may end on the way.
    template<typename Action>
    void forEach(Action &&action)
    {
        std::vector<Connection *> all;
        all.reserve(connections.size());
        for (const auto &[id, connection] : connections) {
            all.push_back(connection.get());
        }
        std::sort(all.begin(), all.end(), [](const Connection *a, const Connection *b) { return a->id() < b->id(); });
        for (Connection *connection : all) {
            action(*connection); // those that end live on until the end of the turn
        }
    }

    void stopListening(bool tell)
    {
        if (listener) {
            deadListeners.push_back(std::move(listener));
            deadListeners.back()->close();
            if (tell) {
                outbox.add(RecordKind::Stopped, kNoPeer);
            }
        }
    }

    void stop()
    {
        stopListening(false);
        stopping = true;
        for (const auto &[peer, connector] : connectors) {
            connector->cancel();
        }
        forEach([](Connection &connection) { connection.disconnect(); });
        endIfEmpty();
    }

    void endIfEmpty()
    {
        if (!connections.empty() || !connectors.empty()) {
            return;
        }
        if (stopping) {
            stopping = false;
            outbox.add(RecordKind::Stopped, kNoPeer);
        }
        if (quitting) {
            loop.stop();
        }
    }

    TimePoint turnEnd()
    {
        room.flush();
        dead.clear();
        deadConnectors.clear();
        deadListeners.clear();
        const TimePoint due = outbox.publishWhenDue(loop.now());
        setReadingPaused(sink.isCongested());
        return due;
    }

    BatchSink &sink;
    EventLoop loop;
    Outbox outbox;
    TracedCalls calls;
    NetContext context{loop, outbox, calls, room, {}, {}, false, {}, {}, nullptr};
    Room room;
    std::unordered_map<PeerId, std::unique_ptr<Connection>> connections;
    std::unordered_map<PeerId, std::unique_ptr<Connector>> connectors;
    std::unique_ptr<Listener> listener;
    DeliveryWatch delivery{loop, [this](PeerId peer) { return find(peer); }};
    PeerId stamped = kNoPeer;
    PeerId traced = kNoPeer;                  // whose recv and send are noted
    std::unordered_set<Connection *> waiting; // those whose send queue is not empty
    // What ended in this turn: events that were already fetched may still be brought to it.
    std::vector<std::unique_ptr<Connection>> dead;
    std::vector<std::unique_ptr<Connector>> deadConnectors;
    std::vector<std::unique_ptr<Listener>> deadListeners;
    std::shared_ptr<Resolver::Gate> resolverGate
        = std::make_shared<Resolver::Gate>([this](std::function<void()> task) { loop.post(std::move(task)); });
    EventLoop::TimerId sweepTimer = 0;
    EventLoop::TimerId calmTimer = 0;
    bool pauseSaid = false;
    std::atomic<PeerId> lastPeer = kNoPeer;
    std::atomic<int> quits = 0;
    bool stopping = false; // Stopped is to be said when all have gone
    bool quitting = false;
};

Engine::Engine(Syscalls &syscalls, BatchSink &sink)
    : m(std::make_unique<Impl>(syscalls, sink))
{
}

Engine::~Engine() = default;

void Engine::post(std::function<void()> task)
{
    m->loop.post(std::move(task));
}

PeerId Engine::reservePeer()
{
    return m->lastPeer.fetch_add(1, std::memory_order_relaxed) + 1;
}

void Engine::quit()
{
    if (m->quits.fetch_add(1) > 0) {
        m->loop.stop();
        return;
    }
    m->loop.post([this] {
        m->quitting = true;
        m->stop();
    });
}

void Engine::run()
{
    m->loop.run([this] { return m->turnEnd(); });
    m->stopListening(true);
    m->forEach([](Connection &connection) { connection.abort(); });
    m->connectors.clear();
    m->dead.clear();
    m->outbox.publish();
}

void Engine::listen(const ListenOptions &options)
{
    m->stopListening(true);
    m->listener = std::make_unique<Listener>(
        m->context,
        Listener::Owner{
            .hasRoom = [this] { return m->context.limits.maxPeers == 0 || m->connections.size() < m->context.limits.maxPeers; },
            .nextPeer = [this] { return reservePeer(); },
            .accepted = [this](Listener::Accepted peer) { m->accepted(std::move(peer)); },
        });
    if (!m->listener->open(options)) {
        m->listener.reset();
    } else {
        m->listener->setPaused(m->context.readingPaused);
    }
}

void Engine::stopListening()
{
    m->stopListening(true);
}

void Engine::stop()
{
    m->stop();
}

void Engine::connectTo(PeerId peer, const ConnectOptions &options)
{
    auto &connector = m->connectors[peer];
    connector = std::make_unique<Connector>(m->context, peer, options, m->resolverGate,
                                            [this, peer](const Connector::Outcome &outcome) { m->connected(peer, outcome); });
    connector->start();
    if (m->quitting) {
        connector->cancel();
    }
}

void Engine::cancelConnect(PeerId peer)
{
    if (const auto found = m->connectors.find(peer); found != m->connectors.end()) {
        found->second->cancel();
    }
}

void Engine::setAnswer(const AnswerOptions &answer)
{
    m->room.flush();
    const bool differs = answer.mode != m->context.answer.mode;
    m->context.answer = answer;
    if (differs) {
        m->outbox.add(RecordKind::Note, kNoPeer,
                      NoteInfo{NoteCode::AnswerChanged, static_cast<std::int64_t>(answer.mode), 0, {}});
    }
}

void Engine::note(PeerId peer, const NoteInfo &note)
{
    m->room.flush(); // what is relayed was there before it
    m->outbox.add(RecordKind::Note, peer, note);
}

void Engine::setLimits(const Limits &limits)
{
    m->context.limits = limits;
    if (m->listener) {
        m->listener->resume();
    }
}

void Engine::followDelivery()
{
    m->context.delivery = &m->delivery;
}

void Engine::traceData(PeerId peer)
{
    const PeerId before = std::exchange(m->traced, peer);
    for (const PeerId one : {before, peer}) {
        if (Connection *connection = m->find(one)) {
            connection->setDataTraced(one == peer);
        }
    }
}

void Engine::stampDelivery(PeerId stamped)
{
    if (stamped == m->stamped) {
        return;
    }
    if (Connection *before = m->find(std::exchange(m->stamped, stamped))) {
        before->setStamped(false);
    }
    if (Connection *now = m->find(stamped)) {
        now->setStamped(true);
    }
}

void Engine::send(PeerId peer, std::span<const std::byte> bytes)
{
    if (Connection *connection = m->find(peer)) {
        connection->send(bytes);
    } else {
        Room::refuse(m->outbox, peer, bytes, {RefusedReason::NotConnected, 0});
    }
}

void Engine::sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes)
{
    std::vector<Connection *> receivers;
    for (const PeerId peer : peers) {
        if (Connection *connection = m->find(peer)) {
            receivers.push_back(connection);
        } else {
            Room::refuse(m->outbox, peer, bytes, {RefusedReason::NotConnected, 0});
        }
    }
    m->room.sendToSome(receivers, bytes);
}

void Engine::sendToAll(std::span<const std::byte> bytes)
{
    m->room.sendToAll(bytes);
}

void Engine::finishSending(PeerId peer)
{
    if (Connection *connection = m->find(peer)) {
        connection->finishSending();
    }
}

void Engine::disconnect(PeerId peer)
{
    if (Connection *connection = m->find(peer)) {
        connection->disconnect();
    }
}

void Engine::reset(PeerId peer)
{
    if (Connection *connection = m->find(peer)) {
        connection->reset();
    }
}

void Engine::disconnectAll()
{
    for (const auto &[peer, connector] : m->connectors) {
        connector->cancel();
    }
    m->forEach([](Connection &connection) { connection.disconnect(); });
}

std::size_t Engine::queued(PeerId peer) const
{
    const Connection *connection = m->find(peer);
    return connection ? connection->queued() : 0;
}

void Engine::onDrained(PeerId peer, std::function<void()> drained)
{
    if (Connection *connection = m->find(peer)) {
        connection->onDrained(std::move(drained));
    } else {
        drained();
    }
}

std::size_t Engine::peerCount() const
{
    return m->connections.size();
}

Result<std::uint64_t> raiseDescriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return failErrno(CallName::None, "RLIMIT_NOFILE");
    }
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return failErrno(CallName::None, "RLIMIT_NOFILE");
    }
    return limit.rlim_cur;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/engine.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "net/connector.h"
#include "net/datagramclient.h"
#include "net/datagramlistener.h"
#include "net/listener.h"
#include "net/peerhost.h"
#include "net/placement.h"
#include "net/unixconnection.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kCalm = 1s; // without a pause, before it is said to be over

} // namespace

class Engine::Impl
{
public:
    Impl(Syscalls &syscalls, BatchSink &batchSink)
        : sink(batchSink)
        , host(loop, syscalls, batchSink, [this](Link &link) { gone(link.listener()); })
        , placement(loop, host, syscalls, batchSink,
                    {[this](ListenerId listener) { gone(listener); }, [this] { endIfEmpty(); },
                     [this] {
                         lookWhoWaits();
                         placement.setReadingPaused(host.context().readingPaused, recorderIsBehind);
                     }})
    {
        sink.setRelieved([this] { loop.post([this] { lookWhoWaits(); }); });
    }

    ~Impl() { resolverGate->close(); }
    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    // A listening socket, and what is to be known of it.
    struct Open {
        std::unique_ptr<ListenSocket> socket;
        Serving serving = Serving::EventLoop;
    };

    Link *find(PeerId peer) const { return host.find(peer); }
    ListenSocket *findListener(ListenerId listener) const
    {
        const auto found = listeners.find(listener);
        return found == listeners.end() ? nullptr : found->second.socket.get();
    }
    std::size_t peers() const { return host.size() + placement.size(); } // wherever they are served
    PeerId nextPeer() { return lastPeer.fetch_add(1, std::memory_order_relaxed) + 1; }
    std::size_t peersOf(ListenerId listener) const
    {
        const auto found = counts.find(listener);
        return found == counts.end() ? 0 : found->second;
    }

    void admit(PeerId peer, int fd, PeerInfo info, OptionStore options, std::shared_ptr<UnixPath> path = {})
    {
        ++counts[info.listener];
        host.admit(makeConnection(host.context(), peer, fd, std::move(info), std::move(options), std::move(path)));
    }

    void connected(PeerId peer, const Connector::Outcome &outcome)
    {
        if (const auto found = connectors.find(peer); found != connectors.end()) {
            deadConnectors.push_back(std::move(found->second));
            connectors.erase(found);
        }
        if (outcome.fd < 0) {
            host.outbox().add(RecordKind::ConnectFailed, peer, outcome.failure);
        } else {
            admit(peer, outcome.fd, outcome.info, outcome.options, outcome.path);
            if (Link *link = quitting ? find(peer) : nullptr) { // it succeeded in the turn in which all were cancelled
                link->disconnect();
            }
        }
        endIfEmpty();
    }

    DatagramPort::Owner datagramOwner()
    {
        return {[this] {
                    const std::size_t most = host.context().limits.maxPeers;
                    return most == 0 || peers() < most;
                },
                [this] { return nextPeer(); },
                [this](std::unique_ptr<Link> link) {
                    ++counts[link->listener()];
                    host.admit(std::move(link));
                }};
    }

    void datagramsOpened(PeerId peer, const DatagramClient::Outcome &outcome, DatagramPort::Socket socket)
    {
        if (const auto found = datagramClients.find(peer); found != datagramClients.end()) {
            deadDatagramClients.push_back(std::move(found->second));
            datagramClients.erase(found);
        }
        if (socket.fd < 0) {
            host.outbox().add(RecordKind::ConnectFailed, peer, outcome.failure);
        } else {
            const auto port
                = std::make_shared<DatagramPort>(host.context(), datagramReceiver, std::move(socket), datagramOwner());
            port->addOwn(peer, outcome.info);
            if (Link *link = quitting ? find(peer) : nullptr) {
                link->disconnect();
            }
        }
        endIfEmpty();
    }

    void gone(ListenerId listener)
    {
        if (const auto found = counts.find(listener); found != counts.end() && --found->second == 0) {
            counts.erase(found);
            sayStopped(listener);
        }
        for (const auto &[id, open] : listeners) {
            open.socket->resume();
        }
        endIfEmpty();
    }

    // Of a listener that was stopped: its last peer has gone.
    void sayStopped(ListenerId listener)
    {
        if (stopping.contains(listener) && peersOf(listener) == 0) {
            stopping.erase(listener);
            host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{listener});
        }
    }

    // No stream is read while the recorder is behind, nor while what was said is not yet where it goes: the latter is over in
    // a moment, and nothing is said of it.
    void lookWhoWaits()
    {
        const bool wasBehind = std::exchange(recorderIsBehind, sink.isCongested());
        const bool wasPaused = host.context().readingPaused;
        const bool paused = recorderIsBehind || placement.isRelayFull();
        if (wasPaused == paused && wasBehind == recorderIsBehind) {
            return;
        }
        host.setReadingPaused(paused);
        placement.setReadingPaused(paused, recorderIsBehind);
        if (wasBehind != recorderIsBehind) {
            sayRecorderIsBehind(recorderIsBehind);
        }
        // Who comes and goes is work for the recorder as well. Sockets of datagrams look at the context: after it.
        for (const auto &[id, open] : listeners) {
            open.socket->setPaused(recorderIsBehind);
        }
    }

    void sayRecorderIsBehind(bool paused)
    {
        loop.cancel(calmTimer);
        if (!paused) {
            calmTimer = loop.runAt(loop.now() + kCalm, [this] {
                calmTimer = 0;
                pauseSaid = false;
                host.outbox().add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::ReadingResumed, 0, 0, {}});
            });
        } else if (!std::exchange(pauseSaid, true)) {
            host.outbox().add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::ReadingPaused, 0, 0, {}});
        }
    }

    std::unique_ptr<ListenSocket> makeListener(ListenerId id, const ListenOptions &options)
    {
        if (isDatagram(options.transport)) {
            return std::make_unique<DatagramListener>(host.context(), datagramReceiver, id, datagramOwner());
        }
        Listener::Owner owner;
        owner.hasRoom = [this, id, isOne = options.serving == Serving::OneAtATime] {
            if (isOne && peersOf(id) > 0) {
                return Listener::Room::OneAtATime;
            }
            const std::size_t most = host.context().limits.maxPeers;
            return most == 0 || peers() < most ? Listener::Room::Free : Listener::Room::Limited;
        };
        owner.nextPeer = [this] { return nextPeer(); };
        owner.accepted = [this, options](Listener::Accepted peer) {
            ++counts[peer.info.listener];
            if (!placement.place(options, peer)) {
                host.admit(makeConnection(host.context(), peer.peer, peer.fd, std::move(peer.info), std::move(peer.options)));
            }
        };
        return std::make_unique<Listener>(host.context(), id, std::move(owner));
    }

    // False where there is none.
    bool close(ListenerId listener)
    {
        const auto found = listeners.find(listener);
        if (found == listeners.end()) {
            return false;
        }
        found->second.socket->close();
        deadListeners.push_back(std::move(found->second.socket));
        listeners.erase(found);
        return true;
    }

    void stop(ListenerId listener)
    {
        if (close(listener)) {
            stopping[listener] = true;
            host.forEach([listener](Link &link) {
                if (link.listener() == listener) {
                    link.disconnect();
                }
            });
            placement.disconnect(listener);
            sayStopped(listener);
        }
    }

    // Where the peer is served.
    void perform(Command command)
    {
        if (!placement.has(command.peer)) {
            execute(host, command);
        } else {
            placement.command(std::move(command));
        }
    }

    void disconnectAll()
    {
        for (const auto &[peer, connector] : connectors) {
            connector->cancel();
        }
        for (const auto &[peer, client] : datagramClients) {
            client->cancel();
        }
        host.forEach([](Link &link) { link.disconnect(); });
        placement.disconnectAll();
    }

    void stopAll()
    {
        std::vector<ListenerId> open;
        for (const auto &[id, listener] : listeners) {
            open.push_back(id);
        }
        for (const ListenerId id : open) {
            close(id);
            stopping[id] = true;
        }
        disconnectAll();
        for (const ListenerId id : open) {
            sayStopped(id);
        }
        endIfEmpty();
    }

    void endIfEmpty()
    {
        if (quitting && host.isEmpty() && connectors.empty() && datagramClients.empty() && placement.isIdle()) {
            loop.stop();
        }
    }

    TimePoint turnEnd()
    {
        const TimePoint due = host.turnEnd();
        deadConnectors.clear();
        deadDatagramClients.clear();
        deadListeners.clear();
        lookWhoWaits();
        return due;
    }

    // What is left when the loop has ended.
    void end()
    {
        placement.finish();
        while (!listeners.empty()) {
            const ListenerId id = listeners.begin()->first;
            close(id);
            host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{id});
        }
        connectors.clear();
        datagramClients.clear();
        host.forEach([](Link &link) { link.abort(); });
        for (const auto &[id, waits] : std::exchange(stopping, {})) { // for peers that were served elsewhere
            host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{id});
        }
        host.end();
    }

    BatchSink &sink;
    EventLoop loop;
    PeerHost host;
    Placement placement;
    std::map<ListenerId, Open> listeners;
    std::unordered_map<PeerId, std::unique_ptr<Connector>> connectors;
    std::unordered_map<ListenerId, std::size_t> counts; // of peers, by the listener that they came to
    std::unordered_map<ListenerId, bool> stopping;      // Stopped is to be said when all of its peers have gone
    std::vector<std::unique_ptr<Connector>> deadConnectors;
    DatagramReceiver datagramReceiver; // of all datagram sockets
    std::unordered_map<PeerId, std::unique_ptr<DatagramClient>> datagramClients;
    std::vector<std::unique_ptr<DatagramClient>> deadDatagramClients;
    std::vector<std::unique_ptr<ListenSocket>> deadListeners;
    std::shared_ptr<Resolver::Gate> resolverGate
        = std::make_shared<Resolver::Gate>([this](std::function<void()> task) { loop.post(std::move(task)); });
    EventLoop::TimerId calmTimer = 0;
    bool pauseSaid = false;
    bool recorderIsBehind = false;
    std::atomic<PeerId> lastPeer = kNoPeer;
    std::atomic<ListenerId> lastListener = kNoListener;
    std::atomic<int> quits = 0;
    bool quitting = false;
};

Engine::Engine(Syscalls &syscalls, BatchSink &sink)
    : m(std::make_unique<Impl>(syscalls, sink))
{
}

Engine::~Engine() = default;

void Engine::setThreadFactory(ThreadFactory factory)
{
    m->placement.setThreadFactory(std::move(factory));
}

void Engine::setPeerProgram(const std::string &path)
{
    m->placement.setPeerProgram(path);
}

void Engine::post(std::function<void()> task)
{
    m->loop.post(std::move(task));
}

PeerId Engine::reservePeer()
{
    return m->nextPeer();
}

ListenerId Engine::reserveListener()
{
    return m->lastListener.fetch_add(1, std::memory_order_relaxed) + 1;
}

void Engine::quit()
{
    if (m->quits.fetch_add(1) > 0) {
        m->loop.stop();
        return;
    }
    m->loop.post([this] {
        m->quitting = true;
        m->stopAll();
    });
}

void Engine::run()
{
    m->loop.run([this] { return m->turnEnd(); });
    m->end();
}

void Engine::listen(ListenerId listener, const ListenOptions &options)
{
    std::unique_ptr<ListenSocket> socket = m->makeListener(listener, options);
    if (socket->open(options)) {
        socket->setPaused(m->recorderIsBehind);
        m->listeners[listener] = {std::move(socket), options.serving};
    }
}

ListenerId Engine::listen(const ListenOptions &options)
{
    const ListenerId listener = reserveListener();
    listen(listener, options);
    return listener;
}

void Engine::stopListening(ListenerId listener)
{
    if (m->close(listener)) {
        m->host.outbox().add(RecordKind::Stopped, kNoPeer, StoppedInfo{listener});
    }
}

void Engine::stop(ListenerId listener)
{
    m->stop(listener);
}

void Engine::stopAll()
{
    m->stopAll();
}

void Engine::pauseAccepting(ListenerId listener, bool paused)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setAcceptingPaused(paused);
    }
}

void Engine::joinGroup(ListenerId listener, const MulticastGroup &group)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setMember(group, true);
    }
}

void Engine::leaveGroup(ListenerId listener, const MulticastGroup &group)
{
    if (ListenSocket *socket = m->findListener(listener)) {
        socket->setMember(group, false);
    }
}

void Engine::connectTo(PeerId peer, const ConnectOptions &options)
{
    if (isDatagram(options.transport)) {
        auto &client = m->datagramClients[peer];
        client
            = std::make_unique<DatagramClient>(m->host.context(), peer, options, m->resolverGate,
                                               [this, peer](const DatagramClient::Outcome &outcome, DatagramPort::Socket socket) {
                                                   m->datagramsOpened(peer, outcome, std::move(socket));
                                               });
        client->start();
        if (m->quitting) {
            client->cancel();
        }
        return;
    }
    auto &connector = m->connectors[peer];
    connector = std::make_unique<Connector>(m->host.context(), peer, options, m->resolverGate,
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
    if (const auto found = m->datagramClients.find(peer); found != m->datagramClients.end()) {
        found->second->cancel();
    }
}

void Engine::setAnswer(const AnswerOptions &answer)
{
    m->host.room().flush();
    AnswerOptions &now = m->host.context().answer;
    const bool differs = answer.mode != now.mode;
    now = answer;
    m->placement.state().answer = answer;
    m->placement.stateChanged();
    if (differs) {
        m->host.outbox().add(RecordKind::Note, kNoPeer,
                             NoteInfo{NoteCode::AnswerChanged, static_cast<std::int64_t>(answer.mode), 0, {}});
    }
}

void Engine::note(PeerId peer, const NoteInfo &note)
{
    m->perform({.kind = Command::Kind::Note, .peer = peer, .note = note});
}

void Engine::setLimits(const Limits &limits)
{
    m->host.context().limits = limits;
    m->placement.state().limits = limits;
    m->placement.stateChanged();
    for (const auto &[id, open] : m->listeners) {
        open.socket->resume();
    }
}

void Engine::followDelivery()
{
    m->host.followDelivery();
    m->placement.state().followsDelivery = true;
    m->placement.stateChanged();
}

void Engine::stampDelivery(PeerId stamped)
{
    m->host.stampDelivery(stamped);
    m->placement.stampDelivery(stamped);
}

void Engine::traceData(PeerId peer)
{
    m->host.traceData(peer);
    m->placement.traceData(peer);
}

void Engine::send(PeerId peer, std::span<const std::byte> bytes)
{
    if (m->placement.has(peer)) {
        m->placement.command({.kind = Command::Kind::Send, .peer = peer, .bytes = {bytes.begin(), bytes.end()}});
    } else if (Link *link = m->find(peer)) {
        link->send(bytes);
    } else {
        Room::refuse(m->host.outbox(), peer, bytes, {RefusedReason::NotConnected, 0});
    }
}

void Engine::sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes)
{
    const std::vector<PeerId> here = m->placement.sendToMany(peers, bytes);
    if (!here.empty()) {
        execute(m->host, {.kind = Command::Kind::SendToSome, .bytes = {bytes.begin(), bytes.end()}, .peers = here});
    }
}

void Engine::sendToAll(std::span<const std::byte> bytes)
{
    m->host.room().sendToAll(bytes);
}

void Engine::finishSending(PeerId peer)
{
    m->perform({.kind = Command::Kind::FinishSending, .peer = peer});
}

void Engine::disconnect(PeerId peer)
{
    m->perform({.kind = Command::Kind::Disconnect, .peer = peer});
}

void Engine::reset(PeerId peer)
{
    m->perform({.kind = Command::Kind::Reset, .peer = peer});
}

void Engine::endReceiving(PeerId peer)
{
    m->perform({.kind = Command::Kind::EndReceiving, .peer = peer});
}

void Engine::shutdownBoth(PeerId peer)
{
    m->perform({.kind = Command::Kind::ShutdownBoth, .peer = peer});
}

void Engine::stopReading(PeerId peer, bool stopped)
{
    m->perform({.kind = Command::Kind::StopReading, .peer = peer, .on = stopped});
}

void Engine::setFaults(PeerId peer, const Faults &faults)
{
    m->perform({.kind = Command::Kind::SetFaults, .peer = peer, .faults = faults});
}

void Engine::readOptions(PeerId peer, OptionsTold told)
{
    m->perform({.kind = Command::Kind::ReadOptions, .peer = peer, .optionsTold = std::move(told)});
}

void Engine::readListenerOptions(ListenerId listener, OptionsTold told)
{
    const ListenSocket *socket = m->findListener(listener);
    told(socket ? socket->readOptions() : std::vector<OptionState>{});
}

void Engine::setOption(PeerId peer, const OptionValue &value)
{
    m->perform({.kind = Command::Kind::SetOption, .peer = peer, .option = value});
}

void Engine::setListenerOption(ListenerId listener, const OptionValue &value)
{
    ListenSocket *socket = m->findListener(listener);
    if (socket && socket->setOption(value)) {
        m->host.outbox().add(RecordKind::Note, kNoPeer, optionNote(value));
    }
}

void Engine::disconnectAll()
{
    m->disconnectAll();
}

std::size_t Engine::queued(PeerId peer) const
{
    const Link *link = m->find(peer);
    return link ? link->queued() : m->placement.queued(peer);
}

void Engine::onDrained(PeerId peer, std::function<void()> drained)
{
    m->perform({.kind = Command::Kind::OnDrained, .peer = peer, .drained = std::move(drained)});
}

std::size_t Engine::peerCount() const
{
    return m->peers();
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

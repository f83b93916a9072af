// SPDX-License-Identifier: MIT
#include "net/engine.h"

#include <utility>
#include <vector>

#include <sys/resource.h>

#include "net/engineimpl.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr auto kCalm = 1s; // without a pause, before it is said to be over

} // namespace

Engine::Impl::Impl(Syscalls &syscalls, BatchSink &batchSink)
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

Engine::Impl::~Impl()
{
    resolverGate->close();
}

// No stream is read while the recorder is behind, nor while what was said is not yet where it goes: the latter is over in
// a moment, and nothing is said of it.
void Engine::Impl::lookWhoWaits()
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
        open->setPaused(recorderIsBehind);
    }
}

void Engine::Impl::sayRecorderIsBehind(bool paused)
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

void Engine::Impl::disconnectAll()
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

void Engine::Impl::stopAll()
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

void Engine::Impl::endIfEmpty()
{
    if (quitting && host.isEmpty() && connectors.empty() && datagramClients.empty() && placement.isIdle()) {
        loop.stop();
    }
}

TimePoint Engine::Impl::turnEnd()
{
    const TimePoint due = host.turnEnd();
    deadConnectors.clear();
    deadDatagramClients.clear();
    deadListeners.clear();
    lookWhoWaits();
    return due;
}

// What is left when the loop has ended.
void Engine::Impl::end()
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

void Engine::stopAll()
{
    m->stopAll();
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

void Engine::setLimits(const Limits &limits)
{
    m->host.context().limits = limits;
    m->placement.state().limits = limits;
    m->placement.stateChanged();
    for (const auto &[id, open] : m->listeners) {
        open->resume();
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

void Engine::disconnectAll()
{
    m->disconnectAll();
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

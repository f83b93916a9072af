// SPDX-License-Identifier: MIT
#include "net/threadhost.h"

#include <utility>

#include <unistd.h>

#include "net/sendqueue.h"
#include "net/unixconnection.h"

namespace tincan {

namespace {

// Of a thread that serves one peer. What is not touched costs nothing but addresses.
constexpr std::size_t kStack = 256 * 1024;

std::size_t sizeOf(const std::vector<Relayed::Item> &items)
{
    std::size_t size = 0;
    for (const Relayed::Item &item : items) {
        size += item.slice.size + SendQueue::kCostOfMessage;
    }
    return size;
}

} // namespace

ThreadHost::ThreadHost(const Surroundings &surroundings, Life life)
    : m_around(surroundings)
    , m_life(life)
    , m_host(
          m_loop, surroundings.syscalls, surroundings.sink, [this](Link &link) { m_news.gone.push_back(link.id()); },
          life == Life::AsLongAsItsPeer ? OutboxSize::Small : OutboxSize::Large)
{
    m_host.context().exchange = this;
}

ThreadHost::~ThreadHost()
{
    join();
}

Result<void> ThreadHost::start(const ThreadFactory &factory, const HostState &state)
{
    auto thread = factory([this, state] { work(state); }, kStack);
    if (!thread) {
        return tl::unexpected(thread.error());
    }
    m_thread = std::move(*thread);
    return {};
}

void ThreadHost::join()
{
    if (m_thread) {
        m_thread->join();
        m_thread.reset();
        m_loop.runLeft();
        m_host.end();
    }
}

void ThreadHost::admit(PeerId peer, UniqueFd fd, const PeerInfo &info, const OptionStore &options)
{
    // Shared, so that a task that is never run closes it.
    auto owned = std::make_shared<UniqueFd>(std::move(fd));
    auto queued = std::make_shared<Queued>();
    m_queued[peer] = queued;
    m_loop.post([this, peer, owned = std::move(owned), info, options, queued = std::move(queued)] {
        serve(peer, std::move(*owned), info, options, queued);
    });
}

void ThreadHost::command(Command command)
{
    if (command.optionsTold) {
        command.optionsTold = [&loop = m_around.loop, told = std::move(command.optionsTold)](
                                  const std::vector<OptionState> &states) { loop.post([told, states] { told(states); }); };
    }
    if (command.drained) { // which is to be heard where it was asked
        command.drained = [&loop = m_around.loop, drained = std::move(command.drained)] { loop.post(drained); };
    }
    auto counted = onTheWay(command);
    m_loop.post([this, command = std::move(command), counted = std::move(counted)] {
        execute(m_host, command);
        for (const auto &queued : counted) {
            queued->onTheWay.fetch_sub(command.bytes.size(), std::memory_order_relaxed);
        }
    });
}

// Of what is to be sent: those to whom. It is counted from now on.
std::vector<std::shared_ptr<ThreadHost::Queued>> ThreadHost::onTheWay(const Command &command) const
{
    std::vector<PeerId> peers;
    if (command.kind == Command::Kind::Send) {
        peers = {command.peer};
    } else if (command.kind == Command::Kind::SendToSome) {
        peers = command.peers;
    }
    std::vector<std::shared_ptr<Queued>> counted;
    for (const PeerId peer : peers) {
        if (const auto found = m_queued.find(peer); found != m_queued.end()) {
            found->second->onTheWay.fetch_add(command.bytes.size(), std::memory_order_relaxed);
            counted.push_back(found->second);
        }
    }
    return counted;
}

std::size_t ThreadHost::queued(PeerId peer) const
{
    const auto found = m_queued.find(peer);
    return found == m_queued.end() ? 0 : found->second->onTheWay.load() + found->second->atLink.load();
}

void ThreadHost::deliver(const RelayedRef &relayed)
{
    m_loop.post([this, relayed, held = RelayGauge::hold(m_around.gauge, sizeOf(relayed->items))] { m_host.deliver(*relayed); });
}

void ThreadHost::stop()
{
    m_loop.stop();
}

void ThreadHost::work(const HostState &state)
{
    apply(m_host, state);
    m_loop.run([this] { return turnEnd(); });
    m_host.end();
    tellNews();
    m_around.loop.post([this] { m_around.owner.ended(*this); });
}

TimePoint ThreadHost::turnEnd()
{
    TimePoint due = m_host.turnEnd();
    if (!m_news.isEmpty()) {
        m_host.outbox().publish(); // who hears of it finds the records there
        tellNews();
        due = TimePoint::max();
    }
    if (!m_host.context().readingPaused && (m_around.sink.isCongested() || m_around.gauge->isFull())) {
        m_host.setReadingPaused(true);
        m_around.loop.post([this] { m_around.owner.waits(*this); });
    }
    if (m_life == Life::AsLongAsItsPeer && m_hadPeer && m_host.isEmpty()) {
        m_loop.stop();
    }
    return due;
}

void ThreadHost::tellNews()
{
    if (m_news.isEmpty()) {
        return;
    }
    auto held = RelayGauge::hold(m_around.gauge, sizeOf(m_news.said));
    m_around.loop.post([&owner = m_around.owner, held = std::move(held), news = std::exchange(m_news, {})] { owner.tell(news); });
}

void ThreadHost::serve(PeerId peer, UniqueFd fd, const PeerInfo &info, const OptionStore &options,
                       const std::shared_ptr<Queued> &queued)
{
    m_hadPeer = true;
    auto link = makeConnection(m_host.context(), peer, fd.release(), info, options);
    if (m_life == Life::AsLongAsItsPeer) {
        m_host.outbox().add(RecordKind::Note, peer, NoteInfo{NoteCode::ServedByThread, ::gettid(), 0, {}});
    }
    link->tellQueued({queued, &queued->atLink});
    m_host.admit(std::move(link));
}

bool ThreadHost::relay(Link &sender, std::span<const std::byte> message)
{
    m_news.said.push_back(
        {sender.id(), Audience::All, m_host.outbox().slice(message.data(), static_cast<std::uint32_t>(message.size()))});
    return true;
}

} // namespace tincan

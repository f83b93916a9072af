// SPDX-License-Identifier: MIT
#include "net/listener.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>

#include "net/credentials.h"
#include "net/portowner.h"

namespace tincan {

namespace {

using namespace std::chrono_literals;

constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kFirstBackOff = 100ms;
constexpr std::chrono::milliseconds kLongestBackOff = 1000ms;
constexpr auto kSayAgain = 1s;

bool isExhaustion(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// Errors of a connection that died in the queue, or of the network: accept(2) says to treat them like EAGAIN.
bool isThePeers(int error)
{
    return error == ECONNABORTED || error == EPROTO || error == EPERM || error == ENETDOWN || error == ENOPROTOOPT
        || error == EHOSTDOWN || error == ENONET || error == EHOSTUNREACH || error == EOPNOTSUPP || error == ENETUNREACH;
}

// Peers of IPv4 on a socket of IPv6.
bool welcomesIpv4(const ListenOptions &options)
{
    if (options.address.family() != Endpoint::Family::IPv6 || !options.address.isAny()) {
        return false;
    }
    const auto only = std::find_if(options.options.rbegin(), options.options.rend(),
                                   [](const OptionValue &value) { return value.option == SocketOption::V6Only; });
    return only == options.options.rend() ? options.dualStack : only->value == 0;
}

} // namespace

Listener::Listener(NetContext &context, ListenerId id, Owner owner)
    : m_context(context)
    , m_owner(std::move(owner))
    , m_id(id)
{
}

Listener::~Listener()
{
    close();
}

bool Listener::failOpen(Error error, const ListenOptions &options, PortOwner owner)
{
    FailureInfo failure;
    failure.error = std::move(error);
    failure.owner = std::move(owner);
    failure.endpoint = options.address;
    failure.listener = m_id;
    failure.transport = options.transport;
    if (failure.error.code == EADDRINUSE && options.transport == Transport::Tcp) {
        failure.owner = findPortOwner(options.address);
    }
    m_path.remove(m_context.calls);
    if (m_fd >= 0) {
        m_context.calls.close(std::exchange(m_fd, -1));
    }
    m_context.outbox.add(RecordKind::ListenFailed, kNoPeer, std::move(failure));
    return false;
}

bool Listener::configure(const ListenOptions &options)
{
    if (!applyOptions(options) || !bind(options)) {
        return false;
    }
    if (m_context.calls.listen(m_fd, options.backlog) < 0) {
        return failOpen({errno, CallName::Listen, {}}, options);
    }
    return true;
}

bool Listener::bind(const ListenOptions &options)
{
    if (!isUnix(m_transport)) {
        return m_context.calls.bind(m_fd, options.address, false) == 0 || failOpen({errno, CallName::Bind, {}}, options);
    }
    std::optional<UnixPath::Failure> failure = m_path.bind(m_context.calls, m_fd, options.address, m_transport, options.pathMode);
    return !failure || failOpen(std::move(failure->error), options, std::move(failure->owner));
}

// Ours, as far as nothing else is asked for. What is accepted inherits them: with TCP_NODELAY a message goes out when it is sent.
bool Listener::applyOptions(const ListenOptions &options)
{
    const OptionValues values = withDefaults(options.options,
                                             {{SocketOption::ReuseAddress, 1, {}},
                                              {SocketOption::V6Only, welcomesIpv4(options) ? 0 : 1, {}},
                                              {SocketOption::NoDelay, 1, {}}});
    const int family = options.address.addressFamily();
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) { // buffers count before listen(2) too
        if (const int error = m_options.apply(m_context.calls, m_fd, m_transport, family, true, values, time); error != 0) {
            return failOpen({error, CallName::SetSockOpt, {}}, options);
        }
    }
    return true;
}

std::vector<OptionState> Listener::readOptions() const
{
    Syscalls &sys = m_context.calls.raw();
    return m_options.read(sys, m_fd, m_transport, OptionStore::familyOf(sys, m_fd), true);
}

bool Listener::setOption(const OptionValue &value)
{
    const int family = OptionStore::familyOf(m_context.calls.raw(), m_fd);
    return m_options.set(m_context.calls, m_fd, m_transport, family, true, value) == 0;
}

bool Listener::open(const ListenOptions &options)
{
    m_fd = m_context.calls.socket(options.address.addressFamily(), options.transport);
    m_transport = options.transport;
    if (m_fd < 0) {
        return failOpen({errno, CallName::Socket, {}}, options);
    }
    if (!configure(options)) {
        return false;
    }
    m_local = m_context.calls.localName(m_fd, kNoPeer);
    if (const int error = m_context.loop.add(m_fd, EPOLLIN, this); error != 0) {
        return failOpen({error, CallName::Epoll, {}}, options);
    }
    m_watching = true;
    m_spare = m_context.calls.raw().openDescriptor("/dev/null", O_RDONLY | O_CLOEXEC);
    ListenInfo info{.local = m_local, .fd = m_fd, .backlog = options.backlog};
    info.id = m_id;
    info.transport = m_transport;
    info.serving = options.serving;
    info.dualStack = welcomesIpv4(options);
    info.replacedStale = m_path.replacedStale();
    m_context.outbox.add(RecordKind::Listening, kNoPeer, std::move(info));
    return true;
}

void Listener::close()
{
    m_context.loop.cancel(m_backOffTimer);
    if (m_fd >= 0) {
        m_context.loop.remove(m_fd);
        m_path.remove(m_context.calls);
        m_context.calls.close(std::exchange(m_fd, -1));
    }
    if (m_spare >= 0) {
        m_context.calls.raw().close(std::exchange(m_spare, -1));
    }
}

void Listener::updateWatching()
{
    const bool watching = !m_waitsForRoom && !m_paused && !m_acceptingPaused && m_backOffTimer == 0;
    if (m_fd >= 0 && watching != m_watching) {
        m_watching = watching;
        m_context.loop.modify(m_fd, watching ? static_cast<std::uint32_t>(EPOLLIN) : 0, this);
    }
}

void Listener::resume()
{
    m_waitsForRoom = false;
    updateWatching();
}

void Listener::setPaused(bool paused)
{
    m_paused = paused;
    updateWatching();
}

void Listener::setAcceptingPaused(bool paused)
{
    if (paused != m_acceptingPaused) {
        m_acceptingPaused = paused;
        m_context.outbox.add(RecordKind::Note, kNoPeer,
                             NoteInfo{paused ? NoteCode::AcceptingPaused : NoteCode::AcceptingGoesOn, m_id, 0, {}});
        updateWatching();
    }
}

void Listener::onEvents(std::uint32_t /*events*/)
{
    for (int i = 0; i < kAcceptsPerTurn && m_fd >= 0 && m_watching; ++i) {
        if (const Room room = m_owner.hasRoom(); room != Room::Free) {
            m_waitsForRoom = true;
            updateWatching();
            if (room == Room::OneAtATime) {
                return;
            }
            m_context.outbox.add(
                RecordKind::Note, kNoPeer,
                NoteInfo{NoteCode::PeerLimitReached, static_cast<std::int64_t>(m_context.limits.maxPeers), 0, {}});
            return;
        }
        if (!acceptOne()) {
            return;
        }
    }
}

// False where there is nothing more to accept now.
bool Listener::acceptOne()
{
    Accepted accepted;
    accepted.fd = m_context.calls.accept(m_fd, accepted.info.remote, accepted.peer, m_owner.nextPeer);
    if (accepted.fd < 0) {
        const int error = errno;
        if (isExhaustion(error)) {
            exhausted(error);
            return false;
        }
        return isThePeers(error);
    }
    m_backOff = 0ms;
    // On one address the peer's side of ours is known; on a wildcard the kernel is asked.
    accepted.info.local = m_local.isAny() ? m_context.calls.localName(accepted.fd, accepted.peer) : m_local;
    accepted.info.fd = accepted.fd;
    accepted.info.listener = m_id;
    accepted.info.transport = m_transport;
    if (isUnix(m_transport)) {
        accepted.info.process = peerCredentials(m_context.calls, accepted.fd, accepted.peer);
    }
    accepted.options = m_options;
    m_owner.accepted(std::move(accepted));
    return true;
}

// Level-triggered, a peer that cannot be accepted would wake us for ever. So one is turned away (it sees the end of the stream
// rather than silence), and then we look away for a while. accept4(2) says EMFILE before it looks into the queue: with nobody in
// it nothing is wrong.
void Listener::exhausted(int error)
{
    Syscalls &sys = m_context.calls.raw();
    if (m_spare >= 0) {
        sys.close(std::exchange(m_spare, -1));
        const int fd = sys.accept4(m_fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const bool isQueueEmpty = fd < 0 && errno == EAGAIN;
        if (fd >= 0) {
            sys.close(fd);
            ++m_turnedAway;
        }
        m_spare = sys.openDescriptor("/dev/null", O_RDONLY | O_CLOEXEC);
        if (isQueueEmpty) {
            return;
        }
    }
    const TimePoint now = m_context.loop.now();
    if (now - m_exhaustedSaid >= kSayAgain) {
        m_exhaustedSaid = now;
        m_context.outbox.add(RecordKind::Note, kNoPeer,
                             NoteInfo{NoteCode::DescriptorsExhausted, std::exchange(m_turnedAway, 0), error, {}});
    }
    m_backOff = std::clamp(m_backOff * 2, kFirstBackOff, kLongestBackOff);
    m_backOffTimer = m_context.loop.runAt(now + m_backOff, [this, &sys] {
        m_backOffTimer = 0;
        if (m_spare < 0) {
            m_spare = sys.openDescriptor("/dev/null", O_RDONLY | O_CLOEXEC);
        }
        updateWatching();
    });
    updateWatching();
}

} // namespace tincan

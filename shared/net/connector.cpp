// SPDX-License-Identifier: MIT
#include "net/connector.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <sys/epoll.h>

#include "net/credentials.h"
#include "net/localname.h"
#include "net/portowner.h"

namespace tincan {

namespace {

// RFC 8305 §5: the recommended Connection Attempt Delay.
constexpr std::chrono::milliseconds kStagger{250};
// Of a full accept queue.
constexpr std::chrono::milliseconds kFirstWait{10};
constexpr std::chrono::milliseconds kLongestWait{320};

} // namespace

Connector::Connector(NetContext &context, PeerId peer, ConnectOptions options, std::shared_ptr<Resolver::Gate> gate,
                     std::function<void(Outcome)> done)
    : m_context(context)
    , m_options(std::move(options))
    , m_gate(std::move(gate))
    , m_done(std::move(done))
    , m_peer(peer)
{
}

Connector::~Connector()
{
    stopAll();
    m_context.loop.cancel(m_tell);
}

void Connector::start()
{
    m_context.outbox.add(RecordKind::Connecting, m_peer, ConnectInfo{m_options.host, m_options.port});
    m_limit = m_context.loop.runAt(m_context.loop.now() + m_options.timeout, [this] {
        m_limit = 0;
        give(FailureCause::TimedOut, {ETIMEDOUT, CallName::Connect, {}});
    });
    if (isUnix(m_options.transport)) {
        const Endpoint endpoint = unixEndpoint(m_options.host);
        const int error = unixNameError(endpoint);
        error != 0 ? attemptFailed(endpoint, {error, CallName::Connect, m_options.host}) : begin(endpoint);
        return;
    }
    m_token = Resolver::lookUp(m_context.calls, m_peer, m_options.host, m_options.port, m_gate,
                               [this](const Resolver::Answer &answer) { resolved(answer); });
}

void Connector::cancel()
{
    give(FailureCause::Cancelled, {ECANCELED, CallName::Connect, {}});
}

void Connector::resolved(const Resolver::Answer &answer)
{
    if (m_finished) {
        return;
    }
    if (!answer) {
        give(FailureCause::Resolve, answer.error());
        return;
    }
    m_addresses = *answer;
    dropOtherFamily(m_addresses, m_options.local);
    tryNext();
}

void Connector::tryNext()
{
    m_context.loop.cancel(m_stagger);
    if (m_finished) {
        return;
    }
    if (m_next < m_addresses.size()) {
        const Endpoint endpoint = m_addresses[m_next++];
        begin(endpoint);
        return;
    }
    if (m_tries.empty()) {
        give(FailureCause::Call, m_failed.empty() ? Error{ECONNREFUSED, CallName::Connect, {}} : m_failed.back().error);
    }
}

void Connector::begin(const Endpoint &endpoint)
{
    const int fd = m_context.calls.socket(endpoint.addressFamily(), m_options.transport, m_peer);
    if (fd < 0) {
        attemptFailed(endpoint, {errno, CallName::Socket, {}});
        return;
    }
    m_tries.push_back(std::make_unique<Try>(*this, fd, endpoint));
    Try &attempt = *m_tries.back();
    if (Error error = prepare(attempt); error.code != 0) {
        failed(attempt, std::move(error));
        return;
    }
    connect(attempt);
}

// Options and the local address. Code 0: done.
Error Connector::prepare(Try &attempt)
{
    const bool isBound = !m_options.local.isEmpty();
    OptionValues defaults{{SocketOption::NoDelay, 1, {}}}; // a message goes out when it is sent
    if (isBound) {
        defaults.push_back({SocketOption::ReuseAddress, 1, {}});
    }
    const OptionValues values = withDefaults(m_options.options, std::move(defaults));
    const int family = attempt.endpoint.addressFamily();
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
        const int error
            = attempt.options.apply(m_context.calls, attempt.fd, m_options.transport, family, false, values, time, m_peer);
        if (error != 0 && isBound) {
            return {error, CallName::SetSockOpt, m_options.local.toString()};
        }
    }
    return isBound ? bindLocal(attempt) : Error{};
}

Error Connector::bindLocal(Try &attempt)
{
    TracedCalls &calls = m_context.calls;
    Endpoint local = m_options.local;
    if (isUnix(m_options.transport)) {
        attempt.path = std::make_shared<UnixPath>();
        const auto failure = attempt.path->bind(calls, attempt.fd, local, m_options.transport, -1, m_peer);
        if (failure) {
            m_owner = failure->owner;
            return failure->error;
        }
        return {};
    }
    const std::optional<Endpoint> possible = localFor(local, attempt.endpoint);
    if (!possible) {
        return {EAFNOSUPPORT, CallName::Bind, local.toString()};
    }
    local = *possible;
    if (calls.bind(attempt.fd, local, false, m_peer) == 0) {
        return {};
    }
    const int error = errno;
    if (error == EADDRINUSE && m_options.transport == Transport::Tcp) {
        m_owner = findPortOwner(local);
    }
    return {error, CallName::Bind, local.toString()};
}

void Connector::connect(Try &attempt)
{
    const int result = m_context.calls.connect(attempt.fd, attempt.endpoint, m_peer);
    const int error = result < 0 ? errno : 0;
    if (error == EAGAIN && isUnix(m_options.transport)) {
        waitForQueue(attempt);
    } else if (error != 0 && error != EINPROGRESS && error != EINTR) {
        failed(attempt, {error, CallName::Connect, m_options.local.toString()});
    } else {
        if (!isUnix(m_options.transport)) { // connect(2) has chosen it; who wants to ask the kernel for SYN_SENT needs it now
            attempt.local = m_context.calls.localName(attempt.fd, m_peer);
        }
        watch(attempt);
    }
}

// The accept queue is full (connect(2)), and no event tells when it is so no more.
void Connector::waitForQueue(Try &attempt)
{
    attempt.wait = std::clamp(attempt.wait * 2, kFirstWait, kLongestWait);
    attempt.timer = m_context.loop.runAt(m_context.loop.now() + attempt.wait, [this, &attempt] {
        attempt.timer = 0;
        connect(attempt);
    });
}

void Connector::watch(Try &attempt)
{
    if (const int error = m_context.loop.add(attempt.fd, EPOLLOUT, &attempt); error != 0) {
        failed(attempt, {error, CallName::Epoll, {}});
        return;
    }
    if (m_next < m_addresses.size()) {
        m_stagger = m_context.loop.runAt(m_context.loop.now() + kStagger, [this] {
            m_stagger = 0;
            tryNext();
        });
    }
}

void Connector::settled(Try &attempt)
{
    if (m_finished || attempt.fd < 0) {
        return;
    }
    const int error = m_context.calls.pendingError(attempt.fd, m_peer);
    if (error == 0) {
        succeeded(attempt);
        return;
    }
    failed(attempt, {error, CallName::Connect, {}});
}

void Connector::failed(Try &attempt, Error error)
{
    const Endpoint endpoint = attempt.endpoint;
    drop(attempt, true);
    attemptFailed(endpoint, std::move(error));
}

void Connector::attemptFailed(const Endpoint &endpoint, Error error)
{
    m_failed.push_back({endpoint, std::move(error)});
    tryNext();
}

void Connector::succeeded(Try &attempt)
{
    Outcome outcome;
    outcome.fd = attempt.fd;
    outcome.options = attempt.options;
    outcome.path = std::move(attempt.path);
    outcome.info.fd = attempt.fd;
    outcome.info.remote = attempt.endpoint;
    outcome.info.direction = Direction::Outgoing;
    outcome.info.transport = m_options.transport;
    outcome.info.local = attempt.local;
    drop(attempt, false);
    if (isUnix(m_options.transport)) {
        outcome.info.local = m_context.calls.localName(outcome.fd, m_peer);
        outcome.info.process = peerCredentials(m_context.calls, outcome.fd, m_peer);
    }
    m_finished = true;
    stopAll();
    later(std::move(outcome));
}

void Connector::give(FailureCause cause, Error error)
{
    if (m_finished) {
        return;
    }
    m_finished = true;
    Outcome outcome;
    FailureInfo &failure = outcome.failure;
    failure.cause = cause;
    failure.transport = m_options.transport;
    failure.error = std::move(error);
    failure.attempts = m_failed;
    failure.owner = failure.error.code == EADDRINUSE ? m_owner : PortOwner{};
    failure.afterMilliseconds = static_cast<int>(m_options.timeout.count());
    for (const auto &attempt : m_tries) {
        failure.attempts.push_back({attempt->endpoint, {attempt->timer != 0 ? EAGAIN : ETIMEDOUT, CallName::Connect, {}}});
    }
    if (!failure.attempts.empty()) {
        failure.endpoint = failure.attempts.back().endpoint;
    }
    failure.host = m_options.host;
    failure.port = m_options.port;
    stopAll();
    later(std::move(outcome));
}

// The owner destroys us when it hears: so not from within our own functions.
void Connector::later(Outcome outcome)
{
    m_tell = m_context.loop.runAt(m_context.loop.now(), [this, outcome = std::move(outcome)] {
        m_tell = 0;
        const auto done = std::move(m_done);
        done(outcome);
    });
}

void Connector::drop(Try &attempt, bool closing)
{
    m_context.loop.cancel(attempt.timer);
    m_context.loop.remove(attempt.fd);
    if (closing) {
        if (attempt.path) {
            attempt.path->remove(m_context.calls, m_peer);
        }
        m_context.calls.close(attempt.fd, m_peer);
    }
    attempt.fd = -1;
    const auto found = std::find_if(m_tries.begin(), m_tries.end(), [&](const auto &one) { return one.get() == &attempt; });
    m_over.push_back(std::move(*found));
    m_tries.erase(found);
}

void Connector::stopAll()
{
    m_token.reset();
    m_context.loop.cancel(m_stagger);
    m_context.loop.cancel(m_limit);
    while (!m_tries.empty()) {
        drop(*m_tries.back(), true);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/connector.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <sys/epoll.h>

namespace tincan {

namespace {

// RFC 8305 §5: the recommended Connection Attempt Delay.
constexpr std::chrono::milliseconds kStagger{250};

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
    m_token
        = Resolver::lookUp(m_options.host, m_options.port, m_gate, [this](const Resolver::Answer &answer) { resolved(answer); });
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
    if (m_token) { // it was asked for: an address in numbers is known at once
        CallInfo call{.call = CallName::GetAddrInfo, .text = m_options.host};
        call.error = answer ? 0 : answer.error().code;
        call.result = call.error;
        m_context.outbox.add(RecordKind::Call, m_peer, std::move(call));
    }
    if (!answer) {
        give(FailureCause::Resolve, answer.error());
        return;
    }
    m_addresses = *answer;
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

// Options and the local address. Code 0: done.
Error Connector::prepare(int fd, const Endpoint &endpoint, OptionStore &store)
{
    TracedCalls &calls = m_context.calls;
    const bool isBound = !m_options.local.isEmpty();
    OptionValues defaults{{SocketOption::NoDelay, 1, {}}}; // a message goes out when it is sent
    if (isBound) {
        defaults.push_back({SocketOption::ReuseAddress, 1, {}});
    }
    const OptionValues values = withDefaults(m_options.options, std::move(defaults));
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
        if (const int error = store.apply(calls, fd, m_options.transport, endpoint.addressFamily(), false, values, time, m_peer);
            error != 0 && isBound) {
            return {error, CallName::SetSockOpt, m_options.local.toString()};
        }
    }
    Endpoint local = m_options.local;
    if (local.isAny() && endpoint.isIp() && local.family() != endpoint.family()) { // only the port was asked for
        local = endpoint.family() == Endpoint::Family::IPv6 ? Endpoint::ipv6({}, local.port())
                                                            : Endpoint::ipv4(0, local.port());
    }
    const bool mapped = local.family() == Endpoint::Family::IPv4 && endpoint.family() == Endpoint::Family::IPv6;
    if (isBound && calls.bind(fd, local, mapped, m_peer) < 0) {
        return {errno, CallName::Bind, local.toString()};
    }
    return {};
}

void Connector::begin(const Endpoint &endpoint)
{
    TracedCalls &calls = m_context.calls;
    const int fd = calls.socket(endpoint.addressFamily(), m_options.transport, m_peer);
    if (fd < 0) {
        attemptFailed(-1, endpoint, {errno, CallName::Socket, {}});
        return;
    }
    OptionStore store;
    if (Error error = prepare(fd, endpoint, store); error.code != 0) {
        attemptFailed(fd, endpoint, std::move(error));
        return;
    }
    const int result = calls.connect(fd, endpoint, m_peer);
    if (result < 0 && errno != EINPROGRESS && errno != EINTR) {
        attemptFailed(fd, endpoint, {errno, CallName::Connect, {}});
        return;
    }
    m_tries.push_back(std::make_unique<Try>(*this, fd, endpoint, std::move(store)));
    Try &attempt = *m_tries.back();
    if (const int error = m_context.loop.add(fd, EPOLLOUT, &attempt); error != 0) {
        drop(attempt, false);
        attemptFailed(fd, endpoint, {error, CallName::Epoll, {}});
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
    const int fd = attempt.fd;
    const Endpoint endpoint = attempt.endpoint;
    drop(attempt, false);
    attemptFailed(fd, endpoint, {error, CallName::Connect, {}});
}

void Connector::attemptFailed(int fd, const Endpoint &endpoint, Error error)
{
    if (fd >= 0) {
        m_context.calls.close(fd, m_peer);
    }
    m_failed.push_back({endpoint, std::move(error)});
    tryNext();
}

void Connector::succeeded(Try &attempt)
{
    Outcome outcome;
    outcome.fd = attempt.fd;
    outcome.options = attempt.options;
    outcome.info.fd = attempt.fd;
    outcome.info.remote = attempt.endpoint;
    outcome.info.direction = Direction::Outgoing;
    outcome.info.transport = m_options.transport;
    drop(attempt, false);
    outcome.info.local = m_context.calls.localName(outcome.fd, m_peer);
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
    failure.afterMilliseconds = static_cast<int>(m_options.timeout.count());
    for (const auto &attempt : m_tries) {
        failure.attempts.push_back({attempt->endpoint, {ETIMEDOUT, CallName::Connect, {}}});
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
    m_context.loop.remove(attempt.fd);
    if (closing) {
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

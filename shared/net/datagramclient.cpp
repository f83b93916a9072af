// SPDX-License-Identifier: MIT
#include "net/datagramclient.h"

#include <cerrno>
#include <utility>

#include <netinet/in.h>

#include "net/localname.h"
#include "net/multicast.h"

namespace tincan {

DatagramClient::DatagramClient(NetContext &context, PeerId peer, ConnectOptions options, std::shared_ptr<Resolver::Gate> gate,
                               Done done)
    : m_context(context)
    , m_options(std::move(options))
    , m_gate(std::move(gate))
    , m_done(std::move(done))
    , m_peer(peer)
{
}

DatagramClient::~DatagramClient()
{
    m_token.reset();
    m_context.loop.cancel(m_limit);
    m_context.loop.cancel(m_tell);
    dropSocket();
}

void DatagramClient::start()
{
    m_context.outbox.add(RecordKind::Connecting, m_peer, ConnectInfo{m_options.host, m_options.port});
    if (isUnix(m_options.transport)) {
        resolved(std::vector<Endpoint>{unixEndpoint(m_options.host)});
        return;
    }
    m_limit = m_context.loop.runAt(m_context.loop.now() + m_options.timeout, [this] {
        m_limit = 0;
        give(FailureCause::TimedOut, {ETIMEDOUT, CallName::GetAddrInfo, {}});
    });
    m_token = Resolver::lookUp(m_context.calls, m_peer, m_options.host, m_options.port, m_gate,
                               [this](const Resolver::Answer &answer) { resolved(answer); });
}

void DatagramClient::cancel()
{
    give(FailureCause::Cancelled, {ECANCELED, CallName::Connect, {}});
}

void DatagramClient::resolved(const Resolver::Answer &answer)
{
    if (m_finished) {
        return;
    }
    if (!answer) {
        give(FailureCause::Resolve, answer.error());
        return;
    }
    std::vector<Endpoint> addresses = *answer;
    dropOtherFamily(addresses, m_options.local);
    for (const Endpoint &address : addresses) {
        if (open(address)) {
            return;
        }
    }
    give(FailureCause::Call, m_failed.empty() ? Error{EDESTADDRREQ, CallName::Connect, {}} : m_failed.back().error);
}

bool DatagramClient::open(const Endpoint &remote)
{
    if (const int error = isUnix(m_options.transport) ? unixNameError(remote) : 0; error != 0) {
        m_failed.push_back({remote, {error, CallName::Connect, {}}});
        return false;
    }
    m_socket.fd = m_context.calls.socket(remote.addressFamily(), m_options.transport, m_peer);
    Error error = m_socket.fd < 0 ? Error{errno, CallName::Socket, {}} : configure(remote);
    if (error.code != 0) {
        m_failed.push_back({remote, std::move(error)});
        dropSocket();
        return false;
    }
    m_socket.transport = m_options.transport;
    m_socket.isConnected = m_options.connected;
    m_socket.local = m_context.calls.localName(m_socket.fd, m_peer);
    Outcome outcome;
    outcome.info.fd = m_socket.fd;
    outcome.info.remote = remote;
    outcome.info.direction = Direction::Outgoing;
    outcome.info.transport = m_options.transport;
    outcome.info.local = m_socket.local;
    later(std::move(outcome));
    return true;
}

void DatagramClient::dropSocket()
{
    if (m_socket.fd >= 0) {
        m_socket.path.remove(m_context.calls, m_peer);
        m_context.calls.close(m_socket.fd, m_peer);
    }
    m_socket = {};
}

// Options, the local address, and connect(2) where it is wanted. Code 0: done.
Error DatagramClient::configure(const Endpoint &remote)
{
    TracedCalls &calls = m_context.calls;
    const int fd = m_socket.fd;
    const int family = remote.addressFamily();
    OptionValues defaults;
    if (isBroadcast(remote)) {
        defaults.push_back({SocketOption::Broadcast, 1, {}});
    }
    const OptionValues values = withDefaults(m_options.options, std::move(defaults));
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
        const int error = m_socket.options.apply(calls, fd, m_options.transport, family, false, values, time, m_peer);
        if (error != 0 && !m_options.local.isEmpty()) {
            return {error, CallName::SetSockOpt, m_options.local.toString()};
        }
    }
    DatagramPort::prepare(calls, fd, m_options.transport, family, false, m_peer);
    if (m_options.multicastInterface != 0 && !isUnix(m_options.transport)) {
        if (const int error = setMulticastInterface(calls, fd, family, m_options.multicastInterface, m_peer); error != 0) {
            return {error, CallName::SetSockOpt, {}};
        }
    }
    if (Error error = name(remote); error.code != 0) {
        return error;
    }
    if (m_options.connected && calls.connect(fd, remote, m_peer) < 0) {
        return {errno, CallName::Connect, {}};
    }
    return {};
}

// A Unix socket without a name could not be answered.
Error DatagramClient::name(const Endpoint &remote)
{
    TracedCalls &calls = m_context.calls;
    const Endpoint &local = m_options.local;
    if (isUnix(m_options.transport)) {
        if (local.isEmpty()) {
            return calls.bindAnyName(m_socket.fd, m_peer) < 0 ? Error{errno, CallName::Bind, {}} : Error{};
        }
        const auto failure = m_socket.path.bind(calls, m_socket.fd, local, m_options.transport, -1, m_peer);
        return failure ? failure->error : Error{};
    }
    const std::optional<Endpoint> possible = localFor(local, remote);
    if (!possible) {
        return {EAFNOSUPPORT, CallName::Bind, local.toString()};
    }
    if (!possible->isEmpty() && calls.bind(m_socket.fd, *possible, false, m_peer) < 0) {
        return {errno, CallName::Bind, local.toString()};
    }
    return {};
}

void DatagramClient::give(FailureCause cause, Error error)
{
    if (m_finished) {
        return;
    }
    Outcome outcome;
    FailureInfo &failure = outcome.failure;
    failure.cause = cause;
    failure.transport = m_options.transport;
    failure.error = std::move(error);
    failure.attempts = m_failed;
    failure.afterMilliseconds = static_cast<int>(m_options.timeout.count());
    if (!failure.attempts.empty()) {
        failure.endpoint = failure.attempts.back().endpoint;
    }
    failure.host = m_options.host;
    failure.port = m_options.port;
    later(std::move(outcome));
}

// The owner destroys us when it hears: so not from within our own functions.
void DatagramClient::later(Outcome outcome)
{
    m_finished = true;
    m_token.reset();
    m_context.loop.cancel(m_limit);
    m_tell = m_context.loop.runAt(m_context.loop.now(), [this, outcome = std::move(outcome)] {
        m_tell = 0;
        const auto done = std::move(m_done);
        done(outcome, std::exchange(m_socket, {}));
    });
}

} // namespace tincan

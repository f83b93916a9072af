// SPDX-License-Identifier: MIT
#include "net/datagramclient.h"

#include <cerrno>

#include <netinet/in.h>

#include "net/multicast.h"

namespace tincan {

namespace {

// "/run/app.sock", "@name"; anything else is a path too.
Endpoint unixAddress(const std::string &text)
{
    return text.starts_with('@') ? Endpoint::unixAbstract(text.substr(1)) : Endpoint::unixPath(text);
}

} // namespace

DatagramClient::DatagramClient(NetContext &context, PeerId peer, ConnectOptions options, std::shared_ptr<Resolver::Gate> gate,
                               std::function<void(const Outcome &)> done)
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
    if (m_fd >= 0) {
        m_context.calls.close(m_fd, m_peer);
    }
}

void DatagramClient::start()
{
    m_context.outbox.add(RecordKind::Connecting, m_peer, ConnectInfo{m_options.host, m_options.port});
    if (isUnix(m_options.transport)) {
        resolved(std::vector<Endpoint>{unixAddress(m_options.host)});
        return;
    }
    m_limit = m_context.loop.runAt(m_context.loop.now() + m_options.timeout, [this] {
        m_limit = 0;
        give(FailureCause::TimedOut, {ETIMEDOUT, CallName::GetAddrInfo, {}});
    });
    m_token
        = Resolver::lookUp(m_options.host, m_options.port, m_gate, [this](const Resolver::Answer &answer) { resolved(answer); });
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
    for (const Endpoint &address : *answer) {
        if (open(address)) {
            return;
        }
    }
    give(FailureCause::Call, m_failed.empty() ? Error{EDESTADDRREQ, CallName::Connect, {}} : m_failed.back().error);
}

bool DatagramClient::open(const Endpoint &remote)
{
    sockaddr_storage storage{};
    if (remote.toSockaddr(storage) == 0) { // a Unix path that no address holds
        m_failed.push_back({remote, {ENAMETOOLONG, CallName::Connect, {}}});
        return false;
    }
    m_fd = m_context.calls.socket(remote.addressFamily(), m_options.transport, m_peer);
    OptionStore store;
    Error error = m_fd < 0 ? Error{errno, CallName::Socket, {}} : configure(m_fd, remote, store);
    if (error.code != 0) {
        m_failed.push_back({remote, std::move(error)});
        if (m_fd >= 0) {
            m_context.calls.close(std::exchange(m_fd, -1), m_peer);
        }
        return false;
    }
    Outcome outcome;
    outcome.socket.fd = m_fd;
    outcome.socket.transport = m_options.transport;
    outcome.socket.isConnected = m_options.connected;
    outcome.socket.options = std::move(store);
    outcome.info.fd = m_fd;
    outcome.info.remote = remote;
    outcome.info.direction = Direction::Outgoing;
    outcome.info.transport = m_options.transport;
    outcome.info.local = m_context.calls.localName(m_fd, m_peer);
    outcome.socket.local = outcome.info.local;
    later(std::move(outcome));
    return true;
}

// Options, the local address, and connect(2) where it is wanted. Code 0: done.
Error DatagramClient::configure(int fd, const Endpoint &remote, OptionStore &store)
{
    TracedCalls &calls = m_context.calls;
    const int family = remote.addressFamily();
    OptionValues defaults;
    if (isBroadcast(remote)) {
        defaults.push_back({SocketOption::Broadcast, 1, {}});
    }
    const OptionValues values = withDefaults(m_options.options, std::move(defaults));
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
        const int error = store.apply(calls, fd, m_options.transport, family, false, values, time, m_peer);
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
    if (Error error = name(fd, family); error.code != 0) {
        return error;
    }
    if (m_options.connected && calls.connect(fd, remote, m_peer) < 0) {
        return {errno, CallName::Connect, {}};
    }
    return {};
}

// A Unix socket without a name could not be answered.
Error DatagramClient::name(int fd, int family)
{
    TracedCalls &calls = m_context.calls;
    const Endpoint &local = m_options.local;
    if (!local.isEmpty()) {
        const bool isMapped = local.family() == Endpoint::Family::IPv4 && family == AF_INET6;
        return calls.bind(fd, local, isMapped, m_peer) < 0 ? Error{errno, CallName::Bind, local.toString()} : Error{};
    }
    if (isUnix(m_options.transport) && calls.bindAnyName(fd, m_peer) < 0) {
        return {errno, CallName::Bind, {}};
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
        m_fd = -1;
        const auto done = std::move(m_done);
        done(outcome);
    });
}

} // namespace tincan

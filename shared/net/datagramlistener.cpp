// SPDX-License-Identifier: MIT
#include "net/datagramlistener.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>

#include "net/multicast.h"

namespace tincan {

namespace {

bool isDualStack(const ListenOptions &options)
{
    return options.address.family() == Endpoint::Family::IPv6 && options.dualStack && options.address.isAny();
}

} // namespace

DatagramListener::DatagramListener(NetContext &context, DatagramReceiver &receiver, ListenerId id, DatagramPort::Owner owner)
    : m_context(context)
    , m_receiver(receiver)
    , m_owner(std::move(owner))
    , m_id(id)
{
}

DatagramListener::~DatagramListener()
{
    close();
}

bool DatagramListener::failOpen(DatagramPort::Socket &socket, Error error, const ListenOptions &options, PortOwner owner)
{
    FailureInfo failure;
    failure.error = std::move(error);
    failure.owner = std::move(owner);
    failure.endpoint = options.address;
    failure.listener = m_id;
    failure.transport = options.transport;
    socket.path.remove(m_context.calls);
    if (socket.fd >= 0) {
        m_context.calls.close(socket.fd);
    }
    m_context.outbox.add(RecordKind::ListenFailed, kNoPeer, std::move(failure));
    return false;
}

// SO_REUSEADDR lets several have the same port, and the last of them gets everything: so only for groups, where each gets all.
int DatagramListener::applyOptions(int fd, const ListenOptions &options, OptionStore &store)
{
    TracedCalls &calls = m_context.calls;
    const int family = options.address.addressFamily();
    OptionValues defaults;
    if (family == AF_INET6) {
        defaults.push_back({SocketOption::V6Only, isDualStack(options) ? 0 : 1, {}});
    }
    if (!options.groups.empty() || isMulticast(options.address)) {
        defaults.push_back({SocketOption::ReuseAddress, 1, {}});
    }
    const OptionValues values = withDefaults(options.options, std::move(defaults));
    for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
        if (const int error = store.apply(calls, fd, options.transport, family, true, values, time); error != 0) {
            return error;
        }
    }
    DatagramPort::prepare(calls, fd, options.transport, family, options.address.isAny(), kNoPeer);
    if (family == AF_INET || isDualStack(options)) { // or it would hear the groups that other sockets have joined
        calls.setOption(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    }
    if (family == AF_INET6) {
        calls.setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
    }
    return 0;
}

bool DatagramListener::configure(DatagramPort::Socket &socket, const ListenOptions &options)
{
    if (const int error = applyOptions(socket.fd, options, socket.options); error != 0) {
        return failOpen(socket, {error, CallName::SetSockOpt, {}}, options);
    }
    if (isUnix(options.transport)) {
        auto failure = socket.path.bind(m_context.calls, socket.fd, options.address, options.transport, options.pathMode);
        return !failure || failOpen(socket, std::move(failure->error), options, std::move(failure->owner));
    }
    if (m_context.calls.bind(socket.fd, options.address, false) < 0) {
        return failOpen(socket, {errno, CallName::Bind, {}}, options);
    }
    for (const MulticastGroup &group : options.groups) {
        if (const int error = tincan::setMember(m_context.calls, socket.fd, group, true); error != 0) {
            return failOpen(socket, {error, CallName::SetSockOpt, groupText(group)}, options);
        }
    }
    return true;
}

bool DatagramListener::open(const ListenOptions &options)
{
    DatagramPort::Socket socket{.transport = options.transport, .listener = m_id};
    socket.fd = m_context.calls.socket(options.address.addressFamily(), options.transport);
    if (socket.fd < 0) {
        return failOpen(socket, {errno, CallName::Socket, {}}, options);
    }
    if (!configure(socket, options)) {
        return false;
    }
    socket.local = m_context.calls.localName(socket.fd, kNoPeer);
    ListenInfo info{.local = socket.local, .fd = socket.fd, .dualStack = isDualStack(options), .id = m_id};
    info.transport = options.transport;
    info.replacedStale = socket.path.replacedStale();
    m_port = std::make_shared<DatagramPort>(m_context, m_receiver, std::move(socket), m_owner);
    if (const int error = m_port->start(); error != 0) {
        m_port->close(kNoPeer);
        m_port.reset();
        DatagramPort::Socket none;
        return failOpen(none, {error, CallName::Epoll, {}}, options);
    }
    m_context.outbox.add(RecordKind::Listening, kNoPeer, std::move(info));
    for (const MulticastGroup &group : options.groups) {
        m_context.outbox.add(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::GroupJoined, m_id, 0, groupText(group)});
    }
    return true;
}

void DatagramListener::close()
{
    if (m_port) {
        m_port->close(kNoPeer);
    }
}

void DatagramListener::setPaused(bool /*paused*/)
{
    if (m_port) {
        m_port->updateInterest();
    }
}

void DatagramListener::setAcceptingPaused(bool paused)
{
    if (m_port && std::exchange(m_isStopped, paused) != paused) {
        constexpr std::int64_t kReading = 1; // what is paused: nothing is accepted here
        m_context.outbox.add(RecordKind::Note, kNoPeer,
                             NoteInfo{paused ? NoteCode::AcceptingPaused : NoteCode::AcceptingGoesOn, m_id, kReading, {}});
        m_port->setStopped(paused);
    }
}

void DatagramListener::setMember(const MulticastGroup &group, bool member)
{
    const int error = tincan::setMember(m_context.calls, descriptor(), group, member);
    NoteInfo note{member ? NoteCode::GroupJoined : NoteCode::GroupLeft, m_id, 0, groupText(group)};
    if (error != 0) {
        note.code = NoteCode::NetworkError;
        note.b = error;
    }
    m_context.outbox.add(RecordKind::Note, kNoPeer, std::move(note));
}

std::vector<OptionState> DatagramListener::readOptions() const
{
    return m_port ? m_port->readOptions() : std::vector<OptionState>{};
}

bool DatagramListener::setOption(const OptionValue &value)
{
    return m_port && m_port->setOption(value, kNoPeer);
}

} // namespace tincan

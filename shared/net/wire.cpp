// SPDX-License-Identifier: MIT
#include "net/wire.h"

#include <algorithm>

namespace tincan {

namespace {

template<typename T>
constexpr std::uint8_t indexOf(T /*detail*/)
{
    return static_cast<std::uint8_t>(Detail(T()).index());
}

} // namespace

// By resize(): g++ 12 sees overflows in an insert() into a vector that is new.
void WireWriter::raw(std::span<const std::byte> bytes)
{
    const std::size_t before = m_into.size();
    m_into.resize(before + bytes.size());
    std::copy(bytes.begin(), bytes.end(), m_into.begin() + static_cast<std::ptrdiff_t>(before));
}

void WireWriter::endpoint(const Endpoint &endpoint)
{
    sockaddr_storage storage{};
    const socklen_t size = endpoint.toSockaddr(storage);
    bytes(std::as_bytes(std::span(&storage, 1)).first(size));
}

void WireWriter::error(const Error &error)
{
    put(error.code);
    put(error.call);
    text(error.detail);
}

void WireWriter::detail(const Detail &detail)
{
    put(static_cast<std::uint8_t>(detail.index()));
    if (const auto *refused = std::get_if<RefusedInfo>(&detail)) {
        put(*refused);
    } else if (const auto *left = std::get_if<LeftInfo>(&detail)) {
        put(left->reason);
        error(left->error);
        put(left->unsentBytes);
        put(left->unsentMessages);
    } else if (const auto *note = std::get_if<NoteInfo>(&detail)) {
        put(note->code);
        put(note->a);
        put(note->b);
        text(note->text);
    } else if (const auto *call = std::get_if<CallInfo>(&detail)) {
        put(call->call);
        put(call->fd);
        put(call->result);
        put(call->error);
        endpoint(call->address);
        put(call->a);
        put(call->b);
        put(call->c);
        text(call->text);
        put(call->nanoseconds);
        put(call->isMapped);
    } else if (const auto *acknowledged = std::get_if<AcknowledgedInfo>(&detail)) {
        put(*acknowledged);
    }
}

void WireWriter::info(const PeerInfo &info)
{
    endpoint(info.local);
    endpoint(info.remote);
    put(info.direction);
    put(info.transport);
    put(info.listener);
}

void WireWriter::state(const HostState &state)
{
    put(state);
}

void WireWriter::value(const OptionValue &value)
{
    put(value.option);
    put(value.value);
    text(value.text);
}

void WireWriter::asked(const OptionStore &options)
{
    const auto all = options.asked();
    put(static_cast<std::uint8_t>(all.size()));
    for (const OptionStore::Asked &one : all) {
        value(one.value);
        put(one.error);
    }
}

void WireWriter::options(const std::vector<OptionState> &states)
{
    put(static_cast<std::uint8_t>(states.size()));
    for (const OptionState &state : states) {
        put(state.option);
        put(state.asked.has_value());
        value(state.asked.value_or(OptionValue()));
        value(state.now);
        put(state.setError);
        put(state.getError);
    }
}

void WireWriter::command(const Command &command, bool more, std::uint32_t number)
{
    put(command.kind);
    put(command.on);
    put(more);
    put(number);
    put(command.faults);
    detail(command.note);
    value(command.option);
    if (command.kind == Command::Kind::SetState) {
        state(command.state);
    }
}

void WireWriter::progress(const Progress &progress)
{
    put(progress.handled);
    put(progress.settled);
    put(progress.settledBytes);
    put(progress.waiting);
    put(progress.waitingMessages);
    put(static_cast<std::uint32_t>(progress.early.size()));
    std::for_each(progress.early.begin(), progress.early.end(), [this](std::uint32_t order) { put(order); });
}

std::span<const std::byte> WireReader::take(std::size_t size)
{
    if (size > m_from.size()) {
        m_isSound = false;
        m_from = {};
        return {};
    }
    const auto taken = m_from.first(size);
    m_from = m_from.subspan(size);
    return taken;
}

std::string WireReader::text()
{
    const auto from = bytes();
    return {reinterpret_cast<const char *>(from.data()), from.size()};
}

Endpoint WireReader::endpoint()
{
    const auto from = bytes();
    sockaddr_storage storage{};
    if (from.empty() || from.size() > sizeof storage) {
        return {};
    }
    std::memcpy(&storage, from.data(), from.size());
    return Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), static_cast<socklen_t>(from.size()));
}

Error WireReader::error()
{
    Error error;
    error.code = get<int>();
    error.call = get<CallName>();
    error.detail = text();
    return error;
}

Detail WireReader::detail()
{
    const auto index = get<std::uint8_t>();
    if (index == indexOf(RefusedInfo())) {
        return get<RefusedInfo>();
    }
    if (index == indexOf(LeftInfo())) {
        LeftInfo left{get<LeftReason>(), error(), 0, 0};
        left.unsentBytes = get<std::uint64_t>();
        left.unsentMessages = get<std::uint32_t>();
        return left;
    }
    if (index == indexOf(NoteInfo())) {
        NoteInfo note;
        note.code = get<NoteCode>();
        note.a = get<std::int64_t>();
        note.b = get<std::int64_t>();
        note.text = text();
        return note;
    }
    if (index == indexOf(CallInfo())) {
        CallInfo call;
        call.call = get<CallName>();
        call.fd = get<int>();
        call.result = get<long>();
        call.error = get<int>();
        call.address = endpoint();
        call.a = get<int>();
        call.b = get<int>();
        call.c = get<int>();
        call.text = text();
        call.nanoseconds = get<std::int32_t>();
        call.isMapped = get<bool>();
        return call;
    }
    if (index == indexOf(AcknowledgedInfo())) {
        return get<AcknowledgedInfo>();
    }
    return {};
}

PeerInfo WireReader::info()
{
    PeerInfo info;
    info.local = endpoint();
    info.remote = endpoint();
    info.direction = get<Direction>();
    info.transport = get<Transport>();
    info.listener = get<ListenerId>();
    return info;
}

HostState WireReader::state()
{
    return get<HostState>();
}

OptionValue WireReader::value()
{
    OptionValue value;
    value.option = get<SocketOption>();
    value.value = get<int>();
    value.text = text();
    return value;
}

OptionStore WireReader::asked()
{
    OptionStore store;
    for (auto left = get<std::uint8_t>(); left > 0 && m_isSound; --left) {
        const OptionValue one = value();
        store.remember(one, get<int>());
    }
    return store;
}

std::vector<OptionState> WireReader::options()
{
    std::vector<OptionState> states;
    for (auto left = get<std::uint8_t>(); left > 0 && m_isSound; --left) {
        OptionState &state = states.emplace_back();
        state.option = get<SocketOption>();
        const auto wasAsked = get<bool>();
        OptionValue asked = value();
        if (wasAsked) {
            state.asked = std::move(asked);
        }
        state.now = value();
        state.setError = get<int>();
        state.getError = get<int>();
    }
    std::erase_if(states, [](const OptionState &state) { return static_cast<std::size_t>(state.option) >= kSocketOptions; });
    return states;
}

Command WireReader::command(bool &more, std::uint32_t &number)
{
    Command command;
    command.kind = get<Command::Kind>();
    command.on = get<bool>();
    more = get<bool>();
    number = get<std::uint32_t>();
    command.faults = get<Faults>();
    if (Detail note = detail(); std::holds_alternative<NoteInfo>(note)) {
        command.note = std::get<NoteInfo>(std::move(note));
    }
    command.option = value();
    if (command.kind == Command::Kind::SetState) {
        command.state = state();
    }
    const auto bytes = rest();
    command.bytes.assign(bytes.begin(), bytes.end());
    return command;
}

Progress WireReader::progress()
{
    Progress progress;
    progress.handled = get<std::uint32_t>();
    progress.settled = get<std::uint32_t>();
    progress.settledBytes = get<std::uint64_t>();
    progress.waiting = get<std::uint64_t>();
    progress.waitingMessages = get<std::uint64_t>();
    for (auto left = get<std::uint32_t>(); left > 0 && m_isSound; --left) {
        progress.early.push_back(get<std::uint32_t>());
    }
    return progress;
}

} // namespace tincan

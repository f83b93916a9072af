// SPDX-License-Identifier: MIT
#include "transcript/detailcodec.h"

#include <type_traits>

namespace tincan {

namespace {

// A Unix socket's name may be any bytes: a path that begins with no slash, or a name with a NUL in it. Where its text would not
// be read as what it is, one of these stands before it.
constexpr char kPathMark = '\1';
constexpr char kAbstractMark = '\2';

// One description of each struct serves both directions: an archive either writes a member or reads it.
class Writer
{
public:
    explicit Writer(ByteBuffer &into)
        : m_into(into)
    {
    }
    template<typename Plain>
    requires std::is_arithmetic_v<Plain> || std::is_enum_v<Plain>
    void operator()(Plain &value) { m_into.put(value); }
    void operator()(std::string &text)
    {
        m_into.put(static_cast<std::uint32_t>(text.size()));
        m_into.append(text.data(), text.size());
    }
    void operator()(Endpoint &endpoint)
    {
        std::string text = endpoint.toString();
        if (!endpoint.isEmpty() && !endpoint.isIp() && Endpoint::parse(text).value_or(Endpoint()) != endpoint) {
            text = (endpoint.family() == Endpoint::Family::UnixPath ? kPathMark : kAbstractMark) + endpoint.path();
        }
        (*this)(text);
    }
    template<typename T>
    std::uint32_t count(std::vector<T> &list, std::size_t /*least*/)
    {
        auto size = static_cast<std::uint32_t>(list.size());
        (*this)(size);
        return size;
    }
    static bool hasMore() { return true; }

private:
    ByteBuffer &m_into;
};

class Reader
{
public:
    explicit Reader(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }
    bool isGood() const { return m_good; }
    // Members that came with a later version stand at the end: files of before have none.
    bool hasMore() const { return m_good && !m_bytes.empty(); }

    template<typename Plain>
    requires std::is_arithmetic_v<Plain> || std::is_enum_v<Plain>
    void operator()(Plain &value)
    {
        if (const auto *from = take(sizeof value)) {
            std::memcpy(&value, from, sizeof value);
        }
    }
    // A number of a later version, or of damage, must not be taken for one that is known.
    void operator()(Transport &value) { bounded(value, Transport::UnixSeqpacket); }
    void operator()(Serving &value) { bounded(value, Serving::ProcessPerPeer); }
    void operator()(bool &value) // whose byte must be 0 or 1
    {
        std::uint8_t byte = 0;
        (*this)(byte);
        value = byte != 0;
    }
    void operator()(std::string &text)
    {
        std::uint32_t size = 0;
        (*this)(size);
        if (const auto *from = take(size)) {
            text.assign(reinterpret_cast<const char *>(from), size);
        }
    }
    void operator()(Endpoint &endpoint)
    {
        std::string text;
        (*this)(text);
        endpoint = text.empty() ? Endpoint() : parsed(text);
    }
    template<typename T>
    std::uint32_t count(std::vector<T> &list, std::size_t least) // bytes that each element has at least
    {
        std::uint32_t size = 0;
        (*this)(size);
        if (size > m_bytes.size() / least) {
            m_good = false;
            return 0;
        }
        list.resize(size);
        return size;
    }

private:
    template<typename Enum>
    void bounded(Enum &value, Enum last)
    {
        std::uint8_t byte = 0;
        (*this)(byte);
        value = byte <= static_cast<std::uint8_t>(last) ? static_cast<Enum>(byte) : Enum{};
    }
    // An interface of another computer's, or one that is gone, is left out: the address says enough.
    static Endpoint parsed(std::string text)
    {
        if (text.front() == kPathMark) {
            return Endpoint::unixPath(text.substr(1));
        }
        if (text.front() == kAbstractMark) {
            return Endpoint::unixAbstract(text.substr(1));
        }
        if (const Result<Endpoint> whole = Endpoint::parse(text)) {
            return *whole;
        }
        const std::size_t from = text.find('%');
        const std::size_t to = text.find(']');
        if (from != std::string::npos && to != std::string::npos && from < to) {
            text.erase(from, to - from);
        }
        return Endpoint::parse(text).value_or(Endpoint());
    }
    const std::byte *take(std::size_t size)
    {
        if (!m_good || size > m_bytes.size()) {
            m_good = false;
            return nullptr;
        }
        const std::byte *from = m_bytes.data();
        m_bytes = m_bytes.subspan(size);
        return from;
    }
    std::span<const std::byte> m_bytes;
    bool m_good = true;
};

template<typename Archive>
void archive(Archive & /*with*/, std::monostate & /*none*/)
{
}

template<typename Archive>
void archive(Archive &with, Error &error)
{
    with(error.code);
    with(error.call);
    with(error.detail);
}

template<typename Archive>
void archive(Archive &with, ConnectInfo &info)
{
    with(info.host);
    with(info.port);
}

template<typename Archive>
void archive(Archive &with, PeerInfo &info)
{
    with(info.local);
    with(info.remote);
    with(info.fd);
    // One byte, of which files of before captures could be opened use the lowest bit only.
    auto way = static_cast<std::uint8_t>(static_cast<unsigned>(info.direction == Direction::Outgoing)
                                         | static_cast<unsigned>(info.transport == Transport::Udp) << 1U
                                         | static_cast<unsigned>(info.midway) << 2U);
    with(way);
    if constexpr (std::is_same_v<Archive, Reader>) {
        info.direction = (way & 1U) != 0 ? Direction::Outgoing : Direction::Incoming;
        info.transport = (way & 2U) != 0 ? Transport::Udp : Transport::Tcp;
        info.midway = (way & 4U) != 0;
    }
    if (with.hasMore()) {
        with(info.transport);
        with(info.listener);
        with(info.process.pid);
        with(info.process.uid);
        with(info.process.gid);
        with(info.process.program);
        with(info.process.user);
        with(info.child);
    }
}

template<typename Archive>
void archive(Archive &with, ListenInfo &info)
{
    with(info.local);
    with(info.fd);
    with(info.backlog);
    with(info.dualStack);
    if (with.hasMore()) {
        with(info.id);
        with(info.transport);
        with(info.serving);
        with(info.replacedStale);
    }
}

template<typename Archive>
void archive(Archive &with, StoppedInfo &info)
{
    with(info.id);
}

template<typename Archive>
void archive(Archive &with, FanOutInfo &info)
{
    with(info.only);
    const std::uint32_t count = with.count(info.peers, sizeof(PeerId));
    for (std::uint32_t i = 0; i < count; ++i) {
        with(info.peers[i]);
    }
}

template<typename Archive>
void archive(Archive &with, RefusedInfo &info)
{
    with(info.reason);
    with(info.queued);
    if (with.hasMore()) {
        with(info.error);
    }
}

template<typename Archive>
void archive(Archive &with, LeftInfo &info)
{
    with(info.reason);
    archive(with, info.error);
    with(info.unsentBytes);
    with(info.unsentMessages);
}

template<typename Archive>
void archive(Archive &with, FailureInfo &info)
{
    with(info.cause);
    archive(with, info.error);
    with(info.endpoint);
    with(info.host);
    with(info.port);
    constexpr std::size_t kLeastAttempt = 13; // two empty texts, a code, a call
    const std::uint32_t count = with.count(info.attempts, kLeastAttempt);
    for (std::uint32_t i = 0; i < count; ++i) {
        with(info.attempts[i].endpoint);
        archive(with, info.attempts[i].error);
    }
    with(info.owner.pid);
    with(info.owner.program);
    with(info.afterMilliseconds);
    if (with.hasMore()) {
        with(info.listener);
        with(info.transport);
    }
}

template<typename Archive>
void archive(Archive &with, NoteInfo &info)
{
    with(info.code);
    with(info.a);
    with(info.b);
    with(info.text);
}

template<typename Archive>
void archive(Archive &with, CallInfo &info)
{
    with(info.call);
    with(info.fd);
    with(info.result);
    with(info.error);
    with(info.address);
    with(info.a);
    with(info.b);
    with(info.c);
    with(info.text);
    with(info.nanoseconds);
    if (with.hasMore()) {
        with(info.isMapped);
    }
}

template<typename Archive>
void archive(Archive &with, AcknowledgedInfo &info)
{
    with(info.bytes);
    with(info.nanoseconds);
}

template<std::size_t Alternative = 0>
std::optional<Detail> decodeAs(std::size_t index, Reader &reader)
{
    if constexpr (Alternative == std::variant_size_v<Detail>) {
        return {};
    } else {
        if (index != Alternative) {
            return decodeAs<Alternative + 1>(index, reader);
        }
        std::variant_alternative_t<Alternative, Detail> info;
        archive(reader, info);
        if (!reader.isGood()) {
            return {};
        }
        return Detail(std::in_place_index<Alternative>, std::move(info));
    }
}

} // namespace

void encodeDetail(const Detail &detail, ByteBuffer &into)
{
    into.put(static_cast<std::uint8_t>(detail.index()));
    Writer writer(into);
    std::visit(
        [&writer](const auto &info) {
            // A writer changes nothing; one description serves both directions only without const.
            archive(writer, const_cast<std::remove_cvref_t<decltype(info)> &>(info)); // NOLINT
        },
        detail);
}

std::optional<Detail> decodeDetail(std::span<const std::byte> bytes)
{
    Reader reader(bytes);
    std::uint8_t index = 0;
    reader(index);
    return reader.isGood() ? decodeAs(index, reader) : std::nullopt;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/record.h"
#include "net/command.h"

namespace tincan {

// What goes over the seqpacket pair between the engine and a process that serves one peer: frames of at most kMaxFrame bytes,
// numbers as this computer has them. Both ends are of one build (kWireVersion). Any thread.
inline constexpr std::size_t kMaxFrame = kMaxPayload + 1024;
inline constexpr std::uint32_t kWireVersion = 1;

enum class FrameKind : std::uint8_t {
    Setup,   // to the child, the first: version, peer, PeerInfo, HostState
    Order,   // to the child: a Command; `more`: bytes that go on in the next one
    Relayed, // to the child: Relayed::Items
    Records, // to the engine: records with their payloads and details
    Drained, // to the engine: the answer to the order OnDrained of that number
};

class WireWriter
{
public:
    explicit WireWriter(std::vector<std::byte> &into)
        : m_into(into)
    {
    }

    template<typename T>
    requires std::is_trivially_copyable_v<T>
    void put(const T &value) { raw(std::as_bytes(std::span(&value, 1))); }
    void raw(std::span<const std::byte> bytes);
    void bytes(std::span<const std::byte> bytes)
    {
        put(static_cast<std::uint32_t>(bytes.size()));
        raw(bytes);
    }
    void text(const std::string &text) { bytes(std::as_bytes(std::span(text))); }
    void endpoint(const Endpoint &endpoint);
    void error(const Error &error);
    void detail(const Detail &detail); // of those that a served peer's records have; else nothing
    void info(const PeerInfo &info);   // what a Link needs of it
    void state(const HostState &state);
    void command(const Command &command, std::span<const std::byte> bytes, bool more, std::uint32_t number);

private:
    std::vector<std::byte> &m_into;
};

// Reads what the writer wrote. Whatever the bytes are: what is not there reads as nothing, and isSound() is false from then on.
class WireReader
{
public:
    explicit WireReader(std::span<const std::byte> from)
        : m_from(from)
    {
    }

    bool isSound() const noexcept { return m_isSound; }
    bool atEnd() const noexcept { return m_from.empty() || !m_isSound; }
    template<typename T>
    requires std::is_trivially_copyable_v<T> T get()
    {
        T value{};
        const auto from = take(sizeof value);
        if (!from.empty()) {
            std::memcpy(&value, from.data(), sizeof value);
        }
        return value;
    }
    std::span<const std::byte> take(std::size_t size);
    std::span<const std::byte> bytes() { return take(get<std::uint32_t>()); }
    std::string text();
    Endpoint endpoint();
    Error error();
    Detail detail();
    PeerInfo info();
    HostState state();
    Command command(bool &more, std::uint32_t &number); // peer, peers and drained are not in it

private:
    std::span<const std::byte> m_from;
    bool m_isSound = true;
};

} // namespace tincan

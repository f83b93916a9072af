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
#include "net/exchange.h"
#include "net/optionstore.h"

namespace tincan {

// What goes over the seqpacket pair between the engine and a process that serves one peer: frames of at most kMaxFrame bytes,
// numbers as this computer has them. Both ends are of one build (kWireVersion). Any thread.
inline constexpr std::size_t kMaxFrame = kMaxPayload + 1024;
inline constexpr std::uint32_t kWireVersion = 5;

enum class FrameKind : std::uint8_t {
    Setup,   // to the child, the first: version, peer, PeerInfo, HostState, options that were asked for
    Order,   // to the child: a Command; the rest are its bytes, and with `more` they go on in the next one
    Relayed, // to the child: flags (kGoesOn, kHush), how many, what of each (RelayedHead), then the bytes of each
    Records, // to the engine: records with their payloads and details; kProgress instead of a kind: a Progress
    Drained, // to the engine: the answer to the order OnDrained of that number
    Options, // to the engine: the answer to the order ReadOptions of that number
    Part,    // to the engine: as Records, and what belongs to these goes on in the next one, to the Records that ends it
};
inline constexpr std::uint8_t kProgress = 0xFF;
inline constexpr std::uint8_t kGoesOn = 1; // the person's message does, in the next frame
inline constexpr std::uint8_t kHush = 2;   // so much is on its way that this peer is to say no more until it has what others said
inline constexpr std::size_t kFlagsAt = sizeof(FrameKind);

struct RecordHead {
    std::int64_t time = 0;
    std::uint32_t size = 0;    // of the payload behind it
    std::uint8_t kind = 0;     // RecordKind, or kProgress
    std::uint8_t isAgain = 0;  // the payload is that of the one before
    std::uint16_t nothing = 0; // so that all of its bytes are written
};

struct RelayedHead {
    PeerId from = kNoPeer;
    std::uint32_t size = 0;
    std::uint32_t audience = 0;
};

// What has become of the orders Send and Note, counted from the first; behind the records that tell of them, of which there is
// no more and no less. Whoever has these has it, or neither (FrameKind::Part).
struct Progress {
    std::uint32_t handled = 0;      // so many were read
    std::uint32_t settled = 0;      // of so many everything is told: nothing of them waits any more
    std::uint64_t settledBytes = 0; // of the first that is not: so much of its beginning is told as Sent
    std::uint64_t waiting = 0;      // bytes, in the queue to the peer, whoever had them sent
    std::uint64_t waitingMessages = 0;
    // Those of which everything is told though others before them still wait: they were refused. Only what was read since the
    // last time, in order.
    std::vector<std::uint32_t> early{};
    friend bool operator==(const Progress &, const Progress &) = default;
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
    void asked(const OptionStore &options);
    void options(const std::vector<OptionState> &states);
    void command(const Command &command, bool more, std::uint32_t number); // its bytes come behind
    void progress(const Progress &progress);

private:
    void value(const OptionValue &value);

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
        if constexpr (std::is_same_v<T, bool>) { // of which only two values may be copied
            return get<std::uint8_t>() != 0;
        }
        T value{};
        const auto from = take(sizeof value);
        if (!from.empty()) {
            std::memcpy(&value, from.data(), sizeof value);
        }
        return value;
    }
    std::span<const std::byte> take(std::size_t size);
    std::span<const std::byte> bytes() { return take(get<std::uint32_t>()); }
    std::span<const std::byte> rest() { return take(m_from.size()); }
    std::string text();
    Endpoint endpoint();
    Error error();
    Detail detail();
    PeerInfo info();
    HostState state();
    OptionStore asked();
    std::vector<OptionState> options();
    Command command(bool &more, std::uint32_t &number); // peer, peers and who is to be told are not in it
    Progress progress();

private:
    OptionValue value();

    std::span<const std::byte> m_from;
    bool m_isSound = true;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "base/batch.h"
#include "base/clock.h"

namespace tincan {

// How large the chunks of an outbox are.
//   Large  one that many peers are received into
//   Small  where each peer has one of its own: reads are of at most Chunk::kSmallSize, and what is published is let go of
enum class OutboxSize : std::uint8_t { Large, Small };

// The net thread's end of the way to the recorder: the chunk that is received into, and the batch of this and the last few turns.
// Loop thread only.
class Outbox
{
public:
    explicit Outbox(BatchSink &sink, OutboxSize size = OutboxSize::Large);

    // Free bytes at the end of the open chunk, at least so many of them.
    std::span<std::byte> room(std::size_t least = kMaxPayload);
    // … as one recv(2) of a stream is to fill.
    std::span<std::byte> roomToRead() { return room(m_size == OutboxSize::Small ? kSmallRead : kMaxPayload); }
    // The first `size` bytes of room() have been written and stay as they are from now on.
    const std::byte *commit(std::size_t size);
    // Copies bytes (at most kMaxMessage) there and commits them.
    const std::byte *copy(std::span<const std::byte> bytes);
    // Keeps bytes of the open chunk (just committed) alive beyond the batch: for a send queue.
    Slice slice(const std::byte *data, std::uint32_t size) const { return {m_chunk, data, size}; }

    // Whether it is still the one that is written to.
    bool isOpen(const ChunkRef &chunk) const noexcept { return chunk.get() == m_chunk.get(); }

    // Adds a record, at the time that it is now (never earlier than the one before it).
    void add(RecordKind kind, PeerId peer);
    void add(RecordKind kind, PeerId peer, Detail detail);
    // With a payload in the open chunk, or in `keep`.
    void addPayload(RecordKind kind, PeerId peer, const std::byte *data, std::uint32_t size, const ChunkRef *keep = nullptr);
    void addPayload(RecordKind kind, PeerId peer, const Slice &slice, Detail detail);
    // The last one happened at another time: elsewhere, and was told here.
    void setLastTime(std::int64_t nanoseconds) { m_batch.records.back().time = nanoseconds; }

    // At the end of a turn: publishes what is there, unless that was done a moment ago; then it is due at the time returned
    // (TimePoint::max(): nothing waits). So a ping-pong does not wake the recorder at each round trip.
    TimePoint publishWhenDue(TimePoint now);
    // How long it waits then; 4 ms where it is not said.
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }
    void publish();
    bool isSinkCongested() const noexcept { return m_sink.isCongested(); }

private:
    static constexpr std::size_t kSmallRead = 4 * 1024;
    Record &append(RecordKind kind, PeerId peer);

    BatchSink &m_sink;
    OutboxSize m_size;
    Batch m_batch;
    ChunkRef m_chunk;
    std::uint32_t m_used = 0;
    bool m_chunkInBatch = false;
    std::int64_t m_lastTime = 0;
    TimePoint m_published{};
    std::chrono::milliseconds m_interval{4};
};

} // namespace tincan

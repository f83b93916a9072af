// SPDX-License-Identifier: MIT
#include "net/outbox.h"

#include <algorithm>
#include <cstring>

namespace tincan {

namespace {

constexpr std::size_t kPublishRecords = 4096;
constexpr std::size_t kPublishBytes = 512 * 1024;

} // namespace

Outbox::Outbox(BatchSink &sink, OutboxSize size)
    : m_sink(sink)
    , m_size(size)
{
}

std::span<std::byte> Outbox::room(std::size_t least)
{
    if (!m_chunk || m_chunk->size() - m_used < least) {
        const std::uint32_t usual = m_size == OutboxSize::Small ? Chunk::kSmallSize : Chunk::kSize;
        m_chunk = ChunkRef::make(std::max(usual, static_cast<std::uint32_t>(least)));
        m_used = 0;
        m_chunkInBatch = false;
    }
    return {m_chunk->data() + m_used, m_chunk->size() - m_used};
}

const std::byte *Outbox::commit(std::size_t size)
{
    const std::byte *data = m_chunk->data() + m_used;
    m_used += static_cast<std::uint32_t>(size);
    return data;
}

const std::byte *Outbox::copy(std::span<const std::byte> bytes)
{
    const std::size_t least = m_size == OutboxSize::Small ? bytes.size() : std::max<std::size_t>(kMaxPayload, bytes.size());
    const std::span<std::byte> free = room(least);
    if (!bytes.empty()) { // of which data() may be no pointer
        std::memcpy(free.data(), bytes.data(), bytes.size());
    }
    return commit(bytes.size());
}

Record &Outbox::append(RecordKind kind, PeerId peer)
{
    m_lastTime = std::max(m_lastTime, wallNanoseconds());
    Record &record = m_batch.records.emplace_back();
    record.time = m_lastTime;
    record.kind = kind;
    record.peer = peer;
    return record;
}

void Outbox::add(RecordKind kind, PeerId peer)
{
    append(kind, peer);
}

void Outbox::add(RecordKind kind, PeerId peer, Detail detail)
{
    Record &record = append(kind, peer);
    if (!std::holds_alternative<std::monostate>(detail)) {
        record.detail = static_cast<std::uint32_t>(m_batch.details.size());
        m_batch.details.push_back(std::move(detail));
    }
}

void Outbox::addPayload(RecordKind kind, PeerId peer, const std::byte *data, std::uint32_t size, const ChunkRef *keep)
{
    Record &record = append(kind, peer);
    record.data = data;
    record.size = size;
    m_batch.bytes += size;
    if (keep && keep->get() != m_chunk.get()) {
        if (m_batch.chunks.empty() || m_batch.chunks.back().get() != keep->get()) {
            m_batch.chunks.push_back(*keep);
        }
    } else if (!m_chunkInBatch) {
        m_batch.chunks.push_back(m_chunk);
        m_chunkInBatch = true;
    }
}

void Outbox::addPayload(RecordKind kind, PeerId peer, const Slice &slice, Detail detail)
{
    addPayload(kind, peer, slice.data, slice.size, &slice.chunk);
    if (const auto *info = std::get_if<FanOutInfo>(&detail)) { // it may outweigh the payload
        m_batch.bytes += info->peers.size() * sizeof(PeerId);
    }
    if (!std::holds_alternative<std::monostate>(detail)) {
        m_batch.records.back().detail = static_cast<std::uint32_t>(m_batch.details.size());
        m_batch.details.push_back(std::move(detail));
    }
}

TimePoint Outbox::publishWhenDue(TimePoint now)
{
    if (m_batch.isEmpty()) {
        return TimePoint::max();
    }
    const TimePoint due = m_published + m_interval;
    if (now >= due || m_batch.records.size() >= kPublishRecords || m_batch.bytes >= kPublishBytes) {
        publish();
        m_published = now;
        return TimePoint::max();
    }
    return due;
}

void Outbox::publish()
{
    if (!m_batch.isEmpty()) {
        m_sink.publish(m_batch);
        m_chunkInBatch = false;
        if (m_size == OutboxSize::Small) { // so that a silent peer keeps none
            m_chunk = {};
        }
    }
}

} // namespace tincan

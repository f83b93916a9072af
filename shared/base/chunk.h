// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tincan {

// A block of bytes that is filled once, from front to back, by one thread, and then only read: by send queues, the
// recorder and a tap at the same time. Bytes that have been handed out in a Slice never change while a reference lives.
//
// Chunks are recycled: fresh memory is what a flood pays for (the first touch of a page costs ten times a copy).
class Chunk
{
public:
    static constexpr std::uint32_t kSize = 256 * 1024;
    static constexpr std::uint32_t kSmallSize = 16 * 1024; // where there are as many open ones as peers

    Chunk(const Chunk &) = delete;
    Chunk &operator=(const Chunk &) = delete;

    std::byte *data() noexcept { return reinterpret_cast<std::byte *>(this + 1); }
    const std::byte *data() const noexcept { return reinterpret_cast<const std::byte *>(this + 1); }
    std::uint32_t size() const noexcept { return m_size; }

private:
    friend class ChunkRef;
    friend class ChunkPool;
    explicit Chunk(std::uint32_t size) noexcept
        : m_size(size)
    {
    }
    ~Chunk() = default;
    std::atomic<std::uint32_t> m_references{0};
    std::uint32_t m_size; // of the bytes that stand behind this
    Chunk *m_nextFree = nullptr;
};

// Shared ownership of a chunk. Copies may live in different threads; one object is used by one thread at a time.
class ChunkRef
{
public:
    ChunkRef() noexcept = default;
    // A recycled chunk, or a new one, of so many bytes. Throws std::bad_alloc.
    static ChunkRef make(std::uint32_t size = Chunk::kSize);

    ChunkRef(const ChunkRef &other) noexcept
        : m_chunk(other.m_chunk)
    {
        if (m_chunk) {
            m_chunk->m_references.fetch_add(1, std::memory_order_relaxed);
        }
    }
    ChunkRef(ChunkRef &&other) noexcept
        : m_chunk(std::exchange(other.m_chunk, nullptr))
    {
    }
    ChunkRef &operator=(ChunkRef other) noexcept
    {
        std::swap(m_chunk, other.m_chunk);
        return *this;
    }
    ~ChunkRef() { drop(); }

    explicit operator bool() const noexcept { return m_chunk != nullptr; }
    Chunk *operator->() const noexcept { return m_chunk; }
    Chunk *get() const noexcept { return m_chunk; }

private:
    explicit ChunkRef(Chunk *chunk) noexcept
        : m_chunk(chunk)
    {
    }
    void drop() noexcept;
    Chunk *m_chunk = nullptr;
};

// A run of bytes within a chunk, kept alive by it.
struct Slice {
    ChunkRef chunk;
    const std::byte *data = nullptr;
    std::uint32_t size = 0; // bytes
};

} // namespace tincan

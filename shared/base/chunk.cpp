// SPDX-License-Identifier: MIT
#include "base/chunk.h"

#include <mutex>
#include <new>

namespace tincan {

// Keeps up to 64 MiB of chunks of each of the two sizes for the next taker; what is beyond that goes back to the system, as do
// those of other sizes.
class ChunkPool
{
public:
    static ChunkPool &instance()
    {
        // Never destroyed: a chunk may be dropped by a thread that outlives static destruction.
        static auto *pool = new ChunkPool;
        return *pool;
    }

    Chunk *take(std::uint32_t size)
    {
        if (Shelf *shelf = shelfOf(size)) {
            const std::lock_guard lock(shelf->mutex);
            if (shelf->free) {
                Chunk *chunk = std::exchange(shelf->free, shelf->free->m_nextFree);
                shelf->bytes -= size;
                return chunk;
            }
        }
        return new (::operator new(sizeof(Chunk) + size)) Chunk(size);
    }

    void give(Chunk *chunk)
    {
        if (Shelf *shelf = shelfOf(chunk->size())) {
            const std::lock_guard lock(shelf->mutex);
            if (shelf->bytes < kKeep) {
                chunk->m_nextFree = std::exchange(shelf->free, chunk);
                shelf->bytes += chunk->size();
                return;
            }
        }
        chunk->~Chunk();
        ::operator delete(chunk);
    }

private:
    static constexpr std::size_t kKeep = 64 * 1024 * 1024;
    struct Shelf {
        std::mutex mutex;
        Chunk *free = nullptr;
        std::size_t bytes = 0;
    };
    Shelf *shelfOf(std::uint32_t size)
    {
        return size == Chunk::kSize ? &m_large : size == Chunk::kSmallSize ? &m_small : nullptr;
    }
    Shelf m_large;
    Shelf m_small;
};

ChunkRef ChunkRef::make(std::uint32_t size)
{
    Chunk *chunk = ChunkPool::instance().take(size);
    chunk->m_references.store(1, std::memory_order_relaxed);
    return ChunkRef(chunk);
}

void ChunkRef::drop() noexcept
{
    if (m_chunk && m_chunk->m_references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        ChunkPool::instance().give(m_chunk);
    }
    m_chunk = nullptr;
}

} // namespace tincan

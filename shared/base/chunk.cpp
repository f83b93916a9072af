// SPDX-License-Identifier: MIT
#include "base/chunk.h"

#include <mutex>

namespace tincan {

// Keeps up to 64 MiB of chunks for the next taker; what is beyond that goes back to the system.
class ChunkPool
{
public:
    static ChunkPool &instance()
    {
        // Never destroyed: a chunk may be dropped by a thread that outlives static destruction.
        static auto *pool = new ChunkPool;
        return *pool;
    }

    Chunk *take()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_free) {
                Chunk *chunk = std::exchange(m_free, m_free->m_nextFree);
                --m_count;
                return chunk;
            }
        }
        return new Chunk;
    }

    void give(Chunk *chunk)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_count < kKeep) {
                chunk->m_nextFree = std::exchange(m_free, chunk);
                ++m_count;
                return;
            }
        }
        delete chunk;
    }

private:
    static constexpr int kKeep = 64 * 1024 * 1024 / static_cast<int>(Chunk::kSize);
    std::mutex m_mutex;
    Chunk *m_free = nullptr;
    int m_count = 0;
};

ChunkRef ChunkRef::make()
{
    Chunk *chunk = ChunkPool::instance().take();
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

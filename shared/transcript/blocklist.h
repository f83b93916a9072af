// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace tincan {

// What another thread may look at of a BlockList: the elements that it had when the view was taken. Holds no memory of its own;
// the list must not be cleared or destroyed meanwhile, and elements that are in view must not be changed. Cheap to make and to
// copy.
template<typename T>
class BlockListView
{
public:
    BlockListView() = default;
    BlockListView(std::vector<const T *> blocks, std::size_t size)
        : m_blocks(std::move(blocks))
        , m_size(size)
    {
    }

    std::size_t size() const noexcept { return m_size; }
    const T &operator[](std::size_t index) const noexcept;

private:
    std::vector<const T *> m_blocks;
    std::size_t m_size = 0;
};

// A list that only grows at its end and never moves what it holds: appending costs the same at ten million as at ten, and
// an empty one costs a vector. Blocks double in size; what is not yet written of the last one is address space, not memory.
template<typename T>
class BlockList
{
public:
    BlockList() = default;
    BlockList(BlockList &&other) noexcept
        : m_blocks(std::move(other.m_blocks))
        , m_size(std::exchange(other.m_size, 0))
    {
    }
    BlockList &operator=(BlockList &&other) noexcept
    {
        std::swap(m_blocks, other.m_blocks);
        std::swap(m_size, other.m_size);
        return *this;
    }
    BlockList(const BlockList &) = delete;
    BlockList &operator=(const BlockList &) = delete;
    ~BlockList() { clear(); }

    std::size_t size() const noexcept { return m_size; }
    bool isEmpty() const noexcept { return m_size == 0; }

    T &operator[](std::size_t index) noexcept
    {
        const auto [block, at] = place(index);
        return m_blocks[block].get()[at];
    }
    const T &operator[](std::size_t index) const noexcept
    {
        const auto [block, at] = place(index);
        return m_blocks[block].get()[at];
    }
    BlockListView<T> view() const
    {
        std::vector<const T *> blocks;
        blocks.reserve(m_blocks.size());
        for (const auto &block : m_blocks) {
            blocks.push_back(block.get());
        }
        return {std::move(blocks), m_size};
    }
    const T &last() const noexcept { return (*this)[m_size - 1]; }

    template<typename... Args>
    T &append(Args &&...args)
    {
        const auto [block, at] = place(m_size);
        if (block == m_blocks.size()) {
            auto *memory = static_cast<T *>(std::malloc((kFirst << block) * sizeof(T))); // NOLINT: uninitialised on purpose
            if (!memory) {
                throw std::bad_alloc();
            }
            m_blocks.emplace_back(memory);
        }
        T *where = m_blocks[block].get() + at;
        ::new (static_cast<void *>(where)) T(std::forward<Args>(args)...);
        ++m_size;
        return *where;
    }

    void clear() noexcept
    {
        if constexpr (!std::is_trivially_destructible_v<T>) {
            for (std::size_t i = 0; i < m_size; ++i) {
                (*this)[i].~T();
            }
        }
        m_blocks.clear();
        m_size = 0;
    }

private:
    friend class BlockListView<T>;
    static constexpr std::size_t kFirst = 8;
    struct Free {
        void operator()(T *memory) const noexcept { std::free(memory); } // NOLINT
    };

    // Block k holds kFirst·2^k elements and starts at kFirst·(2^k − 1).
    static std::pair<std::size_t, std::size_t> place(std::size_t index) noexcept
    {
        const std::size_t shifted = index / kFirst + 1;
        const auto block = static_cast<std::size_t>(std::bit_width(shifted)) - 1;
        return {block, index - kFirst * ((std::size_t{1} << block) - 1)}; // NOLINT: shifted is 1 at least
    }

    std::vector<std::unique_ptr<T, Free>> m_blocks;
    std::size_t m_size = 0;
};

template<typename T>
const T &BlockListView<T>::operator[](std::size_t index) const noexcept
{
    const auto [block, at] = BlockList<T>::place(index);
    return m_blocks[block][at];
}

} // namespace tincan

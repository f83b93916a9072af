// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <sys/uio.h>

#include "base/chunk.h"

namespace tincan {

// What waits for one socket, in order. Costs nothing while it is empty. Loop thread only.
class SendQueue
{
public:
    bool isEmpty() const noexcept { return m_head == m_items.size(); }
    std::size_t bytes() const noexcept { return m_bytes; } // not yet taken by the kernel
    std::size_t messages() const noexcept { return m_items.size() - m_head; }

    // `taken` bytes of it the kernel has already.
    void push(Slice slice, std::uint32_t taken = 0);

    // Fills `vectors` with what is to be sent next; returns how many were filled.
    std::size_t fill(std::span<iovec> vectors) const;

    // The kernel took `count` bytes: calls `whole(slice)` for each item that is now complete, in order.
    template<typename Whole>
    void take(std::size_t count, Whole &&whole)
    {
        m_bytes -= count;
        while (m_head < m_items.size()) {
            Item &item = m_items[m_head];
            const std::uint32_t left = item.slice.size - item.taken;
            if (count < left) {
                item.taken += static_cast<std::uint32_t>(count);
                break;
            }
            count -= left;
            whole(item.slice);
            item.slice = {};
            ++m_head;
        }
        compact();
    }

    // The part of the first item that the kernel has; size 0 where that is none of it.
    Slice partlyTaken() const;

    void clear();

private:
    struct Item {
        Slice slice;
        std::uint32_t taken = 0;
    };
    void compact();

    std::vector<Item> m_items;
    std::size_t m_head = 0;
    std::size_t m_bytes = 0;
};

} // namespace tincan

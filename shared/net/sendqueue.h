// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <sys/uio.h>

#include "base/chunk.h"

namespace tincan {

// What waits for one socket, in order. Costs nothing while it is empty. Loop thread only.
class SendQueue
{
public:
    // What the limits count of each message beside its bytes: an empty one costs memory, too. Also of those on the way to a
    // queue.
    static constexpr std::size_t kCostOfMessage = 96;
    // What is to wait and has fewer bytes is copied, rather than that it keeps a whole chunk alive. Also likewise.
    static constexpr std::uint32_t kCopiedBelow = 16 * 1024;

    bool isEmpty() const noexcept { return m_head == m_items.size(); }
    std::size_t bytes() const noexcept { return m_bytes; } // not yet taken by the kernel
    std::size_t messages() const noexcept { return m_items.size() - m_head; }
    // What the limits count: the bytes, and what it costs to keep so many messages.
    std::size_t cost() const noexcept { return m_bytes + messages() * kCostOfMessage; }

    // `taken` bytes of it the kernel has already. Keeps the slice's whole chunk alive: for what goes to many.
    void push(Slice slice, std::uint32_t taken = 0);
    // Bytes that are for this socket alone. A few are copied: or a peer that does not read would keep a chunk of everybody's
    // traffic alive for each. `byPerson`: what never goes out is to be told message by message.
    void pushOwn(Slice slice, std::uint32_t taken, bool byPerson);

    // Fills `vectors` with what is to be sent next; returns how many were filled.
    std::size_t fill(std::span<iovec> vectors) const;

    // The kernel took `count` bytes: calls `whole(slice)` for each item that is now complete, in order. A slice without a chunk
    // is gone after the call.
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
            m_doneByPerson += static_cast<std::uint32_t>(item.byPerson);
            item = {};
            ++m_head;
        }
        compact();
    }

    // The kernel took the first `messages` of them, each whole. For what keeps borders, where a message may be empty.
    template<typename Whole>
    void takeMessages(std::size_t messages, Whole &&whole)
    {
        for (; messages > 0 && m_head < m_items.size(); --messages) {
            Item &item = m_items[m_head];
            m_bytes -= item.slice.size;
            whole(item.slice);
            m_doneByPerson += static_cast<std::uint32_t>(item.byPerson);
            item = {};
            ++m_head;
        }
        compact();
    }
    // The first of them; only where it is not empty.
    const Slice &first() const { return m_items[m_head].slice; }

    // The part of the first item that the kernel has; size 0 where that is none of it.
    Slice partlyTaken() const;

    // How many messages of the person's were put in, ever, and how many of them are no longer in it.
    std::uint32_t pushedByPerson() const noexcept { return m_pushedByPerson; }
    std::uint32_t doneByPerson() const noexcept { return m_doneByPerson; }

    // Calls `lost(slice)` for what the kernel has not taken of each message of the person's, in order.
    template<typename Lost>
    void forEachOfPerson(Lost &&lost) const
    {
        for (std::size_t at = m_head; at < m_items.size(); ++at) {
            if (const Item &item = m_items[at]; item.byPerson) {
                lost(Slice{item.slice.chunk, item.slice.data + item.taken, item.slice.size - item.taken});
            }
        }
    }

    void clear();

private:
    struct Item {
        Slice slice;
        std::unique_ptr<std::byte[]> own; // NOLINT(modernize-avoid-c-arrays): where the slice has no chunk
        std::uint32_t taken = 0;
        bool byPerson = false;
    };
    void compact();

    std::vector<Item> m_items;
    std::size_t m_head = 0;
    std::size_t m_bytes = 0;
    std::uint32_t m_pushedByPerson = 0;
    std::uint32_t m_doneByPerson = 0;
};

} // namespace tincan

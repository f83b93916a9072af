// SPDX-License-Identifier: MIT
#include "net/sendqueue.h"

#include <cstring>

namespace tincan {

void SendQueue::push(Slice slice, std::uint32_t taken)
{
    m_bytes += slice.size - taken;
    m_items.push_back({std::move(slice), nullptr, taken, false});
}

void SendQueue::pushOwn(Slice slice, std::uint32_t taken, bool byPerson)
{
    m_pushedByPerson += static_cast<std::uint32_t>(byPerson);
    if (slice.size >= kCopiedBelow) {
        push(std::move(slice), taken);
        m_items.back().byPerson = byPerson;
        return;
    }
    m_bytes += slice.size - taken;
    Item &item = m_items.emplace_back();
    item.own = std::make_unique_for_overwrite<std::byte[]>(slice.size); // NOLINT(modernize-avoid-c-arrays)
    if (slice.size > 0) {
        std::memcpy(item.own.get(), slice.data, slice.size);
    }
    item.slice = {{}, item.own.get(), slice.size};
    item.taken = taken;
    item.byPerson = byPerson;
}

std::size_t SendQueue::fill(std::span<iovec> vectors) const
{
    std::size_t count = 0;
    for (std::size_t at = m_head; at < m_items.size() && count < vectors.size(); ++at, ++count) {
        const Item &item = m_items[at];
        // sendmsg(2) does not write through it; iovec knows no const.
        vectors[count].iov_base = const_cast<std::byte *>(item.slice.data + item.taken); // NOLINT
        vectors[count].iov_len = item.slice.size - item.taken;
    }
    return count;
}

Slice SendQueue::partlyTaken() const
{
    if (isEmpty() || m_items[m_head].taken == 0) {
        return {};
    }
    Slice part = m_items[m_head].slice;
    part.size = m_items[m_head].taken;
    return part;
}

void SendQueue::clear()
{
    std::vector<Item>().swap(m_items);
    m_head = 0;
    m_bytes = 0;
    m_doneByPerson = m_pushedByPerson;
}

void SendQueue::compact()
{
    constexpr std::size_t kKept = 64;
    if (isEmpty()) {
        if (m_items.capacity() > kKept) {
            clear();
        } else {
            m_items.clear();
            m_head = 0;
        }
    } else if (m_head > kKept && m_head * 2 > m_items.size()) {
        m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
}

} // namespace tincan

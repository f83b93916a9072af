// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace tincan {

static_assert(std::endian::native == std::endian::little, "session files are written in the order of the machine, and read so");

// Bytes that are appended to and then written away; the memory stays for the next use. One thread.
class ByteBuffer
{
public:
    std::size_t size() const noexcept { return m_size; }
    const std::byte *data() const noexcept { return m_bytes.get(); }
    std::span<const std::byte> bytes() const noexcept { return {m_bytes.get(), m_size}; }
    void clear() noexcept { m_size = 0; }
    void truncate(std::size_t size) noexcept { m_size = size; }

    // `count` bytes at the end, to be filled by the caller.
    std::byte *extend(std::size_t count)
    {
        if (m_size + count > m_capacity) {
            grow(m_size + count);
        }
        std::byte *where = m_bytes.get() + m_size;
        m_size += count;
        return where;
    }
    void append(const void *bytes, std::size_t count)
    {
        if (count > 0) {
            std::memcpy(extend(count), bytes, count);
        }
    }
    template<typename Integer>
    void put(Integer value)
    {
        append(&value, sizeof value);
    }
    // Zeros up to a multiple of four.
    void pad()
    {
        const std::size_t missing = (4 - m_size % 4) % 4;
        if (missing > 0) {
            std::memset(extend(missing), 0, missing);
        }
    }

private:
    void grow(std::size_t least)
    {
        const std::size_t capacity = std::bit_ceil(least < 4096 ? std::size_t{4096} : least);
        auto bytes = std::make_unique_for_overwrite<std::byte[]>(capacity); // NOLINT
        if (m_size > 0) {
            std::memcpy(bytes.get(), m_bytes.get(), m_size);
        }
        m_bytes = std::move(bytes);
        m_capacity = capacity;
    }

    std::unique_ptr<std::byte[]> m_bytes; // NOLINT(modernize-avoid-c-arrays)
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

} // namespace tincan

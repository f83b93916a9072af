// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace tincan {

// Reads integers from bytes that were written by a machine of the same byte order, or of the other. The caller has checked that
// they are there.
class ByteOrder
{
public:
    ByteOrder() = default;
    explicit ByteOrder(bool swapped)
        : m_swapped(swapped)
    {
    }
    std::uint16_t load16(std::span<const std::byte> from, std::size_t at) const
    {
        const auto value = load<std::uint16_t>(from, at);
        return m_swapped ? __builtin_bswap16(value) : value;
    }
    std::uint32_t load32(std::span<const std::byte> from, std::size_t at) const
    {
        const auto value = load<std::uint32_t>(from, at);
        return m_swapped ? __builtin_bswap32(value) : value;
    }
    std::uint64_t load64(std::span<const std::byte> from, std::size_t at) const
    {
        const auto value = load<std::uint64_t>(from, at);
        return m_swapped ? __builtin_bswap64(value) : value;
    }

private:
    template<typename Integer>
    static Integer load(std::span<const std::byte> from, std::size_t at)
    {
        Integer value{};
        std::memcpy(&value, from.data() + at, sizeof value);
        return value;
    }
    bool m_swapped = false;
};

} // namespace tincan

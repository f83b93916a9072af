// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "transcript/bytebuffer.h"

// What the files that write and read blocks share.
namespace tincan::pcapng {

inline std::size_t begin(ByteBuffer &into, std::uint32_t type)
{
    const std::size_t at = into.size();
    into.put(type);
    into.put(std::uint32_t{0}); // the length, by end()
    return at;
}

inline void end(ByteBuffer &into, std::size_t at)
{
    const auto length = static_cast<std::uint32_t>(into.size() - at + sizeof(std::uint32_t));
    into.put(length);
    // The buffer may have moved meanwhile, so the place is found anew.
    std::memcpy(const_cast<std::byte *>(into.data()) + at + sizeof(std::uint32_t), &length, sizeof length); // NOLINT
}

template<typename Integer>
Integer load(std::span<const std::byte> bytes, std::size_t at)
{
    Integer value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

} // namespace tincan::pcapng

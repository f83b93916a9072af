// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

#include <linux/netlink.h>

namespace tincan {

// A struct out of bytes that may be fewer (an older kernel's) or more (a newer one's): what is missing is zero.
template<typename Struct>
Struct readStruct(std::span<const std::byte> bytes) noexcept
{
    Struct read{};
    std::memcpy(&read, bytes.data(), std::min(bytes.size(), sizeof read));
    return read;
}

// Calls take(type, value) for each attribute (netlink(7), struct nlattr). Ends at the first that does not fit. Any thread.
template<typename Take>
void forEachAttribute(std::span<const std::byte> bytes, Take &&take)
{
    while (bytes.size() >= sizeof(nlattr)) {
        const auto head = readStruct<nlattr>(bytes);
        if (head.nla_len < sizeof(nlattr) || head.nla_len > bytes.size()) {
            return;
        }
        constexpr unsigned kTypeBits = NLA_TYPE_MASK;
        take(static_cast<unsigned>(head.nla_type) & kTypeBits, bytes.subspan(sizeof(nlattr), head.nla_len - sizeof(nlattr)));
        bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), NLA_ALIGN(head.nla_len)));
    }
}

} // namespace tincan

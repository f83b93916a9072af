// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <QByteArray>

namespace tincan::fuzz {

// Takes values from the fuzzer's bytes.
struct Choices {
    std::span<const std::uint8_t> rest;

    unsigned next()
    {
        if (rest.empty()) {
            return 0;
        }
        const unsigned value = rest.front();
        rest = rest.subspan(1);
        return value;
    }
    unsigned next16()
    {
        const unsigned low = next();
        return low | next() << 8U;
    }
    QByteArray bytes(std::size_t count)
    {
        const std::span part = rest.first(std::min(count, rest.size()));
        rest = rest.subspan(part.size());
        return {reinterpret_cast<const char *>(part.data()), static_cast<qsizetype>(part.size())};
    }
    QByteArray all() { return bytes(rest.size()); }
};

inline void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

} // namespace tincan::fuzz

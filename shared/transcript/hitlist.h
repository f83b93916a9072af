// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "transcript/blocklist.h"
#include "transcript/conversationview.h"

namespace tincan {

// Where something was found: `size` bytes from `begin` on, of which the last may be in later rows of the same stream.
struct Hit {
    Place begin;
    std::uint32_t size = 0;

    friend bool operator==(const Hit &, const Hit &) = default;
};

// What has been found, ascending. At most kMost are kept; those beyond are only counted. One thread.
class HitList
{
public:
    static constexpr std::size_t kMost = 1'000'000;

    // `hits`: ascending. One that begins where another does replaces it. Returns the first index that has changed; size() as it
    // was where only new ones came at the end.
    std::size_t add(const std::vector<Hit> &hits);
    void clear();

    std::size_t size() const noexcept { return m_hits.size(); }
    const Hit &operator[](std::size_t index) const noexcept { return m_hits[index]; }
    std::uint64_t found() const noexcept { return m_hits.size() + m_beyond; } // with those not kept
    // The first that begins at `from` or behind; size() where there is none.
    std::size_t firstFrom(Place from) const noexcept;

private:
    BlockList<Hit> m_hits;
    std::uint64_t m_beyond = 0;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "session/search.h"
#include "session/transcriptmodel.h"
#include "ui/bytemap.h"

namespace tincan {

// What of a conversation's rows has been found by a search, and which of it is looked at. GUI thread. The search outlives it.
class Highlighter
{
public:
    explicit Highlighter(const Search &search)
        : m_search(search)
    {
    }

    void setCurrent(std::optional<Place> current) { m_current = current; } // where a hit begins
    std::optional<Place> current() const { return m_current; }

    // The found bytes of a row among its first `most`, ascending, without overlaps.
    std::vector<ByteSpan> spans(const TranscriptModel &model, int row, std::uint32_t most) const;
    // Where in the row the place is (bytes from its beginning); below 0 or nothing where it is in none of its bytes.
    std::optional<std::int64_t> offset(const TranscriptModel &model, int row, Place place) const;
    // Whether anything begins in the rows [first, last), or the hit that is looked at.
    bool isIn(const TranscriptModel &model, int first, int last) const;
    bool isCurrentIn(const TranscriptModel &model, int first, int last) const;

private:
    const Search &m_search;
    std::optional<Place> m_current;
};

} // namespace tincan

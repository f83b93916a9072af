// SPDX-License-Identifier: MIT
#include "transcript/segmenthistory.h"

#include <algorithm>
#include <array>

namespace tincan {

std::uint64_t SegmentHistory::differing(const StreamPiece &first, const StreamPiece &again) const
{
    const std::int32_t ahead = distance(first.sequence, again.sequence);
    const std::uint64_t skipFirst = ahead > 0 ? static_cast<std::uint64_t>(ahead) : 0;
    const std::uint64_t skipAgain = ahead < 0 ? static_cast<std::uint64_t>(-std::int64_t{ahead}) : 0;
    if (skipFirst >= first.captured || skipAgain >= again.captured) {
        return 0;
    }
    std::uint64_t left = std::min(first.captured - skipFirst, again.captured - skipAgain);
    std::uint64_t one = first.offset + skipFirst;
    std::uint64_t other = again.offset + skipAgain;
    std::uint64_t count = 0;
    std::array<std::byte, 2048> had{};
    std::array<std::byte, 2048> has{};
    while (left > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left, had.size()));
        int error = 0;
        if (m_file.readInto(one, std::span(had).first(part), &error) < part
            || m_file.readInto(other, std::span(has).first(part), &error) < part) {
            break; // it can no longer be told
        }
        for (std::size_t at = 0; at < part; ++at) {
            count += static_cast<std::uint64_t>(had[at] != has[at]); // NOLINT: part is at most their size
        }
        one += part;
        other += part;
        left -= part;
    }
    return count;
}

std::uint64_t SegmentHistory::differing(Mark last, const StreamPiece &again) const
{
    constexpr int kMostSteps = 64;
    std::uint64_t count = 0;
    for (int step = 0; step < kMostSteps && last != 0 && last + kSize > m_count /* not yet written over */; ++step) {
        const Entry &entry = m_ring[(last - 1) % kSize];
        count += differing(StreamPiece{entry.offset, entry.sequence, entry.captured, entry.captured}, again);
        if (distance(entry.sequence, again.sequence) >= 0) {
            break; // what is before it has lower numbers still
        }
        last = entry.before;
    }
    return count;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/hitlist.h"

#include <algorithm>

namespace tincan {

std::size_t HitList::firstFrom(Place from) const noexcept
{
    std::size_t low = 0;
    for (std::size_t high = m_hits.size(); low < high;) {
        const std::size_t middle = (low + high) / 2;
        m_hits[middle].begin < from ? low = middle + 1 : high = middle;
    }
    return low;
}

std::size_t HitList::add(const std::vector<Hit> &hits)
{
    const std::size_t before = m_hits.size();
    std::size_t changed = before;
    std::vector<Hit> fresh;
    const std::vector<Hit> *news = &hits;
    if (before > 0 && !hits.empty() && !(m_hits.last().begin < hits.front().begin)) {
        for (const Hit &hit : hits) {
            const std::size_t at = firstFrom(hit.begin);
            changed = std::min(changed, at);
            if (at < before && m_hits[at].begin == hit.begin) {
                m_hits[at] = hit;
            } else {
                fresh.push_back(hit);
            }
        }
        news = &fresh;
    }
    const std::size_t room = kMost - std::min(kMost, before);
    const std::size_t count = std::min(room, news->size());
    m_beyond += news->size() - count;
    for (std::size_t i = 0; i < count; ++i) {
        m_hits.append((*news)[i]);
    }
    // From behind, so that each is moved once: those that belong before others make room.
    for (std::size_t to = m_hits.size(), old = before, left = count; left > 0 && old > 0 && changed < before;) {
        const bool isOld = (*news)[left - 1].begin < m_hits[old - 1].begin;
        m_hits[--to] = isOld ? m_hits[--old] : (*news)[--left];
        if (old == 0) {
            while (left > 0) {
                m_hits[--to] = (*news)[--left];
            }
        }
    }
    return changed;
}

void HitList::clear()
{
    m_hits.clear();
    m_beyond = 0;
}

} // namespace tincan

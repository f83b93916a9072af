// SPDX-License-Identifier: MIT
#include "transcript/searcher.h"

#include <algorithm>

#include "transcript/streamscans.h"

namespace tincan {

namespace {

// After so much of it is looked at the clock.
constexpr std::size_t kClockBytes = std::size_t{256} * 1024;
constexpr std::size_t kClockRows = 1024;
constexpr std::size_t kMostHits = 65'536; // of one run: they are to be taken over within a frame

std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

void sortByBeginning(std::vector<Hit> &hits, std::size_t first)
{
    const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(first);
    const auto isBefore = [](const Hit &a, const Hit &b) { return a.begin < b.begin; };
    const auto isNotAfter = [&](const Hit &a, const Hit &b) { return !isBefore(a, b); };
    if (std::adjacent_find(begin, hits.end(), isNotAfter) == hits.end()) {
        return;
    }
    std::stable_sort(begin, hits.end(), isBefore);
    // The last of those with one beginning is the longest.
    const auto kept = std::unique(std::make_reverse_iterator(hits.end()), std::make_reverse_iterator(begin),
                                  [](const Hit &a, const Hit &b) { return a.begin == b.begin; });
    hits.erase(begin, kept.base());
}

} // namespace

Searcher::Searcher(const PayloadSource &source, const Pattern &pattern, SearchIn in, std::size_t first)
    : m_cursor(source)
    , m_pattern(pattern)
    , m_scan(makeScan())
    , m_in(in)
    , m_next(first)
{
}

std::unique_ptr<StreamScan> Searcher::makeScan() const
{
    if (m_pattern.literal()) {
        return std::make_unique<LiteralScan>(*m_pattern.literal());
    }
    return std::make_unique<RegexScan>(*m_pattern.regex(), m_cancelled);
}

bool Searcher::isWanted(RecordKind kind) const noexcept
{
    return hasPayload(kind) && (m_in == SearchIn::Both || (m_in == SearchIn::Received) == (kind == RecordKind::Received));
}

void Searcher::run(const ConversationView &view, const std::atomic<bool> &cancelled, std::chrono::milliseconds time,
                   std::vector<Hit> &into)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + time;
    const std::size_t first = into.size();
    m_cancelled = &cancelled;
    std::size_t bytes = 0;
    std::size_t rows = 0;
    for (; m_next < view.size() && !cancelled.load(std::memory_order_relaxed); ++m_next) {
        const Row &row = view.row(m_next);
        if (isWanted(row.kind) && row.size > 0) {
            take(view, row, into);
            bytes += row.size;
        }
        if (bytes >= kClockBytes || ++rows >= kClockRows || into.size() - first >= kMostHits) {
            bytes = 0;
            rows = 0;
            if (Clock::now() >= end || into.size() - first >= kMostHits) {
                ++m_next;
                break;
            }
        }
    }
    m_scan->flush(into);
    sortByBeginning(into, first);
    m_cancelled = nullptr;
}

void Searcher::take(const ConversationView &view, const Row &row, std::vector<Hit> &into)
{
    const std::span<const std::byte> bytes = m_cursor.bytes(row);
    const ConversationView::Stream stream = view.streamOf(row);
    const bool isWhole = bytes.size() == row.size;
    if (!isWhole) {
        ++m_unreadable;
        m_scan->interrupt(stream, into);
    } else if (row.kind == RecordKind::Refused || row.isApart) { // never went over the connection, or is whole
        if (!m_alone) {
            m_alone = makeScan();
        }
        m_alone->take(view.number(m_next), 0, asText(bytes), into);
        m_alone->flush(into);
        m_alone->interrupt(0, into);
    } else {
        m_scan->take(view.number(m_next), stream, asText(bytes), into);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/highlighter.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tincan {

namespace {

// How far is looked: hits that began before a row, and rows between two reads of one stream. What is farther is not marked in the
// rows behind the one that it begins in.
constexpr std::size_t kMostEarlier = 64;
constexpr std::size_t kMostRows = 2048;

// Bytes of one stream from the one place to the other, which is not before it.
std::optional<std::int64_t> distance(const ConversationView &view, Place from, Place to)
{
    std::int64_t bytes = -static_cast<std::int64_t>(from.from);
    const Row &first = view.rowOf(from.row);
    const ConversationView::Stream stream = view.streamOf(first);
    std::size_t at = view.placeOf(from.row);
    for (std::size_t seen = 0; at < view.size() && seen < kMostRows; ++at, ++seen) {
        const RowNumber number = view.number(at);
        const Row &row = view.row(at);
        if (!isMessage(row.kind) || view.streamOf(row) != stream) {
            if (number >= to.row) {
                return {};
            }
            continue;
        }
        if (number == to.row) {
            return bytes + to.from;
        }
        bytes += row.size;
    }
    return {};
}

// The reads that a message's first `end` bytes came in: the row of each, and where in the message that begins (below 0: before
// it).
std::vector<std::pair<RowNumber, std::int64_t>> readsOf(const ConversationView &view, const Piece &piece, std::int64_t end)
{
    const Row &first = view.rowOf(piece.row);
    std::vector<std::pair<RowNumber, std::int64_t>> reads{{piece.row, -static_cast<std::int64_t>(piece.from)}};
    std::int64_t next = first.size - static_cast<std::int64_t>(piece.from);
    std::size_t at = view.placeOf(piece.row) + 1;
    for (std::size_t seen = 0; next < end && at < view.size() && seen < kMostRows; ++at, ++seen) {
        const Row &row = view.row(at);
        if (isMessage(row.kind) && view.streamOf(row) == view.streamOf(first)) {
            reads.emplace_back(view.number(at), next);
            next += row.size;
        }
    }
    return reads;
}

} // namespace

std::optional<std::int64_t> Highlighter::offset(const TranscriptModel &model, int row, Place place) const
{
    const Piece piece = model.piece(row);
    if (place.row == piece.row) {
        return std::int64_t{place.from} - piece.from;
    }
    if (place.row > piece.row) {
        return distance(model.view(), {piece.row, piece.from}, place);
    }
    const auto before = distance(model.view(), place, {piece.row, piece.from});
    return before ? std::optional(-*before) : std::nullopt;
}

std::vector<ByteSpan> Highlighter::spans(const TranscriptModel &model, int row, std::uint32_t most) const
{
    const HitList &hits = m_search.hits();
    std::vector<ByteSpan> spans;
    if (hits.size() == 0 || !hasPayload(model.row(row).kind)) {
        return spans;
    }
    const Piece piece = model.piece(row);
    const ConversationView &view = model.view();
    const std::int64_t end = std::min<std::int64_t>(piece.size, most);
    const auto add = [&](const Hit &hit, std::int64_t from) {
        if (from < end && from + hit.size > 0) {
            spans.push_back({from, from + hit.size, m_current == hit.begin});
        }
    };
    const std::size_t here = hits.firstFrom({piece.row, 0});
    for (std::size_t at = here - std::min(here, kMostEarlier); at < here; ++at) {
        const Hit &hit = hits[at];
        const bool goesOn = hit.begin.from + std::uint64_t{hit.size} > view.rowOf(hit.begin.row).size;
        if (const auto from = goesOn ? offset(model, row, hit.begin) : std::nullopt) {
            add(hit, *from);
        }
    }
    // Read by read, and only as far as is shown: a message may have a million of both.
    for (const auto &[number, begin] : readsOf(view, piece, end)) {
        for (std::size_t at = hits.firstFrom({number, 0}); at < hits.size() && hits[at].begin.row == number; ++at) {
            const std::int64_t from = begin + hits[at].begin.from;
            if (from >= end) {
                break;
            }
            add(hits[at], from);
        }
    }
    std::sort(spans.begin(), spans.end(), [](const ByteSpan &a, const ByteSpan &b) { return a.from < b.from; });
    return spans;
}

bool Highlighter::isIn(const TranscriptModel &model, int first, int last) const
{
    if (first >= last || m_search.hits().size() == 0) {
        return false;
    }
    const HitList &hits = m_search.hits();
    const std::size_t at = hits.firstFrom({model.number(first), 0});
    return at < hits.size() && (last >= model.count() || hits[at].begin.row < model.number(last));
}

bool Highlighter::isCurrentIn(const TranscriptModel &model, int first, int last) const
{
    return m_current && first < last && m_current->row >= model.number(first)
        && (last >= model.count() || m_current->row < model.number(last));
}

} // namespace tincan

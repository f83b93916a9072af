// SPDX-License-Identifier: MIT
#include "transcript/streamscans.h"

#include <algorithm>

#include <re2/re2.h>

namespace tincan {

namespace {

constexpr std::size_t kGather = std::size_t{32} * 1024;          // of a stream, before it is looked at
constexpr std::size_t kGatherAll = std::size_t{4} * 1024 * 1024; // of all

} // namespace

void Tail::append(Place begin, std::string_view more)
{
    if (!more.empty()) {
        bytes.insert(bytes.end(), more.begin(), more.end());
        runs.push_back({begin, static_cast<std::uint32_t>(more.size())});
    }
}

void Tail::dropFirst(std::size_t count)
{
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    auto run = runs.begin();
    for (; run != runs.end() && count >= run->size; ++run) {
        count -= run->size;
    }
    runs.erase(runs.begin(), run);
    if (count > 0) {
        runs.front().begin.from += static_cast<std::uint32_t>(count);
        runs.front().size -= static_cast<std::uint32_t>(count);
    }
}

void Tail::clear()
{
    bytes.clear();
    runs.clear();
}

Place Tail::placeAt(std::size_t offset) const noexcept
{
    for (const Run &run : runs) {
        if (offset < run.size) {
            return {run.begin.row, run.begin.from + static_cast<std::uint32_t>(offset)};
        }
        offset -= run.size;
    }
    return {};
}

LiteralScan::LiteralScan(const Literal &literal)
    : m_literal(literal)
    , m_keep(literal.size() - 1)
{
}

// A match that begins in the tail. Returns how many bytes of the row it takes, 0 where there is none.
std::size_t LiteralScan::takeOverBorder(const Tail &tail, std::string_view bytes, std::vector<Hit> &into)
{
    const std::size_t kept = tail.bytes.size();
    m_border.assign(tail.bytes.begin(), tail.bytes.end());
    m_border.insert(m_border.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), m_keep)));
    const std::size_t at = m_literal.find({m_border.data(), m_border.size()});
    if (at == Literal::kNone || at >= kept) {
        return 0;
    }
    into.push_back({tail.placeAt(at), static_cast<std::uint32_t>(m_literal.size())});
    return at + m_literal.size() - kept;
}

void LiteralScan::take(RowNumber row, ConversationView::Stream stream, std::string_view bytes, std::vector<Hit> &into)
{
    std::size_t from = 0; // what is before it belongs to a match
    Tail *tail = m_keep > 0 ? &m_tails[stream] : nullptr;
    if (tail && !tail->bytes.empty()) {
        from = takeOverBorder(*tail, bytes, into);
    }
    for (std::size_t at = m_literal.find(bytes, from); at != Literal::kNone; at = m_literal.find(bytes, from)) {
        into.push_back({{row, static_cast<std::uint32_t>(at)}, static_cast<std::uint32_t>(m_literal.size())});
        from = at + m_literal.size();
    }
    if (!tail) {
        return;
    }
    if (from > 0 || bytes.size() >= m_keep) {
        from = std::max(from, bytes.size() - std::min(bytes.size(), m_keep));
        tail->clear();
    } else if (tail->bytes.size() + bytes.size() > m_keep) {
        tail->dropFirst(tail->bytes.size() + bytes.size() - m_keep);
    }
    tail->append({row, static_cast<std::uint32_t>(from)}, bytes.substr(from));
}

void LiteralScan::interrupt(ConversationView::Stream stream, std::vector<Hit> & /*into*/)
{
    m_tails[stream].clear();
}

RegexScan::RegexScan(const re2::RE2 &regex, const std::atomic<bool> *const &cancelled)
    : m_regex(regex)
    , m_cancelled(cancelled)
{
}

bool RegexScan::isCancelled() const noexcept
{
    return m_cancelled && m_cancelled->load(std::memory_order_relaxed);
}

void RegexScan::take(RowNumber row, ConversationView::Stream stream, std::string_view bytes, std::vector<Hit> &into)
{
    Gathered &gathered = m_streams[stream];
    gathered.tail.append({row, 0}, bytes);
    m_gathered += bytes.size();
    if (!gathered.isWaiting) {
        gathered.isWaiting = true;
        m_waiting.push_back(stream);
    }
    if (gathered.tail.bytes.size() - gathered.fresh >= kGather) {
        look(gathered, into);
    }
    if (m_gathered >= kGatherAll) {
        flush(into);
    }
}

void RegexScan::interrupt(ConversationView::Stream stream, std::vector<Hit> &into)
{
    Gathered &gathered = m_streams[stream];
    look(gathered, into);
    const bool isWaiting = gathered.isWaiting;
    gathered = {};
    gathered.isWaiting = isWaiting;
}

void RegexScan::flush(std::vector<Hit> &into)
{
    for (const ConversationView::Stream stream : m_waiting) {
        m_streams[stream].isWaiting = false;
        look(m_streams[stream], into);
    }
    m_waiting.clear();
    m_gathered = 0;
}

void RegexScan::look(Gathered &stream, std::vector<Hit> &into)
{
    const std::size_t size = stream.tail.bytes.size();
    if (stream.fresh == size) {
        return;
    }
    const re2::StringPiece text(stream.tail.bytes.data(), size);
    std::size_t from = std::min(stream.from, stream.open);
    std::size_t open = SIZE_MAX;
    re2::StringPiece match;
    while (from < size && !isCancelled() && m_regex.Match(text, from, size, RE2::UNANCHORED, &match, 1)) {
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        const std::size_t end = begin + match.size();
        if (match.empty()) {
            from = begin + 1;
            continue;
        }
        if (begin != stream.open || end > stream.fresh) { // else it is known
            into.push_back({stream.tail.placeAt(begin), static_cast<std::uint32_t>(match.size())});
        }
        open = end == size ? begin : SIZE_MAX;
        from = end;
    }
    from = std::min(size, std::max(from, size - std::min(size, kLookBack)));
    if (open != SIZE_MAX && size - open > kLookBack) {
        open = SIZE_MAX;
    }
    // One byte more, for what looks behind: ^ and \b.
    const std::size_t needed = std::min(from, open);
    const std::size_t drop = needed - std::min<std::size_t>(needed, 1);
    stream.tail.dropFirst(drop);
    stream.fresh = size - drop;
    stream.from = from - drop;
    stream.open = open == SIZE_MAX ? open : open - drop;
}

} // namespace tincan

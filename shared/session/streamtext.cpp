// SPDX-License-Identifier: MIT
#include "session/streamtext.h"

#include <algorithm>

#include "transcript/escapes.h"
#include "transcript/streamcontext.h"

namespace tincan {

namespace {

// How far another read of the same stream is looked for among the rows of others. Beyond it a character cut between two reads
// shows as its bytes.
constexpr std::size_t kNeighbourSearch = 4096;
constexpr std::size_t kNone = SIZE_MAX;
constexpr std::uint64_t kRowsAMark = 64;

bool isOfStream(const ConversationView &view, std::size_t at, ConversationView::Stream stream)
{
    const Row &row = view.row(at);
    return isMessage(row.kind) && view.streamOf(row) == stream;
}

std::size_t before(const ConversationView &view, std::size_t at)
{
    const ConversationView::Stream stream = view.streamOf(view.row(at));
    for (std::size_t back = 1; back <= std::min(at, kNeighbourSearch); ++back) {
        if (isOfStream(view, at - back, stream)) {
            return at - back;
        }
    }
    return kNone;
}

} // namespace

QByteArray StreamText::bytesBefore(const ConversationView &view, std::size_t at, std::uint32_t from, qsizetype most) const
{
    std::vector<QByteArray> parts; // the last one first
    qsizetype size = 0;
    std::uint32_t end = from;
    while (at != kNone && size < most) {
        const Row &row = view.row(at);
        const auto wanted = static_cast<std::uint32_t>(std::min<qsizetype>(most - size, end));
        if (wanted > 0) {
            parts.push_back(m_source.read(row, end - wanted, wanted));
            size += parts.back().size();
            if (parts.back().size() < static_cast<qsizetype>(wanted)) {
                break; // not kept: what stands before it says nothing
            }
        }
        if (size < most) {
            at = before(view, at);
            end = at == kNone ? 0 : view.row(at).size;
        }
    }
    QByteArray joined;
    joined.reserve(size);
    for (auto part = parts.crbegin(); part != parts.crend(); ++part) {
        joined += *part;
    }
    return joined;
}

QByteArray StreamText::carriedInto(const ConversationView &view, std::size_t at, std::uint32_t from) const
{
    if (!isMessage(view.row(at).kind) || view.row(at).isApart) {
        return {}; // what was refused is part of no stream, and a datagram is whole
    }
    return tincan::carriedInto(
        *m_encoding,
        {[&](qsizetype most) { return bytesBefore(view, at, from, most); }, [&] { return offsetOf(view, at) + from; }});
}

StreamText::Text StreamText::text(const ConversationView &view, const Shown &shown) const
{
    constexpr int kFoldAbove = 16;
    const QByteArray carried = carriedInto(view, shown.at, shown.from);
    const Row &row = view.row(shown.at);
    const bool isPart = !shown.whole || !isMessage(row.kind) || row.isApart; // nothing that follows completes it
    Text made;
    if (shown.borders.empty()) {
        made.runs = decodeMessage(carried, shown.bytes, isPart, kFoldAbove, *m_encoding);
    } else {
        made.runs = withBorders(carried, shown, isPart);
    }
    qsizetype held = carried.size() + shown.bytes.size();
    for (const TextRun &run : made.runs) {
        held -= run.size;
    }
    if (held > 0 && shown.goesOn && !shown.goesOn()) {
        appendInvalid(made.runs, (carried + shown.bytes).last(held));
        made.open = true;
    }
    return made;
}

TextRuns StreamText::withBorders(const QByteArray &carried, const Shown &shown, bool isPart) const
{
    TextRuns runs;
    Decoder decoder(*m_encoding);
    decoder.setCarried(carried);
    qsizetype from = 0;
    for (const std::uint32_t border : shown.borders) {
        const auto end = std::min<qsizetype>(border, shown.bytes.size());
        decoder.decode(QByteArrayView(shown.bytes).sliced(from, end - from), runs);
        runs.push_back({TextRun::Kind::Border, QStringLiteral("\u258f"), 0});
        from = end;
    }
    decoder.decode(QByteArrayView(shown.bytes).sliced(from), runs);
    if (isPart) {
        decoder.finish(runs);
    }
    return runs;
}

std::uint64_t StreamText::offsetOf(const ConversationView &view, std::size_t at) const
{
    Offsets *of = nullptr; // those of the row before: most often of the same stream, and then they need not be looked up
    ConversationView::Stream latest = 0;
    for (; m_seen <= at; ++m_seen) {
        const Row &row = view.row(m_seen);
        if (isMessage(row.kind)) {
            if (const ConversationView::Stream stream = view.streamOf(row); !of || stream != latest) {
                of = &m_offsets[stream];
                latest = stream;
            }
            Offsets &offsets = *of;
            if (offsets.rows++ % kRowsAMark == 0) {
                offsets.marks.push_back({m_seen, offsets.size});
            }
            offsets.size += row.size;
        }
    }
    const ConversationView::Stream stream = view.streamOf(view.row(at));
    const auto found = m_offsets.find(stream);
    if (found == m_offsets.end() || !isOfStream(view, at, stream)) {
        return 0;
    }
    const std::vector<Mark> &marks = found->second.marks;
    const auto after
        = std::upper_bound(marks.begin(), marks.end(), at, [](std::size_t row, const Mark &m) { return row < m.at; });
    Mark mark = *(after - 1); // its own row is marked, or one before it
    for (std::uint64_t offset = mark.offset;; ++mark.at) {
        if (mark.at == at) {
            return offset;
        }
        offset += isOfStream(view, mark.at, stream) ? view.row(mark.at).size : 0;
    }
}

} // namespace tincan

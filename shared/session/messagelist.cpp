// SPDX-License-Identifier: MIT
#include "session/messagelist.h"

#include <algorithm>

namespace tincan {

namespace {

// How far a neighbouring read of the same stream is looked for among the rows of all. Beyond it a character cut between two reads
// shows as its bytes.
constexpr std::size_t kNear = 4096;

} // namespace

MessageList::MessageList(const Index &index, const PayloadSource &source, const ConversationOptions &options)
    : m_index(index)
    , m_source(source)
    , m_conversation(options.conversation)
    , m_firstRow(options.firstRow)
    , m_hasLens(options.lens.kind != Lens::Kind::Reads)
    , m_seen(options.firstRow)
{
}

void MessageList::refresh()
{
    const RowNumber size = m_index.size();
    if (size <= m_seen) {
        return;
    }
    if (m_conversation == kNoPeer) {
        m_view = ConversationView(m_index.rows());
    } else {
        m_index.conversation(m_conversation, m_seen, m_rows);
        m_view = ConversationView(m_index.rows(), m_rows.view(), m_conversation);
    }
    m_seen = size;
    if (!m_hasLens) {
        m_count = static_cast<int>(m_conversation == kNoPeer ? size - m_firstRow : m_rows.size());
    }
}

std::vector<int> MessageList::take(const LensCutter::Cuts &cuts, std::size_t cutTo)
{
    m_cut = cutTo;
    std::vector<int> grown;
    for (const LensCutter::Cuts::Growth &growth : cuts.grown) {
        Piece &piece = m_pieces[growth.piece];
        piece.size = growth.size & 0x7fffffffU;
        piece.broken = static_cast<std::uint32_t>(growth.broken);
        grown.push_back(static_cast<int>(growth.piece));
    }
    for (const Piece &piece : cuts.begun) {
        m_pieces.append(piece);
    }
    m_count = static_cast<int>(m_pieces.size());
    std::sort(grown.begin(), grown.end());
    grown.erase(std::unique(grown.begin(), grown.end()), grown.end());
    return grown;
}

Piece MessageList::piece(int message) const
{
    const auto at = static_cast<std::size_t>(message);
    if (m_hasLens) {
        return m_pieces[at];
    }
    const RowNumber number = m_conversation == kNoPeer ? m_firstRow + static_cast<RowNumber>(message) : m_rows[at];
    return {number, 0, m_index.row(number).size & 0x7fffffffU, 0};
}

Row MessageList::row(int message) const
{
    const Piece piece = this->piece(message);
    Row row = m_index.row(piece.row);
    row.size = piece.size;
    if (row.offset != kNotRecorded) {
        row.offset += piece.from;
    }
    return row;
}

QByteArray MessageList::bytes(int message, std::uint32_t from, std::uint32_t most, int *error) const
{
    int code = 0;
    if (error) {
        *error = 0;
    }
    const Piece piece = this->piece(message);
    if (from >= piece.size) {
        return {};
    }
    const auto wanted = static_cast<qsizetype>(std::min<std::uint32_t>(most, piece.size - from));
    RowNumber number = piece.row;
    std::uint64_t skip = std::uint64_t{piece.from} + from;
    while (number != kNoRow && skip >= m_index.row(number).size) {
        skip -= m_index.row(number).size;
        number = along(number, +1);
    }
    QByteArray bytes;
    while (number != kNoRow && bytes.size() < wanted) {
        const Row &row = m_index.row(number);
        const auto part
            = std::min(row.size - static_cast<std::uint32_t>(skip), static_cast<std::uint32_t>(wanted - bytes.size()));
        const QByteArray read = m_source.read(row, static_cast<std::uint32_t>(skip), part, &code);
        bytes += read;
        if (read.size() < static_cast<qsizetype>(part)) {
            if (error) {
                *error = code;
            }
            break;
        }
        skip = 0;
        number = bytes.size() < wanted ? along(number, +1) : kNoRow;
    }
    return bytes;
}

std::vector<std::uint32_t> MessageList::borders(int message, std::uint32_t most) const
{
    const Piece piece = this->piece(message);
    const std::uint32_t end = std::min<std::uint32_t>(piece.size, most);
    std::vector<std::uint32_t> borders;
    RowNumber number = piece.row;
    std::uint64_t at = m_index.row(number).size - piece.from;
    while (at < end) {
        if (borders.empty() || borders.back() != at) { // an empty message in between has no place of its own here
            borders.push_back(static_cast<std::uint32_t>(at));
        }
        number = along(number, +1);
        if (number == kNoRow) {
            break;
        }
        at += m_index.row(number).size;
    }
    return borders;
}

bool MessageList::goesOn(int message) const
{
    const Piece piece = this->piece(message);
    std::uint64_t end = std::uint64_t{piece.from} + piece.size;
    RowNumber number = piece.row;
    while (number != kNoRow && end >= m_index.row(number).size) {
        end -= m_index.row(number).size;
        number = along(number, +1, kNear);
    }
    return number != kNoRow;
}

bool MessageList::isToCome(RowNumber row) const
{
    return row >= m_seen || (m_hasLens && m_view.placeOf(row) >= m_cut);
}

int MessageList::messageOf(Place place) const
{
    if (place.row < m_firstRow || isToCome(place.row)) {
        return -1;
    }
    if (m_hasLens) {
        return pieceOf(place);
    }
    const std::size_t at = m_view.placeOf(place.row);
    if (at >= m_view.size() || m_view.number(at) != place.row) {
        return -1;
    }
    return static_cast<int>(m_conversation == kNoPeer ? at - m_firstRow : at);
}

// The last piece of its stream that does not begin after it.
int MessageList::pieceOf(Place place) const
{
    std::size_t low = 0;
    for (std::size_t high = m_pieces.size(); low < high;) {
        const std::size_t middle = (low + high) / 2;
        Place{m_pieces[middle].row, m_pieces[middle].from} <= place ? low = middle + 1 : high = middle;
    }
    if (low > 0 && m_pieces[low - 1].row == place.row) {
        return static_cast<int>(low - 1);
    }
    const Row &row = m_index.row(place.row);
    const std::size_t last = isMessage(row.kind) ? lastOf(m_view.streamOf(row), low) : kNoPiece;
    return last == kNoPiece ? -1 : static_cast<int>(last);
}

// The last piece of the stream before `end`. With thousands of streams it may be thousands of pieces back; where many are asked
// for, what is on the way is therefore remembered, so that all together take a few times as long as going through the list once.
std::size_t MessageList::lastOf(ConversationView::Stream stream, std::size_t end) const
{
    if (end > m_swept && m_steps > end - m_swept) {
        for (; m_swept < end; ++m_swept) {
            if (const ConversationView::Stream passed = streamOf(m_swept); passed != kNoStream) {
                m_lastSwept[passed] = m_swept;
            }
        }
        m_steps = 0;
    }
    const std::size_t remembered = end >= m_swept ? m_swept : 0;
    for (std::size_t at = end; at-- > remembered; ++m_steps) {
        if (streamOf(at) == stream) {
            return at;
        }
    }
    const auto found = remembered > 0 ? m_lastSwept.find(stream) : m_lastSwept.end();
    return found == m_lastSwept.end() ? kNoPiece : found->second;
}

ConversationView::Stream MessageList::streamOf(std::size_t piece) const
{
    const Row &row = m_index.row(m_pieces[piece].row);
    return isMessage(row.kind) ? m_view.streamOf(row) : kNoStream;
}

RowNumber MessageList::along(RowNumber number, int step, std::size_t most) const
{
    const Row &here = m_view.rowOf(number);
    if (!isMessage(here.kind)) {
        return kNoRow;
    }
    const ConversationView::Stream stream = m_view.streamOf(here);
    const std::size_t first = m_conversation == kNoPeer ? m_firstRow : 0;
    std::size_t at = m_view.placeOf(number);
    for (; most > 0 && (step > 0 ? at + 1 < m_view.size() : at > first); --most) {
        at += static_cast<std::size_t>(step);
        const Row &there = m_view.row(at);
        if (isMessage(there.kind) && m_view.streamOf(there) == stream) {
            return m_view.number(at);
        }
    }
    return kNoRow;
}

} // namespace tincan

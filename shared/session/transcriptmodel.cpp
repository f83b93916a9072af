// SPDX-License-Identifier: MIT
#include "session/transcriptmodel.h"

#include <algorithm>

namespace tincan {

namespace {

// How far a neighbouring read of the same peer is looked for among the rows of all. Beyond it a character cut between two
// reads shows as its bytes.
constexpr int kNeighbourSearch = 4096;
constexpr qsizetype kLongestTail = 3;

} // namespace

TranscriptModel::TranscriptModel(const Index &index, const PayloadSource &source, PeerId conversation, QObject *parent,
                                 RowNumber firstRow)
    : QAbstractListModel(parent)
    , m_index(index)
    , m_source(source)
    , m_conversation(conversation)
    , m_firstRow(firstRow)
    , m_seen(firstRow)
{
    refresh();
}

int TranscriptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

QVariant TranscriptModel::data(const QModelIndex &index, int role) const
{
    if (role != Qt::DisplayRole || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    QString text;
    if (hasPayload(row(index.row()).kind)) {
        constexpr std::uint32_t kBeginning = 1024;
        for (const TextRun &run : this->text(index.row(), kBeginning)) {
            text += run.text;
        }
    }
    return text;
}

RowNumber TranscriptModel::number(int row) const noexcept
{
    return m_conversation == kNoPeer ? m_firstRow + static_cast<RowNumber>(row) : m_rows[static_cast<std::size_t>(row)];
}

const Row &TranscriptModel::row(int row) const noexcept
{
    return m_index.row(number(row));
}

QString TranscriptModel::addressOf(PeerId peer) const
{
    const PeerInfo *info = m_index.peerInfo(peer);
    return info ? QString::fromStdString(info->remote.toString()) : QString();
}

bool TranscriptModel::isReceived(int row) const noexcept
{
    return this->row(row).kind == RecordKind::Received;
}

QByteArray TranscriptModel::bytes(int row, std::uint32_t most) const
{
    return m_source.read(this->row(row), 0, most);
}

int TranscriptModel::neighbour(int row, int step) const
{
    const Row &here = this->row(row);
    const int end = step < 0 ? std::max(-1, row - kNeighbourSearch) : std::min(m_count, row + kNeighbourSearch);
    for (int at = row + step; at != end; at += step) {
        const Row &there = this->row(at);
        if (there.peer == here.peer && there.kind == here.kind) {
            return at;
        }
    }
    return -1;
}

QByteArray TranscriptModel::carriedInto(int row) const
{
    // The last three bytes before this row decide, however many reads they came in.
    QByteArray before;
    for (int at = neighbour(row, -1); at >= 0 && before.size() < kLongestTail; at = neighbour(at, -1)) {
        const Row &there = this->row(at);
        const auto wanted = static_cast<std::uint32_t>(kLongestTail - before.size());
        const std::uint32_t from = there.size > wanted ? there.size - wanted : 0;
        before.prepend(m_source.read(there, from, wanted));
    }
    return before.last(Decoder::incompleteTail(before));
}

TextRuns TranscriptModel::text(int row, std::uint32_t most) const
{
    const Row &here = this->row(row);
    if (here.kind != RecordKind::Received && here.kind != RecordKind::Sent) {
        return decodeMessage({}, bytes(row, most), true);
    }
    const QByteArray shown = bytes(row, most);
    const bool whole = shown.size() == static_cast<qsizetype>(here.size);
    const bool hasTail = whole && Decoder::incompleteTail(shown) > 0;
    const bool last = hasTail && neighbour(row, +1) < 0;
    if (last) {
        // Shown as bytes for now; the rest of the character may come yet.
        if (m_shownTails.empty() || m_shownTails.back() != row) {
            m_shownTails.push_back(row);
        }
    }
    return decodeMessage(carriedInto(row), shown, last || !whole);
}

void TranscriptModel::refresh()
{
    const RowNumber size = m_index.size();
    if (size == m_seen) {
        return;
    }
    int count = static_cast<int>(size - m_firstRow);
    if (m_conversation != kNoPeer) {
        m_index.conversation(m_conversation, m_seen, m_rows);
        count = static_cast<int>(m_rows.size());
    }
    m_seen = size;
    if (count == m_count) {
        return;
    }
    beginInsertRows({}, m_count, count - 1);
    m_count = count;
    endInsertRows();
    std::vector<int> tails;
    tails.swap(m_shownTails);
    for (const int row : tails) {
        emit dataChanged(index(row), index(row));
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/transcriptmodel.h"

#include <algorithm>
#include <utility>

#include "base/peertext.h"
#include "session/lensrun.h"
#include "transcript/delivery.h"
#include "transcript/runtext.h"

namespace tincan {

TranscriptModel::TranscriptModel(const Index &index, const PayloadSource &source, const ConversationOptions &options,
                                 QObject *parent)
    : QAbstractListModel(parent)
    , m_index(index)
    , m_messages(index, source, options)
    , m_streams(source)
    , m_filtered(options.filtered)
{
    if (m_messages.hasLens()) {
        const RowNumber first = options.conversation == kNoPeer ? options.firstRow : 0; // a peer's list begins there already
        m_lens = std::make_unique<LensRun>(options.lens, source, first);
        connect(m_lens.get(), &LensRun::cutsMade, this, &TranscriptModel::takeCuts);
        connect(m_lens.get(), &LensRun::caughtUp, this, &TranscriptModel::lensProgressed);
    }
    refresh();
}

TranscriptModel::~TranscriptModel() = default;

int TranscriptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

QVariant TranscriptModel::data(const QModelIndex &index, int role) const
{
    if (role != Qt::DisplayRole || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    constexpr std::uint32_t kBeginning = 1024;
    return hasPayload(row(index.row()).kind) ? shownText(text(index.row(), kBeginning)) : QString();
}

QString TranscriptModel::addressOf(PeerId peer) const
{
    const PeerInfo *info = m_index.peerInfo(peer);
    if (!info) {
        return {};
    }
    const QString name = m_index.nameOf(peer);
    const QString address = QString::fromStdString(peerText(*info));
    return name.isEmpty() ? address : name + QLatin1String("  ") + address;
}

void TranscriptModel::setEncoding(const Encoding &encoding)
{
    if (&encoding == &m_streams.encoding()) {
        return;
    }
    m_streams.setEncoding(encoding);
    m_shownTails.clear();
    if (m_count > 0) {
        emit dataChanged(index(0), index(m_count - 1));
    }
}

TextRuns TranscriptModel::text(int row, std::uint32_t most) const
{
    const Piece piece = this->piece(row);
    StreamText::Shown shown{view().placeOf(piece.row), piece.from, bytes(row, most), true, borders(row, most), nullptr};
    shown.whole = shown.bytes.size() == static_cast<qsizetype>(piece.size);
    shown.goesOn = [this, row] { return m_messages.goesOn(message(row)); };
    StreamText::Text text = m_streams.text(view(), shown);
    // Shown as bytes for now; the rest of the character may come yet.
    if (text.open && std::find(m_shownTails.begin(), m_shownTails.end(), message(row)) == m_shownTails.end()) {
        m_shownTails.push_back(message(row));
    }
    return std::move(text.runs);
}

QByteArray TranscriptModel::carriedInto(int row) const
{
    const Piece piece = this->piece(row);
    return m_streams.carriedInto(view(), view().placeOf(piece.row), piece.from);
}

std::uint64_t TranscriptModel::streamOffset(int row) const
{
    const Piece piece = this->piece(row);
    return m_streams.offsetOf(view(), view().placeOf(piece.row)) + piece.from;
}

std::vector<std::uint32_t> TranscriptModel::borders(int row, std::uint32_t most) const
{
    return hasLens() ? m_messages.borders(message(row), most) : std::vector<std::uint32_t>();
}

int TranscriptModel::lensProgress() const
{
    return m_lens ? m_lens->progress() : 1000;
}

void TranscriptModel::refresh()
{
    m_messages.refresh();
    if (m_lens) {
        m_lens->goOn(m_messages.view());
    } else {
        showCount();
    }
    std::vector<int> tails;
    tails.swap(m_shownTails);
    for (const int message : tails) {
        if (const int row = rowOfMessage(message); row >= 0) {
            emit dataChanged(index(row), index(row));
        }
    }
    if (std::exchange(m_timesNamed, m_index.timesNamed()) != m_index.timesNamed() && m_count > 0) {
        emit dataChanged(index(0), index(m_count - 1)); // who is said of any of them may have got a name
    }
}

void TranscriptModel::takeCuts(const LensCutter::Cuts &cuts)
{
    const std::vector<int> grown = m_messages.take(cuts, m_lens->cutTo());
    showCount();
    for (const int message : grown) {
        if (const int row = rowOfMessage(message); row >= 0) {
            emit dataChanged(index(row), index(row));
        }
    }
    admitWaiting();
    emit lensProgressed();
}

// What there is more of, where everything is shown.
void TranscriptModel::showCount()
{
    const int count = m_messages.count();
    if (m_filtered || count == m_count) {
        return;
    }
    beginInsertRows({}, m_count, count - 1);
    m_count = count;
    endInsertRows();
}

int TranscriptModel::rowOfMessage(int message) const
{
    if (!m_filtered) {
        return message;
    }
    const auto found = std::lower_bound(m_shown.begin(), m_shown.end(), message);
    return found != m_shown.end() && *found == message ? static_cast<int>(found - m_shown.begin()) : -1;
}

int TranscriptModel::rowOf(Place place) const
{
    const int message = m_messages.messageOf(place);
    return message < 0 ? -1 : rowOfMessage(message);
}

void TranscriptModel::admit(std::span<const Place> places)
{
    m_waiting.insert(m_waiting.end(), places.begin(), places.end());
    admitWaiting();
}

// What can be said by now of the places that wait.
void TranscriptModel::admitWaiting()
{
    std::vector<int> messages;
    std::size_t at = 0;
    for (; at < m_waiting.size() && !m_messages.isToCome(m_waiting[at].row); ++at) {
        const int message = m_messages.messageOf(m_waiting[at]);
        if (message >= 0 && !std::binary_search(m_shown.begin(), m_shown.end(), message)) {
            messages.push_back(message);
        }
    }
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(at));
    // Where several streams go on side by side, a later place may be in a message that began earlier.
    std::sort(messages.begin(), messages.end());
    messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
    show(messages);
}

// `messages`: ascending, and none of those shown. One insert for all that follow one another, as nearly all do.
void TranscriptModel::show(std::span<const int> messages)
{
    while (!messages.empty()) {
        const auto before = std::lower_bound(m_shown.begin(), m_shown.end(), messages.front());
        const auto end = before == m_shown.end() ? messages.end() : std::lower_bound(messages.begin(), messages.end(), *before);
        const auto count = end - messages.begin();
        const auto row = static_cast<int>(before - m_shown.begin());
        beginInsertRows({}, row, row + static_cast<int>(count) - 1);
        m_shown.insert(before, messages.begin(), end);
        m_count = static_cast<int>(m_shown.size());
        endInsertRows();
        messages = messages.subspan(static_cast<std::size_t>(count));
    }
}

void TranscriptModel::refreshDelivery()
{
    if (m_delivery && std::exchange(m_deliveryVersion, m_delivery->version()) != m_delivery->version()) {
        emit deliveryChanged();
    }
}

} // namespace tincan

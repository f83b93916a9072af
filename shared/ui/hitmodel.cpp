// SPDX-License-Identifier: MIT
#include "ui/hitmodel.h"

#include <algorithm>

#include "base/peertext.h"
#include "session/words.h"
#include "transcript/decoder.h"

namespace tincan {

namespace {

constexpr std::uint32_t kBefore = 24; // bytes around a hit that are shown
constexpr std::uint32_t kAfter = 60;
constexpr std::uint32_t kMost = 120; // of the hit itself

// `isLast`: what begins a character at their end is shown as its bytes; else it is left out.
QString shown(QByteArrayView bytes, const Encoding &encoding, bool isLast = true)
{
    QString text;
    for (const TextRun &run : decodeMessage({}, bytes, isLast, 0, encoding)) {
        text += run.text;
    }
    return text;
}

// Where the first character begins of bytes that end where one does, and begin anywhere.
qsizetype characterBegin(QByteArrayView bytes, const Encoding &encoding)
{
    const auto isRest = [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return encoding.form == Encoding::Form::Utf8 ? (byte & 0xc0U) == 0x80U : byte >= encoding.firstTrail;
    };
    qsizetype at = 0;
    switch (encoding.form) {
    case Encoding::Form::SingleByte:
        return 0;
    case Encoding::Form::Utf16Le:
    case Encoding::Form::Utf16Be:
        return bytes.size() % 2;
    case Encoding::Form::MultiByte:
    case Encoding::Form::Utf8:
        break;
    }
    while (at < std::min<qsizetype>(3, bytes.size()) && isRest(bytes[at])) {
        ++at;
    }
    return at;
}

} // namespace

HitModel::HitModel(const Search &search, const Index &index, const PayloadSource &source, QObject *parent)
    : QAbstractTableModel(parent)
    , m_search(search)
    , m_index(index)
    , m_source(source)
{
    connect(&search, &Search::hitsChanged, this, &HitModel::take);
    connect(&search, &Search::hitsCleared, this, &HitModel::empty);
}

void HitModel::setFollowed(bool followed)
{
    m_followed = followed;
    followed ? take(m_count) : empty();
}

void HitModel::take(qsizetype from)
{
    if (!m_followed) {
        return;
    }
    const auto size = static_cast<int>(m_search.hits().size());
    const int before = m_count;
    if (size > before) {
        beginInsertRows({}, before, size - 1);
        m_count = size;
        endInsertRows();
    }
    if (from < before) { // others stand there now
        emit dataChanged(index(static_cast<int>(from), 0), index(before - 1, Context));
    }
}

void HitModel::empty()
{
    if (m_count > 0) {
        beginRemoveRows({}, 0, m_count - 1);
        m_count = 0;
        endRemoveRows();
    }
}

int HitModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int HitModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Context + 1;
}

QVariant HitModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == Time ? QStringLiteral("Time") : section == Peer ? QStringLiteral("Peer") : QStringLiteral("Bytes");
}

QVariant HitModel::data(const QModelIndex &index, int role) const
{
    if ((role != Qt::DisplayRole && role != Qt::ToolTipRole)
        || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)
        || static_cast<std::size_t>(index.row()) >= m_search.hits().size()) { // being emptied
        return {};
    }
    const Hit &hit = m_search.hits()[static_cast<std::size_t>(index.row())];
    const Row &row = m_index.row(hit.begin.row);
    switch (index.column()) {
    case Time:
        return role == Qt::ToolTipRole ? formatDateAndTime(row.time) : formatTime(row.time);
    case Peer:
        return whose(row);
    default:
        return context(hit);
    }
}

QString HitModel::whose(const Row &row) const
{
    const PeerInfo *info = m_index.peerInfo(row.peer);
    QString address = info ? QString::fromStdString(peerText(*info)) : QString();
    if (const QString name = m_index.nameOf(row.peer); info && !name.isEmpty()) {
        address.prepend(name + QLatin1String("  "));
    }
    switch (row.kind) {
    case RecordKind::Received:
        return QStringLiteral("from ") + address;
    case RecordKind::FanOut:
        return QStringLiteral("to many");
    case RecordKind::Refused:
        return QStringLiteral("refused: to ") + address;
    default:
        return QStringLiteral("to ") + address;
    }
}

QString HitModel::context(const Hit &hit) const
{
    const Row &row = m_index.row(hit.begin.row);
    const std::uint32_t from = hit.begin.from - std::min(hit.begin.from, kBefore);
    const std::uint32_t inRow = std::min(hit.size, row.size - std::min(row.size, hit.begin.from));
    const std::uint32_t length = std::min(inRow, kMost);
    const QByteArray bytes = m_source.read(row, from, hit.begin.from - from + length + kAfter);
    const auto begin = std::min<qsizetype>(bytes.size(), hit.begin.from - from);
    const auto end = std::min<qsizetype>(bytes.size(), begin + length);
    const QByteArrayView before = QByteArrayView(bytes).first(begin);
    QString text = from > 0 ? QStringLiteral("…") : QString();
    text += shown(before.sliced(from > 0 ? characterBegin(before, *m_encoding) : 0), *m_encoding);
    text += u'«' + shown(QByteArrayView(bytes).sliced(begin, end - begin), *m_encoding)
        + (length < hit.size ? QStringLiteral("…»") : QStringLiteral("»"));
    const QByteArrayView after = QByteArrayView(bytes).sliced(end);
    const bool isCut = hit.begin.from + length + static_cast<std::uint32_t>(after.size()) < row.size;
    return text + shown(after, *m_encoding, !isCut) + (isCut ? QStringLiteral("…") : QString());
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/callfilter.h"

#include <utility>

#include "session/callmodel.h"
#include "ui/theme.h"

namespace tincan {

CallFilter::CallFilter(CallModel *calls, QObject *parent)
    : QAbstractListModel(parent)
    , m_calls(calls)
    , m_all(calls->rowCount())
{
    connect(calls, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { rowsCame(first, last); });
    connect(calls, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this](const QModelIndex &, int, int last) { rowsGo(last); });
    connect(calls, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int, int last) {
        m_gone += static_cast<quint64>(last) + 1;
        if (std::exchange(m_going, 0) > 0) {
            endRemoveRows();
        }
    });
}

void CallFilter::setPeer(std::optional<PeerId> peer)
{
    if (peer != m_peer) {
        m_peer = peer;
        restart();
    }
}

void CallFilter::setAsleep(bool asleep)
{
    if (asleep != m_isAsleep) {
        m_isAsleep = asleep;
        restart();
    }
}

void CallFilter::restart()
{
    beginResetModel();
    m_rows.clear();
    m_all = isAll() && !m_isAsleep ? m_calls->rowCount() : 0;
    if (!isAll() && !m_isAsleep) {
        for (int row = 0; row < m_calls->rowCount(); ++row) {
            if (m_calls->call(row).peer == *m_peer) {
                m_rows.push_back(m_gone + static_cast<quint64>(row));
            }
        }
    }
    endResetModel();
}

int CallFilter::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : isAll() ? m_all : static_cast<int>(m_rows.size());
}

int CallFilter::sourceRow(int row) const
{
    return isAll() ? row : static_cast<int>(m_rows[static_cast<std::size_t>(row)] - m_gone);
}

QVariant CallFilter::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const QModelIndex source = m_calls->index(sourceRow(index.row()));
    if (role == Qt::ForegroundRole) {
        return source.data(CallModel::FailedRole).toBool() ? QVariant(badColour()) : QVariant();
    }
    return source.data(role);
}

void CallFilter::rowsCame(int first, int last)
{
    if (m_isAsleep) {
        return;
    }
    if (isAll()) {
        beginInsertRows({}, m_all, m_all + last - first);
        m_all += last - first + 1;
        endInsertRows();
        return;
    }
    std::deque<quint64> mine;
    for (int row = first; row <= last; ++row) {
        if (m_calls->call(row).peer == *m_peer) {
            mine.push_back(m_gone + static_cast<quint64>(row));
        }
    }
    if (!mine.empty()) {
        const int at = rowCount();
        beginInsertRows({}, at, at + static_cast<int>(mine.size()) - 1);
        m_rows.insert(m_rows.end(), mine.begin(), mine.end());
        endInsertRows();
    }
}

// The oldest are dropped, always from the front.
void CallFilter::rowsGo(int last)
{
    if (m_isAsleep) {
        return;
    }
    if (isAll()) {
        m_going = last + 1;
    } else {
        while (static_cast<std::size_t>(m_going) < m_rows.size()
               && m_rows[static_cast<std::size_t>(m_going)] <= m_gone + static_cast<quint64>(last)) {
            ++m_going;
        }
    }
    if (m_going == 0) {
        return;
    }
    beginRemoveRows({}, 0, m_going - 1);
    if (isAll()) {
        m_all -= m_going;
    } else {
        m_rows.erase(m_rows.begin(), m_rows.begin() + m_going);
    }
}

} // namespace tincan

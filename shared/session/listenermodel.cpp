// SPDX-License-Identifier: MIT
#include "session/listenermodel.h"

#include <algorithm>
#include <utility>

#include "session/listenerwords.h"

namespace tincan {

int ListenerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_views.size());
}

QVariant ListenerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const ListenerView &shown = view(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return listenerTitle(shown);
    case IdRole:
        return static_cast<uint>(shown.id);
    case StateRole:
        return static_cast<int>(shown.state);
    default:
        return {};
    }
}

int ListenerModel::rowOf(ListenerId id) const
{
    const auto found = std::find_if(m_views.begin(), m_views.end(), [id](const ListenerView &view) { return view.id == id; });
    return found == m_views.end() ? -1 : static_cast<int>(found - m_views.begin());
}

const ListenerView *ListenerModel::find(ListenerId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &view(row);
}

int ListenerModel::wanted() const noexcept
{
    return static_cast<int>(std::count_if(m_views.begin(), m_views.end(), [](const ListenerView &view) { return !view.retired; }));
}

void ListenerModel::insert(int row, ListenerView view)
{
    beginInsertRows({}, row, row);
    m_views.insert(m_views.begin() + row, std::move(view));
    endInsertRows();
}

void ListenerModel::add(ListenerView view)
{
    insert(wanted(), std::move(view));
}

void ListenerModel::addFirst(ListenerView view)
{
    insert(0, std::move(view));
}

void ListenerModel::remove(ListenerId id)
{
    if (const int row = rowOf(id); row >= 0) {
        beginRemoveRows({}, row, row);
        m_views.erase(m_views.begin() + row);
        endRemoveRows();
    }
}

void ListenerModel::retire(ListenerId id)
{
    const int row = rowOf(id);
    if (row < 0 || m_views[static_cast<std::size_t>(row)].retired) {
        return;
    }
    const int last = rowCount() - 1;
    if (row < last) {
        beginMoveRows({}, row, row, {}, last + 1);
        std::rotate(m_views.begin() + row, m_views.begin() + row + 1, m_views.end());
        endMoveRows();
    }
    m_views.back().retired = true;
    emit dataChanged(index(last), index(last));
}

} // namespace tincan

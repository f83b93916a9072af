// SPDX-License-Identifier: MIT
#include "session/callmodel.h"

#include "session/calltext.h"
#include "session/words.h"

namespace tincan {

int CallModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_calls.size());
}

QVariant CallModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const RowBatch::Call &made = call(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return QString(formatTime(made.time) + QLatin1String("  ") + callText(made.info));
    case Qt::ToolTipRole:
        return QStringLiteral("took %1 µs").arg(made.info.nanoseconds / 1000.0, 0, 'f', 1);
    default:
        return {};
    }
}

void CallModel::append(const std::vector<RowBatch::Call> &calls)
{
    if (calls.empty()) {
        return;
    }
    const std::size_t taken = std::min<std::size_t>(calls.size(), kMost);
    const auto overflow = static_cast<qsizetype>(m_calls.size() + taken) - kMost;
    if (overflow > 0) {
        beginRemoveRows({}, 0, static_cast<int>(overflow) - 1);
        m_calls.erase(m_calls.begin(), m_calls.begin() + overflow);
        endRemoveRows();
    }
    const int first = static_cast<int>(m_calls.size());
    beginInsertRows({}, first, first + static_cast<int>(taken) - 1);
    m_calls.insert(m_calls.end(), calls.end() - static_cast<qsizetype>(taken), calls.end());
    endInsertRows();
}

void CallModel::clear()
{
    if (m_calls.empty()) {
        return;
    }
    beginRemoveRows({}, 0, static_cast<int>(m_calls.size()) - 1);
    m_calls.clear();
    endRemoveRows();
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/callmodel.h"

#include "session/callmeaning.h"
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
        return lineOf(made);
    case PeerRole:
        return made.peer;
    case FailedRole:
        return isFailure(made.info);
    case MeaningRole:
        return callMeaningText(made.info);
    case Qt::ToolTipRole: // names that others gave may look like markup
        return QString(QLatin1String("<p>") + callMeaningText(made.info).toHtmlEscaped() + QLatin1String("</p>"));
    default:
        return {};
    }
}

QString CallModel::lineOf(const RowBatch::Call &made) const
{
    const PeerInfo *peer = made.peer != kNoPeer && m_whoIs ? m_whoIs(made.peer) : nullptr;
    // Of several attempts at a connection only one became it.
    const bool isIts = peer && peer->fd >= 0 && peer->fd == made.info.fd;
    return formatTime(made.time) + QLatin1String("  ") + callText(made.info, isIts ? descriptorText(*peer) : QString());
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

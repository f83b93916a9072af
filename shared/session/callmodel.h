// SPDX-License-Identifier: MIT
#pragma once

#include <deque>

#include <QAbstractListModel>

#include "transcript/index.h"

namespace tincan {

// The latest socket calls. GUI thread. Keeps at most kMost of them: older ones are in the session file.
class CallModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    static constexpr int kMost = 20'000;

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    // Qt::DisplayRole: "14:02:11.402  accept4(9) = 14  127.0.0.1:53422"
    QVariant data(const QModelIndex &index, int role) const override;
    const RowBatch::Call &call(int row) const { return m_calls[static_cast<std::size_t>(row)]; }

    void append(const std::vector<RowBatch::Call> &calls);
    void clear();

private:
    std::deque<RowBatch::Call> m_calls;
};

} // namespace tincan

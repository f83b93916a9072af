// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>

#include <QAbstractListModel>

#include "transcript/index.h"

namespace tincan {

// The latest socket calls. GUI thread. Keeps at most kMost of them: older ones are in the session file.
class CallModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    static constexpr int kMost = 20'000;

    enum Role {
        PeerRole = Qt::UserRole, // PeerId as uint; kNoPeer of a listener's
        FailedRole,              // bool: it went wrong
        MeaningRole,             // what it did, in plain words, and of an error what to do
    };

    using QAbstractListModel::QAbstractListModel;

    // Who is at a descriptor, for those that are looked at; nullptr where it is not known. Before there are any calls.
    void setWhoIs(std::function<const PeerInfo *(PeerId)> whoIs) { m_whoIs = std::move(whoIs); }

    int rowCount(const QModelIndex &parent = {}) const override;
    // Qt::DisplayRole: "14:02:11.402  shutdown(14<TCP:[127.0.0.1:6666->127.0.0.1:53422]>, SHUT_WR) = 0 <0.000015>"
    QVariant data(const QModelIndex &index, int role) const override;
    const RowBatch::Call &call(int row) const { return m_calls[static_cast<std::size_t>(row)]; }

    std::vector<RowBatch::Call> all() const { return {m_calls.begin(), m_calls.end()}; }

    void append(const std::vector<RowBatch::Call> &calls);
    void clear();

private:
    QString lineOf(const RowBatch::Call &made) const;

    std::deque<RowBatch::Call> m_calls;
    std::function<const PeerInfo *(PeerId)> m_whoIs;
};

} // namespace tincan

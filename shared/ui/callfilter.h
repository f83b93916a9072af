// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <optional>

#include <QAbstractListModel>

#include "base/ids.h"

namespace tincan {

class CallModel;

// The calls of a CallModel, or those of one peer, as a list shows them: errors in the colour of errors. A batch that comes costs
// what is in it, however many calls there are; while asleep it costs nothing, and there are no rows. GUI thread.
class CallFilter final : public QAbstractListModel
{
    Q_OBJECT
public:
    // `calls` outlives it.
    explicit CallFilter(CallModel *calls, QObject *parent = nullptr);

    // nullopt: all calls. kNoPeer: those of no peer (of the sockets that listen).
    void setPeer(std::optional<PeerId> peer);
    // Nobody looks.
    void setAsleep(bool asleep);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    // The row in the CallModel.
    int sourceRow(int row) const;

private:
    void restart();
    void rowsCame(int first, int last);
    void rowsGo(int last);
    bool isAll() const { return !m_peer.has_value(); }

    CallModel *m_calls;
    std::optional<PeerId> m_peer;
    std::deque<quint64> m_rows; // of a peer: the numbers of its calls, counted from the first that there ever was
    quint64 m_gone = 0;         // calls that the model has dropped
    int m_going = 0;            // rows of ours that are being dropped
    int m_all = 0;              // rows, where they are all
    bool m_isAsleep = false;
};

} // namespace tincan

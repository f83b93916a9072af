// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include <QAbstractListModel>

#include "base/ids.h"
#include "base/record.h"
#include "session/listenrequest.h"

namespace tincan {

// One of the sockets that a server listens on, or may.
struct ListenerView {
    enum class State : std::uint8_t { Stopped, Starting, Listening, Stopping, Failed };

    ListenerId id = kNoListener; // stays when it is stopped and started again
    ListenRequest asked;
    State state = State::Stopped;
    Endpoint local; // with the real port; empty unless it listens
    bool acceptingPaused = false;
    bool wasOpen = false;               // it has listened at some time
    bool retired = false;               // not wanted any more: it is here for the peers that came to it
    bool past = false;                  // of a kept session: it is neither started nor stopped
    std::optional<FailureInfo> failure; // of Failed

    bool isActive() const noexcept { return state != State::Stopped && state != State::Failed; }
    // Where it listens; where it does not, where it was to.
    const Endpoint &where() const noexcept { return local.isEmpty() ? asked.address : local; }
};

// A server's listeners in the order in which they were asked for; the retired ones last. GUI thread. ServerSession fills it.
class ListenerModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        // As PeerModel's roles begin at Qt::UserRole, and both stand in one list, these are others.
        IdRole = Qt::UserRole + 100, // ListenerId as uint
        StateRole,                   // ListenerView::State as int
    };
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const std::vector<ListenerView> &views() const noexcept { return m_views; }
    const ListenerView &view(int row) const { return m_views[static_cast<std::size_t>(row)]; }
    const ListenerView *find(ListenerId id) const;
    int rowOf(ListenerId id) const; // -1 where there is none
    int wanted() const noexcept;    // how many are not retired

    // For the session.
    void add(ListenerView view);      // before those that are retired
    void addFirst(ListenerView view); // before all others
    void remove(ListenerId id);
    void retire(ListenerId id); // moves it to the end
    template<typename Change>
    void change(ListenerId id, Change &&how)
    {
        if (const int row = rowOf(id); row >= 0) {
            how(m_views[static_cast<std::size_t>(row)]);
            emit dataChanged(index(row), index(row));
        }
    }

private:
    void insert(int row, ListenerView view);

    std::vector<ListenerView> m_views;
};

} // namespace tincan

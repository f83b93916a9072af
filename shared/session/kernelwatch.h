// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <QObject>

#include "base/kernelview.h"
#include "base/result.h"
#include "session/dialling.h"
#include "session/kernelhistory.h"

class QTimer;

namespace tincan {

class Session;
struct Peer;

// Asks the kernel for what it knows of the session's sockets (see net/sockdiag.h), while somebody wants to know: one batch of
// questions at a time, in the pool. With nobody looking it does nothing at all. GUI thread.
//
//   one peer        everything, four times a second, with a history of some minutes
//   the listeners   their accept queues, likewise
//   rows on screen  the states alone, twice a second; PeerModel shows them. A connection that is over is followed until the
//   kernel
//                   has forgotten it
class KernelWatch final : public QObject
{
    Q_OBJECT
public:
    explicit KernelWatch(Session &session, QObject *parent = nullptr); // `session` outlives it
    // Waits for a batch under way: microseconds, or as long as it takes to look through /proc.
    ~KernelWatch() override;

    // The one that is looked at; kNoPeer: the listeners; nullopt: nobody looks.
    void look(std::optional<PeerId> at);
    // Who is on screen, asked for whenever it matters; at most kMostRows of them. An empty function: no rows are wanted.
    using Rows = std::function<std::vector<PeerId>()>;
    void showRows(Rows rows);
    static constexpr std::size_t kMostRows = 50;

    // What was told last of the one that is looked at. Presence::Unknown: nothing yet.
    const KernelView &view() const noexcept { return m_view; }
    const std::vector<KernelListener> &listeners() const noexcept { return m_listeners; }
    const KernelHistory &history() const;
    // Why nothing is told.
    const std::optional<Error> &error() const noexcept { return m_error; }
    bool isIdle() const; // nobody looks

signals:
    // There is a newer answer about what is looked at.
    void told();

private:
    struct Question;
    struct Batch;
    struct Answers;
    struct Work;
    void wantedChanged();
    void tick();
    Question questionOf(const Peer &peer) const;
    bool isWorthAsking(const Peer &peer) const;
    void findDialling(std::span<const PeerId> peers);
    Batch makeBatch();
    void start(Batch batch);
    void done(Answers answers);
    void takeRows(const Answers &answers);
    void takeView(Answers &answers);
    KernelHistory &historyOf(PeerId peer);

    Session &m_session;
    std::shared_ptr<Work> m_work;
    QTimer *m_timer;
    std::optional<PeerId> m_at;
    Rows m_rows;
    KernelView m_view;
    std::vector<KernelListener> m_listeners;
    std::map<PeerId, Dialling> m_dialling; // of those that are asked for now
    std::map<PeerId, KernelHistory> m_histories;
    std::optional<Error> m_error;
    unsigned m_ticks = 0;
    bool m_underWay = false;
};

} // namespace tincan

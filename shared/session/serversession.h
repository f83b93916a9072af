// SPDX-License-Identifier: MIT
#pragma once

#include "base/answeroptions.h"
#include "session/listenermodel.h"
#include "session/listenrequest.h"
#include "session/livesession.h"

namespace tincan {

// A server: any number of listening (or bound) sockets, each started and stopped at will, and the peers that came to them.
//
// The first of them is the one that a window's Start button is about: start(), state() and listeningOn() speak of it, stop() of
// all. GUI thread.
class ServerSession final : public LiveSession
{
    Q_OBJECT
public:
    enum class State : std::uint8_t { Stopped, Starting, Listening, Stopping };

    explicit ServerSession(QObject *parent = nullptr);

    // ---- the first listener
    // A port 0 takes a free one. → stateChanged(Listening), or noticeRaised(ListenFailed) and Stopped. Where the request is
    // another one than the last time, a new listener takes the place of the first.
    void start(const ListenRequest &request);
    void start(const Endpoint &address, int backlog);
    // What it would be started as: so that it has its row beside those of the others before that.
    void prepare(const ListenRequest &request);
    // Stops all listeners and disconnects everybody in an orderly way. → stateChanged(Stopped)
    void stop();
    State state() const { return m_state; }
    // Where it listens, with the real port. Empty unless Listening.
    const Endpoint &listeningOn() const;
    ListenerId first() const { return m_first; } // kNoListener until start()

    // ---- all of them
    ListenerModel *listeners() const override { return m_listeners; }
    // One more, behind the others; `starts`: at once. → listenersChanged()
    ListenerId open(const ListenRequest &request, bool starts = true);
    // Starts one that is stopped, or has failed, as it was asked for.
    void restart(ListenerId listener);
    // Of each of them, from its next start on.
    void setBacklog(int backlog);
    void startAll(); // those that are stopped or have failed
    // Stops it and disconnects its peers in an orderly way.
    void close(ListenerId listener);
    void closeAll() { stop(); }
    // Closes it and takes it out of the list; where peers may have come to it, it stays for them, retired.
    void forget(ListenerId listener);
    // Those who come wait in the accept queue.
    void pauseAccepting(ListenerId listener, bool paused);
    bool isAnyActive() const;

    // May be called at any time; takes effect with the next message received. One answer for all listeners.
    void setAnswer(const AnswerOptions &answer);
    const AnswerOptions &answer() const { return m_answer; }

signals:
    void stateChanged(tincan::ServerSession::State state); // of the first
    void listenersChanged();                               // of any: it came, went, or is in another state

protected:
    void rowSeen(const Row &row) override;

private:
    ListenerId add(const ListenRequest &request, bool first);
    void listening(const ListenInfo &info);
    void failed(const FailureInfo &failure);
    void stopped(ListenerId listener);
    void paused(const NoteInfo &note);
    void setState(ListenerId listener, ListenerView::State state);
    void showFirst();

    AnswerOptions m_answer;
    ListenerModel *m_listeners;
    std::vector<ListenerId> m_forgotten; // to be taken out when they have stopped
    ListenerId m_first = kNoListener;
    State m_state = State::Stopped;
};

} // namespace tincan

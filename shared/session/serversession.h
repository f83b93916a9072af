// SPDX-License-Identifier: MIT
#pragma once

#include "base/answeroptions.h"
#include "session/livesession.h"

namespace tincan {

// A server: one listening socket, started and stopped at will, and the peers it accepted. GUI thread.
class ServerSession final : public LiveSession
{
    Q_OBJECT
public:
    enum class State : std::uint8_t { Stopped, Starting, Listening, Stopping };

    explicit ServerSession(QObject *parent = nullptr);

    // `address` with port 0 takes a free one. → stateChanged(Listening), or noticeRaised(ListenFailed) and Stopped
    void start(const Endpoint &address, int backlog);
    // Stops listening and disconnects everybody in an orderly way. → stateChanged(Stopped)
    void stop();

    // May be called at any time; takes effect with the next message received.
    void setAnswer(const AnswerOptions &answer);
    const AnswerOptions &answer() const { return m_answer; }

    State state() const { return m_state; }
    // Where it listens, with the real port. Empty unless Listening.
    const Endpoint &listeningOn() const { return m_listening; }

signals:
    void stateChanged(tincan::ServerSession::State state);

protected:
    void rowSeen(const Row &row) override;

private:
    void setState(State state);
    AnswerOptions m_answer;
    Endpoint m_listening;
    State m_state = State::Stopped;
};

} // namespace tincan

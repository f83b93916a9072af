// SPDX-License-Identifier: MIT
#include "session/serversession.h"

#include "net/engine.h"

namespace tincan {

ServerSession::ServerSession(QObject *parent)
    : LiveSession(parent)
{
}

void ServerSession::start(const Endpoint &address, int backlog)
{
    if (m_state != State::Stopped) {
        return;
    }
    setState(State::Starting);
    post([address, backlog, asked = options()](Engine &engine) {
        engine.listen({.address = address, .backlog = backlog, .options = asked});
    });
}

void ServerSession::stop()
{
    if (m_state == State::Stopped || m_state == State::Stopping) {
        return;
    }
    setState(State::Stopping);
    post([](Engine &engine) { engine.stopAll(); });
}

void ServerSession::setAnswer(const AnswerOptions &answer)
{
    m_answer = answer;
    post([answer](Engine &engine) { engine.setAnswer(answer); });
}

void ServerSession::rowSeen(const Row &row)
{
    switch (row.kind) {
    case RecordKind::Listening:
        if (const auto *info = index().detailOf<ListenInfo>(row)) {
            m_listening = info->local;
        }
        if (m_state == State::Starting) {
            setState(State::Listening);
        }
        break;
    case RecordKind::ListenFailed:
    case RecordKind::Stopped:
        m_listening = {};
        setState(State::Stopped);
        break;
    default:
        break;
    }
}

void ServerSession::setState(State state)
{
    if (m_state != state) {
        m_state = state;
        emit stateChanged(state);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/serversession.h"

#include <algorithm>

#include "net/engine.h"
#include "net/optionstore.h"
#include "session/connectoptions.h"

namespace tincan {

namespace {

ServerSession::State stateOf(ListenerView::State state)
{
    switch (state) {
    case ListenerView::State::Starting:
        return ServerSession::State::Starting;
    case ListenerView::State::Listening:
        return ServerSession::State::Listening;
    case ListenerView::State::Stopping:
        return ServerSession::State::Stopping;
    case ListenerView::State::Stopped:
    case ListenerView::State::Failed:
        break;
    }
    return ServerSession::State::Stopped;
}

} // namespace

ServerSession::ServerSession(QObject *parent)
    : LiveSession(parent)
    , m_listeners(new ListenerModel(this))
{
}

void ServerSession::start(const Endpoint &address, int backlog)
{
    ListenRequest request;
    request.address = address;
    request.backlog = backlog;
    start(request);
}

void ServerSession::start(const ListenRequest &request)
{
    if (m_state != State::Stopped) {
        return;
    }
    prepare(request);
    restart(m_first);
}

void ServerSession::prepare(const ListenRequest &request)
{
    const ListenerView *first = m_listeners->find(m_first);
    if (first && (first->isActive() || first->asked == request)) {
        return;
    }
    if (first && !first->wasOpen) { // nobody came to it: it may as well be this
        m_listeners->change(m_first, [&request](ListenerView &view) {
            view.asked = request;
            view.failure.reset();
            view.state = ListenerView::State::Stopped;
        });
        emit listenersChanged();
        return;
    }
    const ListenerId before = m_first;
    m_first = add(request, true);
    forget(before);
    emit listenersChanged();
}

void ServerSession::stop()
{
    bool any = false;
    for (const ListenerView &listener : m_listeners->views()) {
        any = any || (listener.isActive() && listener.state != ListenerView::State::Stopping);
    }
    if (!any) {
        return;
    }
    const std::vector<ListenerView> all = m_listeners->views(); // a copy: whoever hears of it may add or take out
    for (const ListenerView &listener : all) {
        if (listener.isActive()) {
            setState(listener.id, ListenerView::State::Stopping);
        }
    }
    post([](Engine &engine) { engine.stopAll(); });
}

const Endpoint &ServerSession::listeningOn() const
{
    static const Endpoint kNowhere;
    const ListenerView *first = m_listeners->find(m_first);
    return first ? first->local : kNowhere;
}

ListenerId ServerSession::open(const ListenRequest &request, bool starts)
{
    const ListenerId id = add(request, false);
    emit listenersChanged();
    if (starts) {
        restart(id);
    }
    return id;
}

ListenerId ServerSession::add(const ListenRequest &request, bool first)
{
    ListenerView listener;
    listener.id = engine().reserveListener();
    listener.asked = request;
    const ListenerId id = listener.id;
    first ? m_listeners->addFirst(std::move(listener)) : m_listeners->add(std::move(listener));
    return id;
}

void ServerSession::restart(ListenerId listener)
{
    const ListenerView *found = m_listeners->find(listener);
    if (!found || found->isActive() || found->retired) {
        return;
    }
    m_listeners->change(listener, [](ListenerView &view) {
        view.failure.reset();
        view.acceptingPaused = false;
    });
    setState(listener, ListenerView::State::Starting);
    ListenOptions asked = listenOptions(m_listeners->find(listener)->asked);
    asked.options = withDefaults(asked.options, options());
    post([listener, asked](Engine &engine) { engine.listen(listener, asked); });
}

void ServerSession::setBacklog(int backlog)
{
    const std::vector<ListenerView> all = m_listeners->views();
    for (const ListenerView &listener : all) {
        if (listener.asked.backlog != backlog) {
            m_listeners->change(listener.id, [backlog](ListenerView &view) { view.asked.backlog = backlog; });
        }
    }
}

void ServerSession::startAll()
{
    const std::vector<ListenerView> all = m_listeners->views();
    for (const ListenerView &listener : all) {
        restart(listener.id);
    }
}

void ServerSession::close(ListenerId listener)
{
    const ListenerView *found = m_listeners->find(listener);
    if (!found || !found->isActive() || found->state == ListenerView::State::Stopping) {
        return;
    }
    setState(listener, ListenerView::State::Stopping);
    post([listener](Engine &engine) { engine.stop(listener); });
}

void ServerSession::forget(ListenerId listener)
{
    const ListenerView *found = m_listeners->find(listener);
    if (!found) {
        return;
    }
    if (found->isActive()) {
        m_forgotten.push_back(listener);
        close(listener);
        return; // more when it has stopped
    }
    // Its peers may be in the list still.
    found->wasOpen ? m_listeners->retire(listener) : m_listeners->remove(listener);
    emit listenersChanged();
}

void ServerSession::pauseAccepting(ListenerId listener, bool paused)
{
    post([listener, paused](Engine &engine) { engine.pauseAccepting(listener, paused); });
}

bool ServerSession::isAnyActive() const
{
    const auto &views = m_listeners->views();
    return std::any_of(views.begin(), views.end(), [](const ListenerView &view) { return view.isActive(); });
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
            listening(*info);
        }
        break;
    case RecordKind::ListenFailed:
        if (const auto *failure = index().detailOf<FailureInfo>(row)) {
            failed(*failure);
        }
        break;
    case RecordKind::Stopped:
        if (const auto *info = index().detailOf<StoppedInfo>(row)) {
            stopped(info->id);
        }
        break;
    case RecordKind::Note:
        if (const auto *note = index().detailOf<NoteInfo>(row)) {
            paused(*note);
        }
        break;
    default:
        break;
    }
}

void ServerSession::listening(const ListenInfo &info)
{
    const ListenerView *listener = m_listeners->find(info.id);
    if (!listener) {
        return;
    }
    m_listeners->change(info.id, [&info](ListenerView &view) {
        view.local = info.local;
        view.wasOpen = true;
    });
    // It may have been told to stop meanwhile.
    setState(info.id, listener->state == ListenerView::State::Starting ? ListenerView::State::Listening : listener->state);
}

void ServerSession::failed(const FailureInfo &failure)
{
    m_listeners->change(failure.listener, [&failure](ListenerView &view) {
        view.failure = failure;
        view.local = {};
    });
    setState(failure.listener, ListenerView::State::Failed);
    if (std::erase(m_forgotten, failure.listener) > 0) {
        forget(failure.listener); // it was taken out of the list before it was known
    }
}

void ServerSession::stopped(ListenerId listener)
{
    m_listeners->change(listener, [](ListenerView &view) {
        view.local = {};
        view.acceptingPaused = false;
    });
    setState(listener, ListenerView::State::Stopped);
    if (std::erase(m_forgotten, listener) > 0) {
        forget(listener);
    }
}

void ServerSession::paused(const NoteInfo &note)
{
    if (note.code == NoteCode::AcceptingPaused || note.code == NoteCode::AcceptingGoesOn) {
        m_listeners->change(static_cast<ListenerId>(note.a),
                            [&note](ListenerView &view) { view.acceptingPaused = note.code == NoteCode::AcceptingPaused; });
        emit listenersChanged();
    }
}

void ServerSession::setState(ListenerId listener, ListenerView::State state)
{
    m_listeners->change(listener, [state](ListenerView &view) { view.state = state; });
    showFirst();
    emit listenersChanged();
}

void ServerSession::showFirst()
{
    const ListenerView *first = m_listeners->find(m_first);
    const State state = first ? stateOf(first->state) : State::Stopped;
    if (m_state != state) {
        m_state = state;
        emit stateChanged(state);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/kernelwatch.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <QTimer>

#include "base/clock.h"
#include "net/portowner.h"
#include "net/sockdiag.h"
#include "session/peermodel.h"
#include "session/session.h"
#include "session/workpool.h"

namespace tincan {

namespace {

constexpr int kTickMilliseconds = 250;
constexpr unsigned kTicksPerRows = 2;
constexpr std::size_t kMostHistories = 8;
// The longest that the kernel keeps what is left of a connection (an orphan that sends its last segment again and again: some
// minutes; TIME_WAIT: one).
constexpr std::int64_t kFollowNanoseconds = std::int64_t{5 * 60} * 1'000'000'000;

// States that a connection without a program can be in. Another one belongs to a newer connection with the same addresses.
bool isEnding(TcpState state)
{
    return state == TcpState::FinWait1 || state == TcpState::FinWait2 || state == TcpState::Closing || state == TcpState::LastAck
        || state == TcpState::TimeWait;
}

} // namespace

struct KernelWatch::Question {
    PeerId peer = kNoPeer;
    std::int64_t since = 0; // Peer::since: an answer to an older question is about another state
    Transport transport = Transport::Tcp;
    Endpoint local;
    Endpoint remote;
    int fd = -1;
    int child = 0; // the process that has it; 0: this one
    bool isOver = false;
};

struct KernelWatch::Batch {
    std::vector<Question> rows;
    std::optional<Question> full;
    std::vector<ListenInfo> listeners;

    bool isEmpty() const { return rows.empty() && !full && listeners.empty(); }
};

struct KernelWatch::Answers {
    std::vector<KernelStateOf> rows;
    std::optional<KernelStateOf> fullState;
    KernelView view;
    std::vector<KernelListener> listeners;
    std::optional<Error> error;
    bool hasListeners = false;
};

// What the pool works with.
struct KernelWatch::Work {
    std::mutex running; // held while a batch is asked
    std::atomic<bool> cancelled = false;
    std::optional<SockDiag> diag;
    std::uint64_t ownerInode = 0;
    PortOwner owner;

    bool open(Answers &answers)
    {
        if (!diag) {
            Result<SockDiag> opened = SockDiag::open();
            if (!opened) {
                answers.error = opened.error();
                return false;
            }
            diag = std::move(*opened);
        }
        return true;
    }

    Result<KernelView> ask(const Question &question, SockDiag::Depth depth)
    {
        Result<KernelView> view = isUnix(question.transport)
            ? diag->askUnix(socketInode(question.fd, question.child))
            : diag->ask(question.transport, question.local, question.remote, depth);
        if (view && question.isOver && view->presence == Presence::Here && !isEnding(view->state)) {
            KernelView gone;
            gone.presence = Presence::Gone;
            gone.time = view->time;
            return gone;
        }
        return view;
    }

    static KernelStateOf stateOf(const Question &question, const KernelView &view)
    {
        return {question.peer, question.since, view.presence, view.state};
    }

    // Looking through /proc takes milliseconds: once for each socket.
    void findOwner(const Question &question, KernelView &view)
    {
        std::uint64_t inode = view.peerInode;
        if (!isUnix(question.transport) && !question.remote.isEmpty()) {
            const Result<KernelView> other
                = diag->ask(question.transport, question.remote, question.local, SockDiag::Depth::StateOnly);
            inode = other && other->presence == Presence::Here && other->inode != view.inode ? other->inode : 0;
        }
        if (inode != 0 && inode != ownerInode) {
            owner = findSocketOwner(inode);
            ownerInode = inode;
        }
        view.owner = inode != 0 ? owner : PortOwner{};
    }

    Answers run(const Batch &batch)
    {
        Answers answers;
        answers.hasListeners = !batch.listeners.empty();
        if (!open(answers)) {
            return answers;
        }
        for (const Question &question : batch.rows) {
            if (const auto view = ask(question, SockDiag::Depth::StateOnly)) {
                answers.rows.push_back(stateOf(question, *view));
            }
        }
        if (batch.full) {
            if (auto view = ask(*batch.full, SockDiag::Depth::Full)) {
                findOwner(*batch.full, *view);
                answers.fullState = stateOf(*batch.full, *view);
                answers.view = std::move(*view);
            } else {
                answers.error = view.error();
            }
        }
        for (const ListenInfo &info : batch.listeners) {
            answers.listeners.push_back(askListener(info, answers));
        }
        return answers;
    }

    KernelListener askListener(const ListenInfo &info, Answers &answers)
    {
        KernelListener told;
        if (isUnix(info.transport)) {
            if (const auto view = diag->askUnix(socketInode(info.fd))) {
                told.presence = view->presence;
                told.waiting = view->receiveQueue;
                told.backlog = isDatagram(info.transport) ? -1 : view->sendQueue;
                told.drops = isDatagram(info.transport) ? view->drops : -1;
                told.inode = view->inode;
            } else {
                answers.error = view.error();
            }
        } else if (const auto view = diag->askListener(info.transport, info.local)) {
            told = *view;
        } else {
            answers.error = view.error();
        }
        told.id = info.id;
        told.transport = info.transport;
        return told;
    }
};

KernelWatch::KernelWatch(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_work(std::make_shared<Work>())
    , m_timer(new QTimer(this))
{
    m_timer->setInterval(kTickMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &KernelWatch::tick);
}

KernelWatch::~KernelWatch()
{
    m_work->cancelled = true;
    const std::lock_guard wait(m_work->running);
}

bool KernelWatch::isIdle() const
{
    return !m_at && !m_rows;
}

void KernelWatch::look(std::optional<PeerId> at)
{
    if (m_at == at) {
        return;
    }
    m_at = at;
    m_view = {};
    m_listeners.clear();
    m_error.reset();
    wantedChanged();
}

void KernelWatch::showRows(Rows rows)
{
    const bool hadRows = static_cast<bool>(std::exchange(m_rows, std::move(rows)));
    if (hadRows && !m_rows) {
        m_session.peers()->forgetKernelStates();
    }
    m_ticks = 0;
    wantedChanged();
}

void KernelWatch::wantedChanged()
{
    if (isIdle()) {
        m_timer->stop();
        return;
    }
    m_timer->start();
    tick();
}

bool KernelWatch::isWorthAsking(const Peer &peer) const
{
    if (peer.state == PeerState::Connecting) {
        return m_dialling.contains(peer.id);
    }
    if (peer.id == kNoPeer || peer.remote.isEmpty()) {
        return isUnix(peer.transport) && peer.isOpen();
    }
    const bool isFollowed = peer.state == PeerState::Closed && peer.transport == Transport::Tcp && !peer.kernelGone
        && wallNanoseconds() - peer.since < kFollowNanoseconds;
    return peer.isOpen() || isFollowed;
}

KernelWatch::Question KernelWatch::questionOf(const Peer &peer) const
{
    Question question{peer.id, peer.since, peer.transport, peer.local, peer.remote, peer.fd, peer.child, !peer.isOpen()};
    if (const auto dialling = m_dialling.find(peer.id); dialling != m_dialling.end()) { // it has no addresses of its own yet
        question.local = dialling->second.local;
        question.remote = dialling->second.remote;
        question.fd = dialling->second.fd;
        question.isOver = false;
    }
    if (question.fd < 0) { // a datagram peer: the listener's socket
        for (const ListenInfo &listener : m_session.listenInfos()) {
            question.fd = listener.id == peer.listener ? listener.fd : question.fd;
        }
    }
    return question;
}

// Who is connecting has told nobody its addresses yet, but for the call log.
void KernelWatch::findDialling(std::span<const PeerId> peers)
{
    std::set<PeerId> connecting;
    for (const PeerId id : peers) {
        if (const Peer *peer = m_session.peers()->find(id); peer && peer->state == PeerState::Connecting) {
            connecting.insert(id);
        }
    }
    m_dialling = connecting.empty() ? std::map<PeerId, Dialling>() : diallingOf(*m_session.calls(), std::move(connecting));
}

KernelWatch::Batch KernelWatch::makeBatch()
{
    Batch batch;
    const PeerModel &peers = *m_session.peers();
    std::vector<PeerId> rows;
    if (m_rows && m_ticks++ % kTicksPerRows == 0) {
        rows = m_rows();
        rows.resize(std::min(rows.size(), kMostRows));
    }
    std::vector<PeerId> all = rows;
    all.push_back(m_at.value_or(kNoPeer));
    findDialling(all);
    if (m_at == kNoPeer) {
        batch.listeners = m_session.listenInfos();
    } else if (m_at) {
        if (const Peer *peer = peers.find(*m_at); peer && isWorthAsking(*peer)) {
            batch.full = questionOf(*peer);
        }
    }
    for (const PeerId id : rows) {
        const Peer *peer = peers.find(id);
        if (peer && peer->transport == Transport::Tcp && isWorthAsking(*peer) && !(batch.full && batch.full->peer == id)) {
            batch.rows.push_back(questionOf(*peer));
        }
    }
    return batch;
}

void KernelWatch::tick()
{
    if (m_underWay) {
        return;
    }
    if (m_at == kNoPeer) { // of all there is nothing to be asked, but what they send is counted
        historyOf(kNoPeer).add({wallNanoseconds(), m_session.totals().bytesIn, m_session.totals().bytesOut, -1});
        emit told();
    }
    if (Batch batch = makeBatch(); !batch.isEmpty()) {
        start(std::move(batch));
    }
}

void KernelWatch::start(Batch batch)
{
    m_underWay = true;
    startWork([this, work = m_work, batch = std::move(batch)] {
        const std::lock_guard running(work->running);
        if (!work->cancelled) { // else `this` may be gone
            postTo(this, [this, answers = work->run(batch)]() mutable { done(std::move(answers)); });
        }
    });
}

void KernelWatch::done(Answers answers)
{
    m_underWay = false;
    takeRows(answers);
    takeView(answers);
}

void KernelWatch::takeRows(const Answers &answers)
{
    if (m_rows) {
        m_session.peers()->setKernelStates(answers.rows);
    }
    if (answers.fullState && !isIdle()) {
        m_session.peers()->setKernelStates({&*answers.fullState, 1});
    }
}

// What was asked of one that is not looked at any more is nobody's business.
void KernelWatch::takeView(Answers &answers)
{
    const bool isOfPeer = answers.fullState && m_at == answers.fullState->peer;
    const bool isOfListeners = answers.hasListeners && m_at == kNoPeer;
    if (!isOfPeer && !isOfListeners && !answers.error) {
        return;
    }
    m_error = std::move(answers.error);
    if (isOfListeners) {
        m_listeners = std::move(answers.listeners);
    }
    if (isOfPeer) {
        m_view = std::move(answers.view);
        KernelHistory &history = historyOf(*m_at);
        history.see(m_view.state);
        if (const Peer *peer = m_session.peers()->find(*m_at); peer && m_view.presence == Presence::Here) {
            history.add({m_view.time, peer->bytesIn, peer->bytesOut, m_view.rtt});
        }
    }
    emit told();
}

const KernelHistory &KernelWatch::history() const
{
    static const KernelHistory kNone;
    const auto found = m_at ? m_histories.find(*m_at) : m_histories.end();
    return found == m_histories.end() ? kNone : found->second;
}

KernelHistory &KernelWatch::historyOf(PeerId peer)
{
    const auto lastTime = [](const auto &entry) { return entry.second.samples.empty() ? 0 : entry.second.samples.back().time; };
    if (!m_histories.contains(peer) && m_histories.size() >= kMostHistories) {
        m_histories.erase(std::min_element(m_histories.begin(), m_histories.end(),
                                           [&](const auto &a, const auto &b) { return lastTime(a) < lastTime(b); }));
    }
    return m_histories[peer];
}

} // namespace tincan

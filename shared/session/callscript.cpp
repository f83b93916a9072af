// SPDX-License-Identifier: MIT
#include "session/callscript.h"

#include <algorithm>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace tincan {

namespace {

// Those of a socket, from the call that made it to the next of that number.
std::vector<CallInfo> optionsOf(std::span<const RowBatch::Call> calls, PeerId peer, int fd, std::int64_t before)
{
    std::vector<CallInfo> options;
    for (const RowBatch::Call &call : calls) {
        if (call.peer != peer || call.time > before) {
            continue;
        }
        if (call.info.call == CallName::Socket && call.info.result == fd) {
            options.clear();
        } else if (call.info.call == CallName::SetSockOpt && call.info.fd == fd && call.info.error == 0) {
            options.push_back(call.info);
        }
    }
    return options;
}

const CallInfo *lastCall(std::span<const RowBatch::Call> calls, PeerId peer, CallName name, int fd, std::int64_t before)
{
    const CallInfo *found = nullptr;
    for (const RowBatch::Call &call : calls) {
        if (call.peer == peer && call.info.call == name && (fd < 0 || call.info.fd == fd) && call.time <= before) {
            found = &call.info;
        }
    }
    return found;
}

bool isLingerZero(const CallInfo &call)
{
    return call.a == SOL_SOCKET && call.b == SO_LINGER && call.c == 0 && (call.text.empty() || call.text == "{1, 0}");
}

// Makes the steps of one connection out of its rows and of the calls that stand between them.
class TalkMaker
{
public:
    TalkMaker(std::span<const RowBatch::Call> calls, const Index &index, const PayloadSource &payloads, PeerId peer)
        : m_index(index)
        , m_payloads(payloads)
        , m_peer(peer)
    {
        for (const RowBatch::Call &call : calls) {
            if (call.peer == peer) {
                m_calls.push_back(&call);
            }
        }
    }

    void fill(CallTalk &talk, Transport transport)
    {
        m_talk = &talk;
        m_borders = keepsBorders(transport);
        BlockList<RowNumber> rows;
        m_index.conversation(m_peer, 0, rows);
        talk.isStillOpen = true;
        for (std::size_t at = 0; at < rows.size() && talk.steps.size() < CallScript::kMostSteps; ++at) {
            take(m_index.row(rows[at]));
        }
        talk.isCut = talk.steps.size() >= CallScript::kMostSteps;
        if (talk.isStillOpen) {
            add(CallStep::Kind::Close);
        }
    }

private:
    CallStep &add(CallStep::Kind kind)
    {
        m_talk->steps.push_back({});
        m_talk->steps.back().kind = kind;
        return m_talk->steps.back();
    }

    void take(const Row &row)
    {
        addOptionsUntil(row);
        switch (row.kind) {
        case RecordKind::Joined:
            m_joined = true;
            break;
        case RecordKind::Sent:
        case RecordKind::FanOut:
            addSend(row);
            break;
        case RecordKind::Received:
            addAwait(row);
            break;
        case RecordKind::PeerFinished:
            add(CallStep::Kind::AwaitEnd);
            break;
        case RecordKind::Finished:
            add(CallStep::Kind::Shutdown).how = SHUT_WR;
            break;
        case RecordKind::Note:
            if (const auto *note = m_index.detailOf<NoteInfo>(row); note && note->code == NoteCode::ReceivingEnded) {
                add(CallStep::Kind::Shutdown).how = SHUT_RD;
            }
            break;
        case RecordKind::Left:
            addEnd(row);
            break;
        default:
            break;
        }
    }

    // What was set on the open connection before this row.
    void addOptionsUntil(const Row &row)
    {
        for (; m_nextCall < m_calls.size() && m_calls[m_nextCall]->time <= row.time; ++m_nextCall) {
            const CallInfo &call = m_calls[m_nextCall]->info;
            if (m_joined && call.call == CallName::SetSockOpt && call.error == 0 && !isLingerZero(call)) {
                add(CallStep::Kind::SetOption).option = call;
            }
        }
    }

    void addSend(const Row &row)
    {
        const qsizetype most = std::clamp<qsizetype>(CallScript::kMostAltogether - m_bytes, 0, CallScript::kMostBytes);
        CallStep &step = add(CallStep::Kind::Send);
        step.bytes = m_payloads.read(row, 0, static_cast<std::uint32_t>(most));
        step.size = row.size;
        m_bytes += step.bytes.size();
        m_cut = m_cut || static_cast<std::uint64_t>(step.bytes.size()) < step.size;
    }

    void addAwait(const Row &row)
    {
        const bool goesOn = !m_talk->steps.empty() && m_talk->steps.back().kind == CallStep::Kind::Await;
        CallStep &step = goesOn ? m_talk->steps.back() : add(CallStep::Kind::Await);
        // Whom less was sent may answer less.
        step.size = m_cut && !m_borders ? 1 : step.size + row.size;
        ++step.count;
    }

    void addEnd(const Row &row)
    {
        const auto *left = m_index.detailOf<LeftInfo>(row);
        const LeftReason reason = left ? left->reason : LeftReason::BothFinished;
        if (reason == LeftReason::ResetByPeer) {
            add(CallStep::Kind::AwaitEnd);
        }
        add(reason == LeftReason::ResetByUs ? CallStep::Kind::Reset : CallStep::Kind::Close);
        m_talk->isStillOpen = false;
    }

    const Index &m_index;
    const PayloadSource &m_payloads;
    PeerId m_peer;
    std::vector<const RowBatch::Call *> m_calls;
    std::size_t m_nextCall = 0;
    CallTalk *m_talk = nullptr;
    qsizetype m_bytes = 0;
    bool m_borders = false;
    bool m_joined = false;
    bool m_cut = false;
};

class ScriptMaker
{
public:
    ScriptMaker(std::span<const RowBatch::Call> calls, const Index &index, const PayloadSource &payloads)
        : m_calls(calls)
        , m_index(index)
        , m_payloads(payloads)
    {
    }

    CallScript make(PeerId peer)
    {
        scan(peer);
        const PeerInfo *info = peer == kNoPeer ? nullptr : m_index.peerInfo(peer);
        m_script.isServer = peer == kNoPeer ? m_listening != nullptr : info && info->direction == Direction::Incoming;
        if (m_script.isServer) {
            setUpServer(info);
        } else if (info) {
            m_script.transport = info->transport;
        }
        const bool byRule = m_script.answer == AnswerMode::Echo || m_script.answer == AnswerMode::Ok;
        if (!m_script.isServer || !byRule) {
            addTalks(peer);
        }
        return std::move(m_script);
    }

private:
    // Which socket listened, which rule was on, and who came, as the rows tell.
    void scan(PeerId wanted)
    {
        bool isOver = false;
        for (RowNumber number = 0; number < m_index.size(); ++number) {
            const Row &row = m_index.row(number);
            if (const auto *note = m_index.detailOf<NoteInfo>(row); note && note->code == NoteCode::AnswerChanged && !isOver) {
                m_script.answer = static_cast<AnswerMode>(note->a);
            } else if (row.kind == RecordKind::Listening && !isOver) {
                m_listening = m_index.detailOf<ListenInfo>(row);
                m_listeningAt = row.time;
            } else if (row.kind == RecordKind::Joined || row.kind == RecordKind::ConnectFailed) {
                m_peers.push_back({row.peer, row.time, m_index.detailOf<FailureInfo>(row)});
            }
            isOver = isOver || (wanted != kNoPeer && row.peer == wanted && row.kind == RecordKind::Left);
        }
    }

    // The one of several that the peer came to.
    const ListenInfo *listenerOf(const PeerInfo &info)
    {
        for (RowNumber number = 0; number < m_index.size(); ++number) {
            const Row &row = m_index.row(number);
            const auto *listen = row.kind == RecordKind::Listening ? m_index.detailOf<ListenInfo>(row) : nullptr;
            if (listen && listen->id == info.listener && info.listener != kNoListener) {
                m_listeningAt = row.time;
                return listen;
            }
        }
        return m_listening;
    }

    void setUpServer(const PeerInfo *info)
    {
        if (info) {
            m_listening = listenerOf(*info);
        }
        if (m_listening) {
            m_script.transport = m_listening->transport;
            m_script.local = m_listening->local;
            m_script.backlog = m_listening->backlog;
            m_script.options = optionsOf(m_calls, kNoPeer, m_listening->fd, m_listeningAt);
        } else if (info) {
            m_script.transport = info->transport;
            m_script.local = info->local;
            m_script.backlog = SOMAXCONN;
        }
    }

    struct Came {
        PeerId id;
        std::int64_t time;
        const FailureInfo *failure;
    };

    bool isWanted(const Came &came, PeerId peer) const
    {
        if (peer != kNoPeer) {
            return came.id == peer;
        }
        const PeerInfo *info = m_index.peerInfo(came.id);
        return m_script.isServer ? info && info->direction == Direction::Incoming && info->transport == m_script.transport
                                 : !info || info->direction == Direction::Outgoing;
    }

    void addTalks(PeerId peer)
    {
        bool isFirst = true;
        for (const Came &came : m_peers) {
            if (!isWanted(came, peer)) {
                continue;
            }
            const PeerInfo *info = m_index.peerInfo(came.id);
            if (!m_script.isServer && info && std::exchange(isFirst, false)) {
                m_script.transport = info->transport;
            }
            if (static_cast<int>(m_script.talks.size()) == CallScript::kMostTalks
                || (info && info->transport != m_script.transport)) {
                ++m_script.leftOut;
                continue;
            }
            CallTalk made = talk(came, info);
            if (!m_script.isServer && made.remote.isEmpty()) {
                ++m_script.leftOut; // its name was not found
                continue;
            }
            m_script.talks.push_back(std::move(made));
        }
    }

    CallTalk talk(const Came &came, const PeerInfo *info)
    {
        CallTalk made;
        if (!info) {
            made.failed = true;
            made.remote = came.failure ? came.failure->endpoint : Endpoint();
            made.title = QString::fromStdString(made.remote.toString());
            if (const CallInfo *socket = lastCall(m_calls, came.id, CallName::Socket, -1, came.time)) {
                made.options = optionsOf(m_calls, came.id, static_cast<int>(socket->result), came.time);
            }
            return made;
        }
        made.remote = info->remote;
        made.title = QString::fromStdString(info->remote.toString());
        if (info->direction == Direction::Outgoing) {
            made.options = optionsOf(m_calls, came.id, info->fd, came.time);
            if (const CallInfo *bound = lastCall(m_calls, came.id, CallName::Bind, info->fd, came.time)) {
                made.local = bound->address;
            }
        }
        TalkMaker(m_calls, m_index, m_payloads, came.id).fill(made, info->transport);
        return made;
    }

    std::span<const RowBatch::Call> m_calls;
    const Index &m_index;
    const PayloadSource &m_payloads;
    CallScript m_script;
    const ListenInfo *m_listening = nullptr;
    std::int64_t m_listeningAt = 0;
    std::vector<Came> m_peers;
};

} // namespace

CallScript makeCallScript(std::span<const RowBatch::Call> calls, const Index &index, const PayloadSource &payloads, PeerId peer)
{
    return ScriptMaker(calls, index, payloads).make(peer);
}

} // namespace tincan

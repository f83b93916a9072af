// SPDX-License-Identifier: MIT
#include "session/callscript.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <sys/socket.h>

#include "session/talkmaker.h"

namespace tincan {

namespace {

// How often it is asked whether the script is still wanted.
constexpr std::size_t kRowsAtOnce = 8192;

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

class ScriptMaker
{
public:
    ScriptMaker(const CallScriptRequest &request, const PayloadSource &payloads, const std::function<bool()> &isWanted)
        : m_request(request)
        , m_payloads(payloads)
        , m_isWanted(isWanted)
    {
    }

    CallScript make()
    {
        eachRow([this](const Row &row, const Detail *detail) { scan(row, detail); });
        choose();
        const bool byRule = m_script.answer == AnswerMode::Echo || m_script.answer == AnswerMode::Ok;
        if (!m_script.isServer || !byRule) {
            addTalks();
        }
        return m_isGivenUp ? CallScript() : std::move(m_script);
    }

private:
    // A listener begins to listen. One that is stopped and started again does so more than once, maybe with another port.
    struct Opening {
        const ListenInfo *info = nullptr;
        std::int64_t time = 0;
    };
    static constexpr std::size_t kNone = SIZE_MAX;
    struct Came {
        PeerId id = kNoPeer;
        std::int64_t time = 0;
        const FailureInfo *failure = nullptr;
        const PeerInfo *info = nullptr;
        std::size_t opening = kNone; // it came to
    };

    template<typename Take>
    void eachRow(Take &&take)
    {
        for (std::size_t number = 0; number < m_request.rows.size() && !m_isGivenUp; ++number) {
            const Row &row = m_request.rows[number];
            take(row, row.detail < m_request.details.size() ? &m_request.details[row.detail] : nullptr);
            m_isGivenUp = number % kRowsAtOnce == 0 && m_isWanted && !m_isWanted();
        }
    }

    // Which sockets listened, which rule was on, and who came, as the rows tell.
    void scan(const Row &row, const Detail *detail)
    {
        if (row.kind == RecordKind::Note && !m_isOver) {
            if (const auto *note = std::get_if<NoteInfo>(detail); note && note->code == NoteCode::AnswerChanged) {
                m_script.answer = static_cast<AnswerMode>(note->a);
            }
        } else if (row.kind == RecordKind::Listening) {
            if (const auto *info = std::get_if<ListenInfo>(detail)) {
                m_latest[info->id] = m_openings.size();
                m_openings.push_back({info, row.time});
            }
        } else if (row.kind == RecordKind::Joined || row.kind == RecordKind::ConnectFailed) {
            come(row, detail);
        }
        m_isOver = m_isOver || (m_request.peer != kNoPeer && row.peer == m_request.peer && row.kind == RecordKind::Left);
    }

    void come(const Row &row, const Detail *detail)
    {
        const auto [known, isNew] = m_cameAt.try_emplace(row.peer, m_came.size());
        if (isNew) {
            m_came.push_back({row.peer, row.time, std::get_if<FailureInfo>(detail), nullptr, kNone});
        }
        Came &came = m_came[known->second];
        if (const auto *info = std::get_if<PeerInfo>(detail)) {
            came.info = info;
            came.opening = openingOf(*info);
        }
    }

    std::size_t openingOf(const PeerInfo &info) const
    {
        if (info.direction != Direction::Incoming || m_openings.empty()) {
            return kNone;
        }
        const auto latest = info.listener == kNoListener ? m_latest.end() : m_latest.find(info.listener);
        return latest == m_latest.end() ? m_openings.size() - 1 : latest->second;
    }

    bool isSameSocket(std::size_t one, std::size_t other) const
    {
        if (one == kNone || other == kNone) {
            return one == other;
        }
        const ListenInfo &first = *m_openings[one].info;
        const ListenInfo &second = *m_openings[other].info;
        return first.id == second.id && first.transport == second.transport && first.local == second.local;
    }

    // Of several listeners, the one that the peer came to; of a session, the first that anybody came to.
    void choose()
    {
        const Came *came = nullptr;
        for (const Came &one : m_came) {
            if (m_request.peer == kNoPeer ? one.opening != kNone : one.id == m_request.peer) {
                came = &one;
                break;
            }
        }
        const PeerInfo *info = came ? came->info : nullptr;
        if (m_request.peer == kNoPeer) {
            m_script.isServer = !m_openings.empty();
            m_opening = came || m_openings.empty() ? (came ? came->opening : kNone) : m_openings.size() - 1;
            countOtherListeners();
        } else {
            m_script.isServer = info && info->direction == Direction::Incoming;
            m_opening = came ? came->opening : kNone;
        }
        if (m_script.isServer) {
            setUpServer(info);
        } else if (m_request.peer != kNoPeer && info) {
            m_script.transport = info->transport;
        }
    }

    void countOtherListeners()
    {
        if (m_opening == kNone) {
            return;
        }
        const ListenerId chosen = m_openings[m_opening].info->id;
        m_script.otherListeners = static_cast<int>(m_latest.size()) - static_cast<int>(m_latest.find(chosen) != m_latest.end());
    }

    void setUpServer(const PeerInfo *info)
    {
        if (m_opening != kNone) {
            const Opening &opening = m_openings[m_opening];
            m_script.transport = opening.info->transport;
            m_script.local = opening.info->local;
            m_script.backlog = opening.info->backlog;
            m_script.options = optionsOf(m_request.calls, kNoPeer, opening.info->fd, opening.time);
        } else if (info) {
            m_script.transport = info->transport;
            m_script.local = info->local;
            m_script.backlog = SOMAXCONN;
        }
    }

    bool isOfScript(const Came &came) const
    {
        if (m_request.peer != kNoPeer) {
            return came.id == m_request.peer;
        }
        const bool isIncoming = came.info && came.info->direction == Direction::Incoming;
        return m_script.isServer == isIncoming;
    }

    void addTalks()
    {
        std::vector<TalkMaker> makers;
        std::vector<std::size_t> placeOf; // in m_script.talks, of each maker's
        bool isFirst = true;
        for (const Came &came : m_came) {
            if (!isOfScript(came)) {
                continue;
            }
            if (!m_script.isServer && came.info && std::exchange(isFirst, false)) {
                m_script.transport = came.info->transport;
            }
            if (static_cast<int>(m_script.talks.size()) == CallScript::kMostTalks) {
                ++m_script.leftOut;
                continue;
            }
            CallTalk made = talk(came);
            const bool isElsewhere = m_script.isServer ? m_request.peer == kNoPeer && !isSameSocket(came.opening, m_opening)
                                                       : made.remote.isEmpty(); // its name was not found
            if (isElsewhere || (came.info && came.info->transport != m_script.transport)) {
                ++m_script.leftOut;
                continue;
            }
            if (came.info) {
                addCallsOf(came, made);
                makers.emplace_back(m_request.calls, m_payloads, came.id, came.info->transport, std::move(made));
                placeOf.push_back(m_script.talks.size());
                made = {};
            }
            m_script.talks.push_back(std::move(made));
        }
        fill(makers, placeOf);
    }

    void fill(std::vector<TalkMaker> &makers, const std::vector<std::size_t> &placeOf)
    {
        if (makers.empty()) {
            return;
        }
        eachRow([&makers](const Row &row, const Detail *detail) {
            for (TalkMaker &maker : makers) {
                maker.take(row, detail);
            }
        });
        for (std::size_t at = 0; at < makers.size(); ++at) {
            m_script.talks[placeOf[at]] = makers[at].finish();
        }
    }

    CallTalk talk(const Came &came) const
    {
        CallTalk made;
        made.failed = !came.info;
        if (came.info) {
            made.remote = came.info->remote;
        } else if (came.failure) {
            made.remote = came.failure->endpoint;
        }
        made.title = QString::fromStdString(made.remote.toString());
        if (!came.info) {
            if (const CallInfo *socket = lastCall(m_request.calls, came.id, CallName::Socket, -1, came.time)) {
                made.options = optionsOf(m_request.calls, came.id, static_cast<int>(socket->result), came.time);
            }
        }
        return made;
    }

    // Of an outgoing connection: what was done before connect().
    void addCallsOf(const Came &came, CallTalk &made) const
    {
        if (came.info->direction != Direction::Outgoing) {
            return;
        }
        made.options = optionsOf(m_request.calls, came.id, came.info->fd, came.time);
        if (const CallInfo *bound = lastCall(m_request.calls, came.id, CallName::Bind, came.info->fd, came.time)) {
            made.local = bound->address;
        }
    }

    const CallScriptRequest &m_request;
    const PayloadSource &m_payloads;
    const std::function<bool()> &m_isWanted;
    CallScript m_script;
    std::vector<Opening> m_openings;
    std::unordered_map<ListenerId, std::size_t> m_latest; // of its openings
    std::vector<Came> m_came;
    std::unordered_map<PeerId, std::size_t> m_cameAt;
    std::size_t m_opening = kNone; // the one that is written
    bool m_isOver = false;         // the conversation that is asked for
    bool m_isGivenUp = false;
};

} // namespace

CallScript makeCallScript(const CallScriptRequest &request, const PayloadSource &payloads, const std::function<bool()> &isWanted)
{
    return ScriptMaker(request, payloads, isWanted).make();
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/talkmaker.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

namespace tincan {

namespace {

bool isLingerZero(const CallInfo &call)
{
    return call.a == SOL_SOCKET && call.b == SO_LINGER && call.c == 0 && (call.text.empty() || call.text == "{1, 0}");
}

template<typename T>
const T *as(const Detail *detail)
{
    return detail ? std::get_if<T>(detail) : nullptr;
}

} // namespace

TalkMaker::TalkMaker(std::span<const RowBatch::Call> calls, const PayloadSource &payloads, PeerId peer, Transport transport,
                     CallTalk talk)
    : m_payloads(payloads)
    , m_peer(peer)
    , m_talk(std::move(talk))
    , m_borders(keepsBorders(transport))
{
    for (const RowBatch::Call &call : calls) {
        if (call.peer == peer) {
            m_calls.push_back(&call);
        }
    }
    m_talk.isStillOpen = true;
}

void TalkMaker::take(const Row &row, const Detail *detail)
{
    const bool isFanOut = row.kind == RecordKind::FanOut;
    if (isFanOut ? !isReached(row, as<FanOutInfo>(detail)) : row.peer != m_peer) {
        return;
    }
    if (row.kind == RecordKind::Joined || row.kind == RecordKind::Finished || row.kind == RecordKind::Left) {
        m_inRoom = row.kind == RecordKind::Joined;
    }
    if (m_talk.steps.size() < CallScript::kMostSteps) {
        addRow(row, detail);
    }
}

CallTalk TalkMaker::finish()
{
    m_talk.isCut = m_talk.steps.size() >= CallScript::kMostSteps;
    if (m_talk.isStillOpen) {
        add(CallStep::Kind::Close);
    }
    return std::move(m_talk);
}

bool TalkMaker::isReached(const Row &fanOut, const FanOutInfo *info) const
{
    const bool listed = info && std::find(info->peers.begin(), info->peers.end(), m_peer) != info->peers.end();
    return fanOut.peer != m_peer && (info && info->only ? listed : m_inRoom && !listed);
}

CallStep &TalkMaker::add(CallStep::Kind kind)
{
    m_talk.steps.push_back({});
    m_talk.steps.back().kind = kind;
    return m_talk.steps.back();
}

void TalkMaker::addRow(const Row &row, const Detail *detail)
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
        if (const auto *note = as<NoteInfo>(detail); note && note->code == NoteCode::ReceivingEnded) {
            add(CallStep::Kind::Shutdown).how = SHUT_RD;
        }
        break;
    case RecordKind::Left:
        addEnd(as<LeftInfo>(detail));
        break;
    default:
        break;
    }
}

// What was set on the open connection before this row.
void TalkMaker::addOptionsUntil(const Row &row)
{
    for (; m_nextCall < m_calls.size() && m_calls[m_nextCall]->time <= row.time; ++m_nextCall) {
        const CallInfo &call = m_calls[m_nextCall]->info;
        if (m_joined && call.call == CallName::SetSockOpt && call.error == 0 && !isLingerZero(call)) {
            add(CallStep::Kind::SetOption).option = call;
        }
    }
}

void TalkMaker::addSend(const Row &row)
{
    const qsizetype most = std::clamp<qsizetype>(CallScript::kMostAltogether - m_bytes, 0, CallScript::kMostBytes);
    CallStep &step = add(CallStep::Kind::Send);
    step.bytes = m_payloads.read(row, 0, static_cast<std::uint32_t>(most));
    step.size = row.size;
    m_bytes += step.bytes.size();
    m_cut = m_cut || static_cast<std::uint64_t>(step.bytes.size()) < step.size;
}

void TalkMaker::addAwait(const Row &row)
{
    const bool goesOn = !m_talk.steps.empty() && m_talk.steps.back().kind == CallStep::Kind::Await;
    CallStep &step = goesOn ? m_talk.steps.back() : add(CallStep::Kind::Await);
    // Whom less was sent may answer less.
    step.size = m_cut && !m_borders ? 1 : step.size + row.size;
    ++step.count;
}

void TalkMaker::addEnd(const LeftInfo *left)
{
    const LeftReason reason = left ? left->reason : LeftReason::BothFinished;
    if (reason == LeftReason::ResetByPeer) {
        add(CallStep::Kind::AwaitEnd);
    }
    add(reason == LeftReason::ResetByUs ? CallStep::Kind::Reset : CallStep::Kind::Close);
    m_talk.isStillOpen = false;
}

} // namespace tincan

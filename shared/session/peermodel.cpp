// SPDX-License-Identifier: MIT
#include "session/peermodel.h"

#include <algorithm>

#include <QTimerEvent>

#include "base/peertext.h"
#include "session/words.h"

namespace tincan {

namespace {

// Changes are told four times a second: faster than anybody reads numbers.
constexpr int kTellMilliseconds = 250;

} // namespace

PeerModel::PeerModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

const Peer &PeerModel::peer(int row) const
{
    if (row == 0) {
        return m_all;
    }
    Entry &entry = m_entries[static_cast<std::size_t>(row) - 1];
    settle(entry);
    return entry.peer;
}

const Peer *PeerModel::find(PeerId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &peer(row);
}

int PeerModel::rowOf(PeerId id) const
{
    if (id == kNoPeer) {
        return 0;
    }
    const int row = id < m_rowOfId.size() ? m_rowOfId[id] : 0;
    return row > 0 ? row : -1;
}

PeerModel::Entry *PeerModel::entryOf(PeerId id)
{
    const int row = rowOf(id);
    if (row <= 0) {
        return nullptr;
    }
    const auto at = static_cast<std::size_t>(row) - 1;
    return at < m_entries.size() ? &m_entries[at] : &m_pending[at - m_entries.size()];
}

void PeerModel::addEntry(PeerId id, std::int64_t time)
{
    Entry entry;
    entry.peer.id = id;
    entry.peer.began = time;
    entry.peer.since = time;
    if (m_rowOfId.size() <= id) {
        m_rowOfId.resize(id + std::size_t{1}, 0);
    }
    m_rowOfId[id] = static_cast<int>(m_entries.size() + m_pending.size()) + 1;
    count(entry.peer, 1);
    m_pending.push_back(std::move(entry));
}

void PeerModel::applyRows(const Index &index, RowNumber first)
{
    const int openBefore = m_open;
    for (RowNumber number = first; number < index.size(); ++number) {
        applyRow(index, index.row(number));
    }
    if (!m_pending.empty()) {
        const int at = static_cast<int>(m_entries.size()) + 1;
        beginInsertRows({}, at, at + static_cast<int>(m_pending.size()) - 1);
        std::move(m_pending.begin(), m_pending.end(), std::back_inserter(m_entries));
        m_pending.clear();
        endInsertRows();
    }
    if (first < index.size()) {
        touch(0);
    }
    if (m_open != openBefore) {
        emit openCountChanged(m_open);
    }
}

void PeerModel::applyRow(const Index &index, const Row &row)
{
    if (row.kind == RecordKind::FanOut) {
        applyFanOut(index, row);
        return;
    }
    if (row.peer == kNoPeer) {
        return;
    }
    if ((row.kind == RecordKind::Connecting || row.kind == RecordKind::Joined) && rowOf(row.peer) < 0) {
        addEntry(row.peer, row.time);
    }
    Entry *entry = entryOf(row.peer);
    if (!entry) {
        return; // was cleared
    }
    applyTo(*entry, index, row);
    touch(rowOf(row.peer));
}

void PeerModel::applyTo(Entry &entry, const Index &index, const Row &row)
{
    Peer &peer = entry.peer;
    switch (row.kind) {
    case RecordKind::Connecting:
        peer.direction = Direction::Outgoing;
        if (const auto *info = index.detailOf<ConnectInfo>(row)) {
            peer.host = hostAndPort(QString::fromStdString(info->host), info->port);
        }
        break;
    case RecordKind::Joined:
        if (const auto *info = index.detailOf<PeerInfo>(row)) {
            peer.local = info->local;
            peer.remote = info->remote;
            if (isUnix(info->transport)) {
                peer.called = QString::fromStdString(peerText(*info));
            }
            peer.fd = info->fd;
            peer.transport = info->transport;
            peer.direction = info->direction;
            peer.midway = info->midway;
            peer.process = info->process;
            peer.child = info->child;
            count(peer, -1);
            peer.listener = info->listener;
            count(peer, 1);
        }
        setState(entry, PeerState::Established, row.time);
        leaveRoom(entry); // a damaged file may tell of it twice
        entry.inRoom = true;
        ++m_inRoom;
        entry.base = m_room;
        break;
    case RecordKind::Received:
        peer.bytesIn += row.size;
        ++peer.messagesIn;
        m_all.bytesIn += row.size;
        ++m_all.messagesIn;
        if (!m_isOver && !isLookedAt(peer.id)) {
            ++peer.unread;
            ++m_all.unread;
        }
        break;
    case RecordKind::Sent:
        countSent(peer, row.size, 1);
        countSent(m_all, row.size, 1);
        break;
    case RecordKind::PeerFinished:
        peer.peerFinishedFirst = !peer.finished;
        peer.peerFinished = true;
        setState(entry, peer.state == PeerState::FinWait ? PeerState::FinWait : PeerState::CloseWait, row.time);
        break;
    case RecordKind::Finished:
        peer.finished = true;
        leaveRoom(entry);
        setState(entry, PeerState::FinWait, row.time);
        break;
    case RecordKind::Left:
        leaveRoom(entry);
        if (const auto *info = index.detailOf<LeftInfo>(row)) {
            peer.left = info->reason;
        }
        setState(entry, PeerState::Closed, row.time);
        break;
    case RecordKind::ConnectFailed:
        setState(entry, PeerState::Failed, row.time);
        break;
    case RecordKind::Note:
        peer.name = index.nameOf(peer.id);
        if (const auto *note = index.detailOf<NoteInfo>(row)) {
            applyNote(peer, *note);
        }
        break;
    default:
        break;
    }
}

void PeerModel::applyNote(Peer &peer, const NoteInfo &note)
{
    switch (note.code) {
    case NoteCode::ReadingStopped:
    case NoteCode::ReadingGoesOn:
        peer.readingStopped = note.code == NoteCode::ReadingStopped;
        break;
    case NoteCode::ReceivingEnded:
        peer.receivingEnded = true;
        break;
    case NoteCode::FaultsChanged:
        peer.faults = QString::fromStdString(note.text);
        m_hadFaults = m_hadFaults || !peer.faults.isEmpty();
        break;
    default:
        break;
    }
}

void PeerModel::countSent(Peer &peer, std::uint64_t bytes, std::uint64_t messages)
{
    peer.bytesOut += bytes;
    peer.messagesOut += messages;
}

void PeerModel::applyFanOut(const Index &index, const Row &row)
{
    const auto *info = index.detailOf<FanOutInfo>(row);
    if (info && info->only) {
        for (const PeerId id : info->peers) {
            if (Entry *entry = entryOf(id)) {
                countSent(entry->peer, row.size, 1);
                touch(rowOf(id));
            }
        }
        countSent(m_all, std::uint64_t{row.size} * info->peers.size(), info->peers.size());
        return;
    }
    m_room.bytes += row.size;
    ++m_room.messages;
    std::uint64_t reached = static_cast<std::uint64_t>(m_inRoom);
    const auto leaveOut = [&](PeerId id) {
        if (Entry *entry = entryOf(id); entry && entry->inRoom) {
            entry->base.bytes += row.size;
            ++entry->base.messages;
            --reached;
        }
    };
    if (row.peer != kNoPeer) {
        leaveOut(row.peer);
    }
    if (info) {
        std::for_each(info->peers.begin(), info->peers.end(), leaveOut);
    }
    countSent(m_all, row.size * reached, reached);
    m_roomTouched = true;
    arm();
}

void PeerModel::settle(Entry &entry) const
{
    if (entry.inRoom) {
        countSent(entry.peer, m_room.bytes - entry.base.bytes, m_room.messages - entry.base.messages);
        entry.base = m_room;
    }
}

void PeerModel::leaveRoom(Entry &entry)
{
    settle(entry);
    if (entry.inRoom) {
        entry.inRoom = false;
        --m_inRoom;
    }
}

void PeerModel::setState(Entry &entry, PeerState state, std::int64_t time)
{
    const bool wasOpen = entry.peer.isOpen();
    entry.peer.state = state;
    entry.peer.since = time;
    entry.peer.kernelState = TcpState::Unknown;
    const int by = static_cast<int>(entry.peer.isOpen()) - static_cast<int>(wasOpen);
    m_open += by;
    m_shares[entry.peer.listener].open += by;
}

// Enters it at its listener, or takes it out.
void PeerModel::count(const Peer &peer, int by)
{
    ListenerShare &share = m_shares[peer.listener];
    share.count += by;
    share.open += peer.isOpen() ? by : 0;
}

void PeerModel::setCurrent(std::optional<PeerId> id)
{
    m_current = id;
    haveRead(id.value_or(kNoPeer));
}

void PeerModel::setBeside(std::optional<PeerId> id)
{
    m_beside = id;
    haveRead(id.value_or(kNoPeer));
}

void PeerModel::haveRead(PeerId id)
{
    if (Entry *entry = id == kNoPeer ? nullptr : entryOf(id); entry && entry->peer.unread > 0) {
        m_all.unread -= entry->peer.unread;
        entry->peer.unread = 0;
        touch(rowOf(id));
        touch(0);
    }
}

void PeerModel::touch(int row)
{
    const auto at = static_cast<std::size_t>(row);
    if (m_isTouched.size() <= at) {
        m_isTouched.resize(at + 1, false);
    }
    if (!m_isTouched[at]) {
        m_isTouched[at] = true;
        m_touched.push_back(row);
    }
    arm();
}

void PeerModel::arm()
{
    if (m_timer == 0) {
        m_timer = startTimer(kTellMilliseconds);
    }
}

void PeerModel::tell()
{
    std::vector<int> rows;
    rows.swap(m_touched);
    for (const int row : rows) {
        m_isTouched[static_cast<std::size_t>(row)] = false;
    }
    if (std::exchange(m_roomTouched, false)) {
        emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    std::sort(rows.begin(), rows.end());
    for (std::size_t at = 0; at < rows.size();) {
        std::size_t end = at + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1) {
            ++end;
        }
        emit dataChanged(index(rows[at]), index(rows[end - 1]));
        at = end;
    }
}

void PeerModel::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer) {
        QAbstractListModel::timerEvent(event);
        return;
    }
    if (m_touched.empty() && !m_roomTouched) {
        killTimer(std::exchange(m_timer, 0));
        return;
    }
    tell();
}

} // namespace tincan

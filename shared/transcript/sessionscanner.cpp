// SPDX-License-Identifier: MIT
#include "transcript/sessionscanner.h"

#include <algorithm>
#include <cerrno>

#include <QFileInfo>

#include "transcript/packet.h"

namespace tincan {

namespace {

// Numbers are given one after the other: many left out are damage, and would cost memory for each. So many may be left out
// altogether, by connections that were tried and never made.
constexpr std::uint64_t kMostNumbersSkipped = 1'000'000;
// The highest number that a segment whose forerunners are gone may begin with.
constexpr PeerId kHighestBegin = 8'000'000;

// Whether a record's detail is one that its kind has; where it has none, whatever shows it has nothing to show.
bool isFitting(RecordKind kind, const Detail &detail)
{
    switch (kind) {
    case RecordKind::Connecting:
        return std::holds_alternative<ConnectInfo>(detail);
    case RecordKind::Joined:
        return std::holds_alternative<PeerInfo>(detail);
    case RecordKind::FanOut:
        return std::holds_alternative<FanOutInfo>(detail);
    case RecordKind::Refused:
        return std::holds_alternative<RefusedInfo>(detail);
    case RecordKind::Left:
        return std::holds_alternative<LeftInfo>(detail);
    case RecordKind::ConnectFailed:
    case RecordKind::ListenFailed:
        return std::holds_alternative<FailureInfo>(detail);
    case RecordKind::Listening:
        return std::holds_alternative<ListenInfo>(detail);
    case RecordKind::Note:
        return std::holds_alternative<NoteInfo>(detail);
    case RecordKind::Call:
        return std::holds_alternative<CallInfo>(detail);
    default:
        return true;
    }
}

} // namespace

Result<std::unique_ptr<SessionScanner>> SessionScanner::open(const QString &path)
{
    Result<SessionFiles> files = openSessionFiles(path);
    if (!files) {
        return tl::unexpected(files.error());
    }
    return std::make_unique<SessionScanner>(std::move(*files));
}

SessionScanner::SessionScanner(SessionFiles files)
    : m_files(std::move(files))
    , m_cutBytes(m_files.unusableBytes)
{
    beginFile(0);
}

void SessionScanner::beginFile(std::size_t number)
{
    m_file = number;
    const SegmentFile &file = *m_files.files[number];
    m_blocks.begin(file.fd.get(), file.size);
}

std::uint64_t SessionScanner::bytesRead() const noexcept
{
    return m_isOver ? m_files.bytes : m_files.files[m_file]->base + m_blocks.position();
}

Result<bool> SessionScanner::next(Item &item)
{
    for (;;) {
        if (takeFollowing(item)) {
            return true;
        }
        if (m_isOver) {
            return false;
        }
        if (const auto step = std::exchange(m_isHeld, false) ? BlockStream::Step::Block : m_blocks.next();
            step != BlockStream::Step::Block) {
            if (const Result<void> ended = nextFile(step); !ended) {
                return tl::unexpected(ended.error());
            }
            continue;
        }
        item.block = m_blocks.block().whole;
        item.file = m_file;
        item.hasDetail = false;
        item.isPacket = false;
        item.isNews = true;
        explain(item);
        if (item.block.empty()) { // first what follows from the marks before it
            m_isHeld = true;
            continue;
        }
        return true;
    }
}

// Records that no block stands for.
bool SessionScanner::takeFollowing(Item &item)
{
    if (m_following.empty()) {
        return false;
    }
    item.kind = Item::Kind::Record;
    item.record = m_following.front().record;
    item.detail = std::move(m_following.front().detail);
    item.hasDetail = !std::holds_alternative<std::monostate>(item.detail);
    item.payloadAt = 0;
    item.block = {};
    m_following.pop_front();
    return true;
}

// A file has ended, in one way or another.
Result<void> SessionScanner::nextFile(BlockStream::Step step)
{
    const SegmentFile &file = *m_files.files[m_file];
    const bool isLast = m_file + 1 == m_files.files.size();
    if (step == BlockStream::Step::Failed) {
        return fail(m_blocks.error(), CallName::Read, file.path.toStdString());
    }
    if (const std::uint64_t left = m_blocks.remaining(); left > 0) {
        if (step == BlockStream::Step::Torn && isLast) {
            m_cutBytes += left;
        } else {
            add(RecordKind::Note, kNoPeer, m_time,
                NoteInfo{NoteCode::RecordingDamaged, static_cast<std::int64_t>(left),
                         static_cast<std::int64_t>(m_blocks.position()), QFileInfo(file.path).fileName().toStdString()});
        }
    }
    if (isLast) {
        m_isOver = true;
    } else {
        beginFile(m_file + 1);
    }
    return {};
}

// What the block is. Clears item.block where something else comes first.
void SessionScanner::explain(Item &item)
{
    const pcapng::Block &block = m_blocks.block();
    item.kind = Item::Kind::Other;
    const bool isPacket = block.type == pcapng::kEnhancedPacket;
    if (m_isCarrying && (isPacket || !explainMark(item) || !std::holds_alternative<pcapng::Carried>(item.mark))) {
        m_isCarrying = false;
        if (endCarried()) {
            item.block = {};
            return;
        }
    }
    if (isPacket) {
        if (const auto packet = pcapng::packetOf(block)) {
            explainPacket(item, *packet);
        }
    } else if (block.type == pcapng::kCustom) {
        if (!explainRecord(item) && explainMark(item)) {
            follow(item);
        }
    } else if (block.type == pcapng::kSectionHeader || block.type == pcapng::kInterface || block.type == pcapng::kNameResolution
               || block.type == pcapng::kInterfaceStatistics) {
        item.kind = Item::Kind::Header;
    }
    m_passedOver += static_cast<std::uint64_t>(item.kind == Item::Kind::Other);
}

void SessionScanner::explainPacket(Item &item, const pcapng::Packet &packet)
{
    const auto segment = plainSegment(packet.bytes, packet.outbound);
    if (segment && !segment->isDatagram && (segment->flags & TcpPsh) == 0) {
        item.kind = Item::Kind::Packet;
        if (!packet.outbound && segment->flags == TcpAck && segment->payload.empty()) {
            m_time = std::max<std::int64_t>(0, packet.time);
            explainAcknowledgement(item, *segment);
        }
        return;
    }
    PeerId peer = segment ? m_addresses.find(segment->key) : kNoPeer;
    if (segment && peer == kNoPeer) { // what was saved of a capture once had datagrams as TCP
        peer = m_addresses.find(datagramKey(segment->key));
    }
    if (peer == kNoPeer || segment->payload.size() > kMaxMessage) {
        return;
    }
    item.kind = Item::Kind::Record;
    item.isPacket = true;
    Record &record = item.record;
    record.kind = packet.outbound ? RecordKind::Sent : RecordKind::Received;
    record.peer = peer;
    record.time = m_time = std::max<std::int64_t>(0, packet.time);
    record.data = segment->payload.data();
    record.size = static_cast<std::uint32_t>(segment->payload.size());
    item.payloadAt = bytesRead() + static_cast<std::uint64_t>(record.data - m_blocks.block().whole.data());
}

void SessionScanner::explainAcknowledgement(Item &item, const PlainSegment &segment)
{
    const auto known = m_known.find(m_addresses.find(segment.key));
    if (known == m_known.end()) {
        return;
    }
    known->second.acknowledged = acknowledgedBytes(segment.acknowledgement, known->second.acknowledged);
    item.kind = Item::Kind::Acknowledgement;
    item.record = {};
    item.record.kind = RecordKind::Acknowledged;
    item.record.peer = known->first;
    item.record.time = m_time;
    item.payloadAt = 0;
    item.detail = AcknowledgedInfo{known->second.acknowledged, -1};
    item.hasDetail = true;
}

bool SessionScanner::isPlausible(PeerId peer)
{
    if (peer <= m_lastPeer) {
        return true;
    }
    const std::uint64_t skipped = m_skipped + (peer - m_lastPeer - 1);
    if (skipped > kMostNumbersSkipped) {
        return false;
    }
    m_skipped = skipped;
    m_lastPeer = peer;
    return true;
}

// False where it is none of Tincan's records.
bool SessionScanner::explainRecord(Item &item)
{
    auto own = pcapng::recordOf(m_blocks.block());
    if (!own) {
        return false;
    }
    Record &record = own->record;
    item.hasDetail = !std::holds_alternative<std::monostate>(own->detail);
    const bool isEcho = record.data == nullptr;
    const std::uint64_t before = m_blocks.position();
    if (!isPlausible(record.peer) || (item.hasDetail && !isFitting(record.kind, own->detail))
        || (isEcho && (own->back > before || own->back < record.size))) {
        return true; // ours, but nothing to go by
    }
    record.time = m_time = std::max<std::int64_t>(0, record.time);
    if (!hasPayload(record.kind)) {
        record.size = 0;
    }
    const std::uint64_t at = isEcho ? bytesRead() - own->back
                                    : bytesRead() + static_cast<std::uint64_t>(record.data - m_blocks.block().whole.data());
    item.kind = Item::Kind::Record;
    item.payloadAt = hasPayload(record.kind) ? at : 0;
    item.record = record;
    item.detail = std::move(own->detail);
    follow(item);
    return true;
}

// Whether it is one of Tincan's marks.
bool SessionScanner::explainMark(Item &item)
{
    auto mark = pcapng::markOf(m_blocks.block());
    if (!mark) {
        return false;
    }
    item.mark = std::move(*mark);
    item.kind = Item::Kind::Mark;
    if (auto *carried = std::get_if<pcapng::Carried>(&item.mark)) {
        carried->joined = std::max<std::int64_t>(0, carried->joined);
        carried->finished = std::max<std::int64_t>(0, carried->finished);
        carried->peerFinished = std::max<std::int64_t>(0, carried->peerFinished);
        item.isNews = !m_known.contains(carried->peer);
        if (carried->peer == kNoPeer || !isPlausible(carried->peer)) {
            item.kind = Item::Kind::Other;
            return false;
        }
    }
    return true;
}

// Keeps in mind who is there.
void SessionScanner::follow(const Item &item)
{
    if (item.kind == Item::Kind::Mark) {
        if (const auto *carried = std::get_if<pcapng::Carried>(&item.mark)) {
            carry(*carried, item.isNews);
        } else if (const auto *begin = std::get_if<pcapng::Begin>(&item.mark)) {
            m_time = std::max<std::int64_t>(0, begin->time);
            m_lastPeer = std::max(m_lastPeer, std::min(begin->lastPeer, kHighestBegin));
            m_addresses.clear();
            m_missing = {m_known.begin(), m_known.end()};
            m_isCarrying = true;
        }
        return;
    }
    const Record &record = item.record;
    const auto known = m_known.find(record.peer);
    switch (record.kind) {
    case RecordKind::Joined:
        if (const auto *info = item.hasDetail ? std::get_if<PeerInfo>(&item.detail) : nullptr) {
            const bool hasPackets = !isUnix(info->transport);
            const FlowKey key = hasPackets ? flowKey(*info) : FlowKey();
            m_known[record.peer] = {key, hasPackets};
            if (hasPackets) {
                m_addresses.joined(key, record.peer);
            }
        }
        break;
    case RecordKind::Finished:
    case RecordKind::PeerFinished:
        if (known != m_known.end()) {
            (record.kind == RecordKind::Finished ? known->second.finished : known->second.peerFinished) = true;
        }
        break;
    case RecordKind::Left:
        if (known != m_known.end() && item.hasDetail) {
            if (known->second.hasPackets) {
                m_addresses.left(known->second.key, record.peer);
            }
            m_known.erase(known);
        }
        break;
    default:
        break;
    }
}

void SessionScanner::carry(const pcapng::Carried &carried, bool isNews)
{
    m_missing.erase(carried.peer);
    Known &known = m_known[carried.peer];
    if (isNews) {
        known.hasPackets = !isUnix(carried.info.transport);
        known.key = known.hasPackets ? flowKey(carried.info) : FlowKey();
        add(RecordKind::Joined, carried.peer, carried.joined, carried.info);
    }
    if (!carried.shadowed && known.hasPackets) {
        m_addresses.joined(known.key, carried.peer);
    }
    const auto finish = [&](RecordKind kind, bool &already, std::int64_t time) {
        if (time > 0 && !std::exchange(already, true)) {
            add(kind, carried.peer, time, {});
        }
    };
    if (carried.peerFinished < carried.finished) {
        finish(RecordKind::PeerFinished, known.peerFinished, carried.peerFinished);
        finish(RecordKind::Finished, known.finished, carried.finished);
    } else {
        finish(RecordKind::Finished, known.finished, carried.finished);
        finish(RecordKind::PeerFinished, known.peerFinished, carried.peerFinished);
    }
}

// Those that were there before and are not now have left where nothing was recorded. True where there are any.
bool SessionScanner::endCarried()
{
    if (m_missing.empty()) {
        return false;
    }
    for (const auto &[peer, known] : m_missing) {
        LeftInfo info;
        info.reason = LeftReason::Failed;
        info.error = {ENODATA, CallName::Read, {}};
        add(RecordKind::Left, peer, m_time, info);
        m_known.erase(peer);
    }
    m_missing.clear();
    return true;
}

void SessionScanner::add(RecordKind kind, PeerId peer, std::int64_t time, Detail detail)
{
    Following following;
    following.record.kind = kind;
    following.record.peer = peer;
    following.record.time = time;
    following.detail = std::move(detail);
    m_following.push_back(std::move(following));
}

} // namespace tincan

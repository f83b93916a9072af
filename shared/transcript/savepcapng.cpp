// SPDX-License-Identifier: MIT
// pcapng in full: a packet for each message and each of its recipients, comments where something is to be said, names, and the
// custom blocks that a session is reopened from with its events, and with the messages of Unix sockets, of which no packets are.
#include <algorithm>
#include <cstring>

#include "transcript/packet.h"
#include "transcript/pcapng.h"
#include "transcript/savedtext.h"

namespace tincan {

namespace {

constexpr std::size_t kLongestComment = 60'000; // an option's length has 16 bits
constexpr std::size_t kLongestName = 1000;

// A block around what `fill` appends.
template<typename Fill>
void appendBlock(ByteBuffer &into, std::uint32_t type, Fill &&fill)
{
    const std::size_t at = into.size();
    into.put(type);
    into.put(std::uint32_t{0});
    fill();
    const auto length = static_cast<std::uint32_t>(into.size() - at + sizeof(std::uint32_t));
    into.put(length);
    std::memcpy(const_cast<std::byte *>(into.data()) + at + sizeof(std::uint32_t), &length, sizeof length); // NOLINT
}

// §4.5
void appendNames(ByteBuffer &into, const std::vector<NamedAddress> &names)
{
    constexpr std::uint16_t kIpv4 = 1;
    constexpr std::uint16_t kIpv6 = 2;
    appendBlock(into, pcapng::kNameResolution, [&] {
        for (const NamedAddress &named : names) {
            const std::string name = named.name.substr(0, std::min(named.name.find('\0'), kLongestName));
            if (!named.address.isIp() || name.empty()) {
                continue;
            }
            const bool isV6 = named.address.family() == Endpoint::Family::IPv6;
            const std::size_t size = isV6 ? 16 : 4;
            into.put(isV6 ? kIpv6 : kIpv4);
            into.put(static_cast<std::uint16_t>(size + name.size() + 1));
            into.append(named.address.addressBytes().data(), size);
            into.append(name.c_str(), name.size() + 1);
            into.pad();
        }
        into.put(std::uint32_t{0}); // the end of the records
    });
}

// §4.6, for what is said after the last packet.
void appendLastComment(ByteBuffer &into, std::int64_t time, const std::string &comment)
{
    appendBlock(into, pcapng::kInterfaceStatistics, [&] {
        into.put(std::uint32_t{0}); // the interface
        into.put(static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) >> 32U));
        into.put(static_cast<std::uint32_t>(time));
        into.put(std::uint16_t{1}); // opt_comment
        into.put(static_cast<std::uint16_t>(comment.size()));
        into.append(comment.data(), comment.size());
        into.pad();
        into.put(std::uint32_t{0}); // the end of the options
    });
}

class PcapngWriter final : public SaveWriter
{
public:
    explicit PcapngWriter(const SaveContext &context);

    void begin() override;
    bool wantsEarlier() const override { return true; }
    void earlier(const Row &row) override;
    void add(const SavedRow &row) override;
    void end() override;

private:
    bool isInvolved(PeerId peer) const { return m_all || (peer < m_involved.size() && m_involved[peer]); }
    void involve(PeerId peer);
    static Record recordOf(const SavedRow &row);

    void addEvent(const SavedRow &row);
    void addEventPacket(Flow &flow, const Row &here, const Detail &detail, const std::string &comment);
    void addJoined(const Row &row, const PeerInfo &info);
    void addMessage(const SavedRow &row);
    void addFanOut(const SavedRow &row);
    void addPayload(Flow &flow, const Record &record, const SavedRow &row, const std::string &comment);
    void addPackets(Flow &flow, const Record &record, const std::string &comment);
    void addPacket(Flow &flow, std::int64_t time, bool outbound, std::uint8_t flags, const std::string &comment,
                   std::span<const std::byte> payload = {});
    std::string commentOf(const Row &row) const;
    void sayLater(PeerId peer, std::int64_t time, const std::string &comment);

    FlowTable m_flows;
    std::vector<bool> m_involved; // by peer: who occurs among the rows that are saved
    bool m_all = false;           // everybody does
    std::string m_pending;        // what was said of nobody, or of who has no packets of its own; for the next packet
    std::int64_t m_lastTime = 0;
    SavedTime m_time{SavedTime::As::Utc};
};

// Who matters for the rows that are saved: their connections are told of from the beginning.
PcapngWriter::PcapngWriter(const SaveContext &context)
    : SaveWriter(context)
{
    const ConversationView &conversation = request().conversation;
    if (conversation.peer() != kNoPeer || request().first == 0) {
        m_all = true;
        return;
    }
    for (std::size_t at = conversation.placeOf(request().first);
         at < conversation.size() && conversation.number(at) <= request().last && !m_all; ++at) {
        const Row &row = conversation.row(at);
        const auto *info = std::get_if<FanOutInfo>(&peers().detailOf(row));
        if (row.kind != RecordKind::FanOut) {
            involve(row.peer);
        } else if (info && info->only) {
            std::for_each(info->peers.begin(), info->peers.end(), [this](PeerId peer) { involve(peer); });
        } else {
            m_all = true;
        }
    }
}

void PcapngWriter::involve(PeerId peer)
{
    if (m_involved.size() <= peer) {
        m_involved.resize(peer + std::size_t{1});
    }
    m_involved[peer] = true;
}

void PcapngWriter::begin()
{
    pcapng::appendFileHeader(out().buffer(), request().application);
    if (!request().names.empty()) {
        appendNames(out().buffer(), request().names);
    }
}

// Messages before the selection are not in the file, and the sequence numbers do not count them: so it has no gaps.
void PcapngWriter::earlier(const Row &row)
{
    const bool isOfState = row.kind == RecordKind::Joined || row.kind == RecordKind::PeerFinished
        || row.kind == RecordKind::Finished || row.kind == RecordKind::Left;
    if (isOfState && isInvolved(row.peer)) {
        addEvent({.row = row});
    } else if (const auto *note = std::get_if<NoteInfo>(&peers().detailOf(row));
               note && note->code == NoteCode::Named && isInvolved(row.peer)) {
        pcapng::appendRecord(out().buffer(), recordOf({.row = row}), *note);
    }
}

Record PcapngWriter::recordOf(const SavedRow &row)
{
    return {.time = row.row.time,
            .data = row.bytes.data(),
            .size = static_cast<std::uint32_t>(row.bytes.size()),
            .peer = row.row.peer,
            .kind = row.row.kind};
}

std::string PcapngWriter::commentOf(const Row &row) const
{
    return peers().words(row).toStdString();
}

void PcapngWriter::add(const SavedRow &row)
{
    m_lastTime = row.row.time;
    if (row.row.kind == RecordKind::FanOut) {
        addFanOut(row);
    } else if (isMessage(row.row.kind)) {
        addMessage(row);
    } else {
        addEvent(row);
    }
}

void PcapngWriter::addMessage(const SavedRow &row)
{
    if (Flow *flow = m_flows.find(row.row.peer)) {
        addPayload(*flow, recordOf(row), row, row.isWhole ? std::string() : missingText(row).toStdString());
    } else { // of a peer whose beginning is no longer kept: no address, but nothing is lost
        pcapng::appendRecord(out().buffer(), recordOf(row), {});
    }
}

void PcapngWriter::addFanOut(const SavedRow &row)
{
    const Row &here = row.row;
    const auto *info = std::get_if<FanOutInfo>(&peers().detailOf(here));
    const PeerId reader = request().conversation.peer();
    const auto size = static_cast<std::uint32_t>(row.bytes.size());
    std::string comment = here.peer == kNoPeer ? std::string() : "relayed from " + peers().remote(here.peer).toStdString();
    if (!row.isWhole) {
        comment += (comment.empty() ? "" : ", ") + missingText(row).toStdString();
    }
    std::vector<PeerId> to{reader};
    if (reader == kNoPeer) {
        to = m_flows.recipients(here.peer, info);
    }
    for (const PeerId peer : to) {
        if (Flow *flow = m_flows.find(peer); flow && out().settle()) {
            // Counted by the table, for all of them at once; of one conversation, here.
            const std::uint32_t counted = flow->sent;
            Record sent = recordOf(row);
            sent.kind = RecordKind::Sent;
            sent.peer = peer;
            addPayload(*flow, sent, row, comment);
            flow->sent = reader == kNoPeer ? counted : flow->sent;
        }
    }
    if (reader == kNoPeer) {
        m_flows.fanOut(here.peer, info, size);
    }
}

void PcapngWriter::addPayload(Flow &flow, const Record &record, const SavedRow &row, const std::string &comment)
{
    if (!flow.isTcp() && !row.isWhole && row.bytes.empty()) { // it would be taken for an empty message, which is one
        sayLater(record.peer, record.time, comment);
        return;
    }
    if (flow.hasPackets() && (flow.isTcp() || record.size <= mostPayload(flow))) {
        addPackets(flow, record, comment);
        return;
    }
    pcapng::appendRecord(out().buffer(), record, {});
    if (!comment.empty()) {
        sayLater(record.peer, record.time, comment);
    }
}

// Of TCP, what other programs have captured may be more than is to be in one packet.
void PcapngWriter::addPackets(Flow &flow, const Record &record, const std::string &comment)
{
    std::span<const std::byte> bytes{record.data, record.size};
    std::string said = comment;
    do {
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), mostPayload(flow)));
        addPacket(flow, record.time, record.kind != RecordKind::Received, TcpPsh | TcpAck, said, part);
        said.clear();
        bytes = bytes.subspan(part.size());
    } while (!bytes.empty());
}

// With whose it is, and when.
void PcapngWriter::sayLater(PeerId peer, std::int64_t time, const std::string &comment)
{
    if (comment.empty() || m_pending.size() >= kLongestComment) {
        return;
    }
    const std::string who = peer == kNoPeer ? std::string() : peers().remote(peer).toStdString();
    m_pending
        += (m_pending.empty() ? "" : "\n") + m_time.text(time).toStdString() + ' ' + who + (who.empty() ? "" : "  ") + comment;
}

void PcapngWriter::addPacket(Flow &flow, std::int64_t time, bool outbound, std::uint8_t flags, const std::string &comment,
                             std::span<const std::byte> payload)
{
    std::string said = m_pending;
    m_pending.clear();
    said += (said.empty() || comment.empty() ? "" : "\n") + comment;
    said.resize(std::min(said.size(), kLongestComment));
    const std::uint32_t ours = m_flows.sentNumber(flow);
    const bool hasAck = (flags & TcpAck) != 0;
    pcapng::appendPacket(out().buffer(), flow,
                         {.time = time,
                          .outbound = outbound,
                          .flags = flags,
                          .sequence = outbound ? ours : flow.received,
                          .acknowledgement = !hasAck ? 0
                              : outbound             ? flow.received
                                                     : ours,
                          .payload = payload,
                          .comment = said});
    const bool counts = (flags & (TcpSyn | TcpFin)) != 0;
    (outbound ? flow.sent : flow.received) += static_cast<std::uint32_t>(payload.size()) + static_cast<std::uint32_t>(counts);
}

void PcapngWriter::addJoined(const Row &row, const PeerInfo &info)
{
    Flow &flow = m_flows.joined(row.peer, info);
    if (!flow.isTcp()) {                             // nothing goes over the wire before the first message
        sayLater(kNoPeer, row.time, commentOf(row)); // which says whose it is
        return;
    }
    const bool outgoing = flow.outgoing;
    (outgoing ? flow.sent : flow.received) = 0;
    (outgoing ? flow.received : flow.sent) = 0;
    addPacket(flow, row.time, outgoing, TcpSyn, commentOf(row));
    addPacket(flow, row.time, !outgoing, TcpSyn | TcpAck, {});
}

void PcapngWriter::addEvent(const SavedRow &row)
{
    const Row &here = row.row;
    const Detail &detail = peers().detailOf(here);
    pcapng::appendRecord(out().buffer(), recordOf(row), detail);
    if (const auto *info = std::get_if<PeerInfo>(&detail); info && here.kind == RecordKind::Joined) {
        addJoined(here, *info);
        return;
    }
    const std::string comment = commentOf(here);
    Flow *flow = m_flows.find(here.peer);
    if (flow && flow->isTcp()) {
        addEventPacket(*flow, here, detail, comment);
    } else {
        // Of a peer whose beginning is not there, nobody knows who it is.
        sayLater(flow ? here.peer : kNoPeer, here.time, comment);
        if (here.kind == RecordKind::Finished) {
            m_flows.finished(here.peer);
        }
    }
    if (here.kind == RecordKind::Left) {
        m_flows.left(here.peer);
    }
}

void PcapngWriter::addEventPacket(Flow &flow, const Row &here, const Detail &detail, const std::string &comment)
{
    const auto *left = std::get_if<LeftInfo>(&detail);
    if (here.kind == RecordKind::PeerFinished) {
        addPacket(flow, here.time, false, TcpFin | TcpAck, comment);
    } else if (here.kind == RecordKind::Finished) {
        m_flows.finished(here.peer);
        addPacket(flow, here.time, true, TcpFin | TcpAck, comment);
    } else if (here.kind == RecordKind::Left && left && left->reason == LeftReason::ResetByPeer) {
        addPacket(flow, here.time, false, TcpRst | TcpAck, comment);
    } else if (here.kind == RecordKind::Left && left && left->reason == LeftReason::ResetByUs) {
        addPacket(flow, here.time, true, TcpRst | TcpAck, comment);
    } else {
        addPacket(flow, here.time, true, TcpAck, comment); // it says nothing but this
    }
}

void PcapngWriter::end()
{
    if (!m_pending.empty()) {
        m_pending.resize(std::min(m_pending.size(), kLongestComment));
        appendLastComment(out().buffer(), m_lastTime, m_pending);
    }
}

} // namespace

std::unique_ptr<SaveWriter> makePcapngWriter(const SaveContext &context)
{
    return std::make_unique<PcapngWriter>(context);
}

} // namespace tincan

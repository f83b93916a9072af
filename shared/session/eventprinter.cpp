// SPDX-License-Identifier: MIT
#include "session/eventprinter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "base/peertext.h"
#include "session/words.h"

namespace tincan {

namespace {

const char *reasonWord(LeftReason reason)
{
    switch (reason) {
    case LeftReason::BothFinished:
        return "both-finished";
    case LeftReason::DisconnectedByUs:
        return "disconnected-by-us";
    case LeftReason::ResetByUs:
        return "reset-by-us";
    case LeftReason::ResetByPeer:
        return "reset-by-peer ECONNRESET";
    case LeftReason::BrokenPipe:
        return "broken-pipe EPIPE";
    case LeftReason::ChildDied:
        return "child-died";
    case LeftReason::Forgotten:
        return "forgotten";
    case LeftReason::Unseen:
        return "unseen";
    case LeftReason::Failed:
        break;
    }
    return "failed";
}

constexpr bool isPlain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kTops = 0x8080808080808080;

// The top bit of each byte of `word` that is less than `byte` (at most 0x80). Exact for the lowest such byte; above it a borrow
// may tell of a neighbour that is not. (The well-known "haszero" and "hasless" of word-at-a-time string functions.)
constexpr std::uint64_t bytesBelow(std::uint64_t word, unsigned char byte)
{
    return (word - kOnes * byte) & ~word & kTops;
}

// How many bytes at the front stand for themselves. Eight at a time: under load, looking at each byte costs more than the copy.
std::size_t plainRun(const char *bytes, std::size_t size)
{
    std::size_t run = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (; size - run >= sizeof(std::uint64_t); run += sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes + run, sizeof word);
            const std::uint64_t others = (word & kTops) | bytesBelow(word, 0x20) | bytesBelow(word ^ (kOnes * 0x7f), 1)
                | bytesBelow(word ^ (kOnes * '"'), 1) | bytesBelow(word ^ (kOnes * '\\'), 1);
            if (others != 0) {
                return run + static_cast<std::size_t>(std::countr_zero(others)) / 8;
            }
        }
    }
    while (run < size && isPlain(static_cast<unsigned char>(bytes[run]))) {
        ++run;
    }
    return run;
}

// Printable ASCII as it is, the named escapes, \xHH for the rest.
void appendEscaped(std::string &into, const char *bytes, std::size_t size)
{
    static constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t at = 0; at < size; ++at) {
        const std::size_t run = plainRun(bytes + at, size - at);
        into.append(bytes + at, run);
        at += run;
        if (at == size) {
            return;
        }
        const auto byte = static_cast<unsigned char>(bytes[at]);
        into += '\\';
        switch (byte) {
        case '\n':
            into += 'n';
            break;
        case '\r':
            into += 'r';
            break;
        case '\t':
            into += 't';
            break;
        case '"':
        case '\\':
            into += static_cast<char>(byte);
            break;
        default:
            into += 'x';
            into += kHex[byte >> 4U];
            into += kHex[byte & 15U];
        }
    }
}

// Blanks separate the parts of a line.
std::string oneWord(const std::string &text)
{
    std::string word;
    for (const char c : text) {
        c == ' ' ? word += "\\x20" : word += c;
    }
    return word;
}

std::string placeOf(const ListenInfo &info)
{
    const std::string where = oneWord(plainText(info.local.toString()));
    return info.transport == Transport::Tcp ? where : std::string(transportWord(info.transport)) + ' ' + where;
}

} // namespace

EventPrinter::EventPrinter(OutputWriter &out, bool several)
    : m_out(out)
    , m_several(several)
{
}

void EventPrinter::print(const Batch &batch)
{
    if (m_isLost) {
        return;
    }
    m_lines.clear();
    for (const Record &record : batch.records) {
        printRecord(batch, record);
    }
    m_isLost = !m_out.write(m_lines); // nobody reads any more; the server serves on
}

const EventPrinter::Known &EventPrinter::known(PeerId peer) const
{
    static const Known kNobody;
    const auto found = m_known.find(peer);
    return found == m_known.end() ? kNobody : found->second;
}

void EventPrinter::event(const char *word, const Record &record)
{
    m_lines.append(word).append(" ").append(known(record.peer).name).append("\n");
}

void EventPrinter::payload(const char *word, std::string_view whom, const Record &record)
{
    std::array<char, 16> count{};
    const int length = std::snprintf(count.data(), count.size(), " %u \"", record.size);
    m_lines.append(word).append(" ").append(whom).append(count.data(), static_cast<std::size_t>(length));
    appendEscaped(m_lines, reinterpret_cast<const char *>(record.data), record.size);
    m_lines += "\"\n";
}

void EventPrinter::note(const Record &record, const NoteInfo &note)
{
    const Known &peer = known(record.peer);
    m_lines.append("note ");
    if (!peer.name.empty()) {
        m_lines.append(peer.name).append(": ");
    }
    m_lines.append(noteText(note, peer.transport).toStdString()).append("\n");
}

void EventPrinter::printRecord(const Batch &batch, const Record &record)
{
    switch (record.kind) {
    case RecordKind::Listening:
        if (const auto *info = batch.detailOf<ListenInfo>(record)) {
            const std::string where = placeOf(*info);
            m_lines.append("listening ").append(where).append("\n");
            m_listening = true;
            m_listeners.resize(std::max<std::size_t>(m_listeners.size(), info->id + std::size_t{1}));
            m_listeners[info->id] = where;
        }
        break;
    case RecordKind::Stopped:
        m_lines += "stopped";
        if (const auto *info = batch.detailOf<StoppedInfo>(record); info && m_several && info->id < m_listeners.size()) {
            m_lines.append(" ").append(m_listeners[info->id]);
        }
        m_lines += '\n';
        break;
    case RecordKind::Joined:
        if (const auto *info = batch.detailOf<PeerInfo>(record)) {
            m_known[record.peer] = {oneWord(peerText(*info)), info->transport};
        }
        event("joined", record);
        break;
    case RecordKind::Received:
        payload("received", known(record.peer).name, record);
        break;
    case RecordKind::Sent:
        payload("sent", known(record.peer).name, record);
        break;
    case RecordKind::Refused:
        payload("refused", known(record.peer).name, record);
        break;
    case RecordKind::FanOut:
        record.peer == kNoPeer ? payload("sent", "all", record) : payload("relayed", known(record.peer).name, record);
        break;
    case RecordKind::PeerFinished:
        event("peer-finished", record);
        break;
    case RecordKind::Finished:
        event("finished", record);
        break;
    case RecordKind::Left:
        m_lines.append("left ").append(known(record.peer).name);
        if (const auto *info = batch.detailOf<LeftInfo>(record)) {
            m_lines.append(" ").append(reasonWord(info->reason));
            if (info->reason == LeftReason::Failed) {
                m_lines.append(" ").append(errnoName(info->error.code));
            }
        }
        m_lines += '\n';
        m_known.erase(record.peer);
        break;
    case RecordKind::Note:
        // The first line is where it listens: which answer it began with is known to whoever gave it.
        if (const auto *info = batch.detailOf<NoteInfo>(record); info && m_listening) {
            note(record, *info);
        }
        break;
    default:
        break;
    }
}

} // namespace tincan

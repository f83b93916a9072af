// SPDX-License-Identifier: MIT
// The blocks of pcapng.h that only Tincan knows: records and marks.
#include "transcript/pcapng.h"

#include "transcript/blockparts.h"
#include "transcript/detailcodec.h"

namespace tincan::pcapng {

namespace {

constexpr std::uint32_t kEchoFlag = 0x100; // beside the kind: the payload stands further up in the file

std::size_t appendOwn(ByteBuffer &into, std::uint32_t kind, const Record &record, const Detail &detail)
{
    const std::size_t at = begin(into, kCustom);
    into.put(kEnterprise);
    into.put(kMark);
    into.put(kind);
    into.put(record.peer);
    into.put(record.time);
    into.put(record.size);
    const std::size_t detailSizeAt = into.size();
    into.put(std::uint32_t{0});
    encodeDetail(detail, into);
    const auto detailSize = static_cast<std::uint32_t>(into.size() - detailSizeAt - sizeof(std::uint32_t));
    std::memcpy(const_cast<std::byte *>(into.data()) + detailSizeAt, &detailSize, sizeof detailSize); // NOLINT
    into.pad();
    const std::size_t payload = into.size();
    into.append(record.data, record.size);
    into.pad();
    end(into, at);
    return payload;
}

} // namespace

std::size_t appendRecord(ByteBuffer &into, const Record &record, const Detail &detail)
{
    return appendOwn(into, static_cast<std::uint32_t>(record.kind), record, detail);
}

void appendEcho(ByteBuffer &into, const Record &record, std::uint64_t back)
{
    const std::size_t at = begin(into, kCustom);
    into.put(kEnterprise);
    into.put(kMark);
    into.put(static_cast<std::uint32_t>(record.kind) | kEchoFlag);
    into.put(record.peer);
    into.put(record.time);
    into.put(record.size);
    into.put(std::uint32_t{0}); // no detail
    into.put(back);
    end(into, at);
}

namespace {

constexpr std::size_t kOwnFixed = 32;

// The kind in a custom block of ours, a record's or a mark's.
std::optional<std::uint32_t> ownKind(const Block &block)
{
    const std::span<const std::byte> body = block.body;
    if (block.type != kCustom || body.size() < kOwnFixed || load<std::uint32_t>(body, 0) != kEnterprise
        || load<std::uint32_t>(body, 4) != kMark) {
        return {};
    }
    return load<std::uint32_t>(body, 8);
}

OwnRecord fixedPart(std::span<const std::byte> body)
{
    OwnRecord own;
    own.record.peer = load<std::uint32_t>(body, 12);
    own.record.time = load<std::int64_t>(body, 16);
    own.record.size = load<std::uint32_t>(body, 24);
    return own;
}

// Detail and payload.
bool readRest(std::span<const std::byte> body, OwnRecord &own)
{
    const auto detailSize = load<std::uint32_t>(body, 28);
    const std::size_t payloadAt = kOwnFixed + (std::size_t{detailSize} + 3) / 4 * 4;
    if (own.record.size > kMaxMessage || detailSize > body.size() - kOwnFixed || payloadAt + own.record.size > body.size()) {
        return false;
    }
    auto detail = decodeDetail(body.subspan(kOwnFixed, detailSize));
    if (!detail) {
        return false;
    }
    own.detail = std::move(*detail);
    own.record.data = body.data() + payloadAt;
    return true;
}

} // namespace

std::optional<OwnRecord> recordOf(const Block &block)
{
    const auto marked = ownKind(block);
    if (!marked || (*marked & ~kEchoFlag) > static_cast<std::uint32_t>(RecordKind::Call)) {
        return {};
    }
    OwnRecord own = fixedPart(block.body);
    own.record.kind = static_cast<RecordKind>(*marked & ~kEchoFlag);
    if ((*marked & kEchoFlag) != 0) {
        if (own.record.kind != RecordKind::Sent || own.record.size > kMaxMessage
            || block.body.size() < kOwnFixed + sizeof own.back) {
            return {};
        }
        own.back = load<std::uint64_t>(block.body, kOwnFixed);
        return own;
    }
    if (!readRest(block.body, own)) {
        return {};
    }
    return own;
}

namespace {

// The numbers behind a mark's detail.
struct BeginNumbers {
    std::uint64_t session;
    std::uint64_t segment;
};
struct CarriedNumbers {
    std::int64_t finished;
    std::int64_t peerFinished;
    std::uint32_t sent;
    std::uint32_t received;
    std::uint32_t inRoom;
    std::uint32_t shadowed;
};
struct EndNumbers {
    std::uint64_t messages;
    std::uint64_t lost;
    std::uint64_t discarded;
};

template<typename Numbers>
void putMark(ByteBuffer &into, Mark mark, PeerId peer, std::int64_t time, const Detail &detail, const Numbers &numbers)
{
    Record record;
    record.peer = peer;
    record.time = time;
    record.size = sizeof numbers;
    record.data = reinterpret_cast<const std::byte *>(&numbers);
    appendOwn(into, static_cast<std::uint32_t>(mark), record, detail);
}

template<typename Numbers>
std::optional<Numbers> numbersOf(const OwnRecord &own)
{
    if (own.record.size < sizeof(Numbers)) {
        return {};
    }
    Numbers numbers;
    std::memcpy(&numbers, own.record.data, sizeof numbers);
    return numbers;
}

std::optional<AnyMark> beginOf(const OwnRecord &own)
{
    const auto numbers = numbersOf<BeginNumbers>(own);
    return numbers ? std::optional<AnyMark>(Begin{numbers->session, numbers->segment, own.record.time, own.record.peer})
                   : std::nullopt;
}

std::optional<AnyMark> carriedOf(OwnRecord &own)
{
    const auto numbers = numbersOf<CarriedNumbers>(own);
    auto *info = std::get_if<PeerInfo>(&own.detail);
    if (!numbers || !info) {
        return {};
    }
    Carried carried;
    carried.peer = own.record.peer;
    carried.info = std::move(*info);
    carried.joined = own.record.time;
    carried.finished = numbers->finished;
    carried.peerFinished = numbers->peerFinished;
    carried.sent = numbers->sent;
    carried.received = numbers->received;
    carried.inRoom = numbers->inRoom != 0;
    carried.shadowed = numbers->shadowed != 0;
    return carried;
}

std::optional<AnyMark> endOf(const OwnRecord &own)
{
    const auto numbers = numbersOf<EndNumbers>(own);
    return numbers ? std::optional<AnyMark>(End{own.record.time, numbers->messages, numbers->lost, numbers->discarded})
                   : std::nullopt;
}

} // namespace

void appendMark(ByteBuffer &into, const Begin &begin)
{
    putMark(into, Mark::Begin, begin.lastPeer, begin.time, {}, BeginNumbers{begin.session, begin.segment});
}

void appendMark(ByteBuffer &into, const Carried &carried)
{
    putMark(into, Mark::Carried, carried.peer, carried.joined, carried.info,
            CarriedNumbers{carried.finished, carried.peerFinished, carried.sent, carried.received,
                           static_cast<std::uint32_t>(carried.inRoom), static_cast<std::uint32_t>(carried.shadowed)});
}

void appendMark(ByteBuffer &into, const End &end)
{
    putMark(into, Mark::End, kNoPeer, end.time, {}, EndNumbers{end.messages, end.lost, end.discarded});
}

std::optional<AnyMark> markOf(const Block &block)
{
    const auto kind = ownKind(block);
    if (!kind || *kind < static_cast<std::uint32_t>(Mark::Begin) || *kind > static_cast<std::uint32_t>(Mark::End)) {
        return {};
    }
    OwnRecord own = fixedPart(block.body);
    if (!readRest(block.body, own)) {
        return {};
    }
    switch (static_cast<Mark>(*kind)) {
    case Mark::Begin:
        return beginOf(own);
    case Mark::Carried:
        return carriedOf(own);
    case Mark::End:
        break;
    }
    return endOf(own);
}

} // namespace tincan::pcapng

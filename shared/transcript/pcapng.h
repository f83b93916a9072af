// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "base/record.h"
#include "transcript/bytebuffer.h"
#include "transcript/flowtable.h"

namespace tincan::pcapng {

// The parts of pcapng (draft-ietf-opsawg-pcapng) that a session file is made of, little-endian: a Section Header Block (§4.1),
// one Interface Description Block (§4.2: LINKTYPE_RAW, nanoseconds), then Enhanced Packet Blocks (§4.3) and Custom Blocks (§4.8).

inline constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
inline constexpr std::uint32_t kInterface = 1;
inline constexpr std::uint32_t kNameResolution = 4;      // §4.5; this and the next in saved sessions only
inline constexpr std::uint32_t kInterfaceStatistics = 5; // §4.6
inline constexpr std::uint32_t kEnhancedPacket = 6;
inline constexpr std::uint32_t kCustom = 0x00000BAD;
inline constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
inline constexpr std::uint16_t kLinkTypeRaw = 101;
// RFC 5612 reserves this private enterprise number for documentation. No number has been assigned to Tincan; ours are told from
// other people's by the mark that follows it.
inline constexpr std::uint32_t kEnterprise = 32473;
inline constexpr std::uint32_t kMark = 0x4e434e54; // "TNCN"

// Appends the section header and the interface description.
void appendFileHeader(ByteBuffer &into, std::string_view application);

// Appends one packet of the flow, which has packets: a TCP segment, or a UDP datagram, of which flags and numbers say nothing.
// At most mostPayload() bytes. Returns where its payload begins, from the beginning of the buffer.
struct Segment {
    std::int64_t time = 0; // ns since 1970
    bool outbound = false;
    std::uint8_t flags = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::span<const std::byte> payload;
    std::string_view comment;
};
std::size_t appendPacket(ByteBuffer &into, const Flow &flow, const Segment &segment);

// Appends what no packet says: a record, its detail and its payload. Returns where the payload begins.
std::size_t appendRecord(ByteBuffer &into, const Record &record, const Detail &detail);

// Appends a Sent record whose bytes stand in the file already, `back` bytes before this block begins: an echo, under load.
void appendEcho(ByteBuffer &into, const Record &record, std::uint64_t back);

// What a session says of itself, in custom blocks that are no records.
enum class Mark : std::uint32_t {
    Begin = 0x200,   // where a segment of a session begins, or where recording goes on; then all who are there:
    Carried = 0x201, // one of those
    End = 0x202,     // of a session that was ended in an orderly way; the last block
};
struct Begin {
    std::uint64_t session = 0; // the same in all its segments
    std::uint64_t segment = 1;
    std::int64_t time = 0;
    PeerId lastPeer = kNoPeer; // the highest number that was given
};
struct Carried {
    PeerId peer = kNoPeer;
    PeerInfo info;
    std::int64_t joined = 0;
    std::int64_t finished = 0;     // our FIN; 0: not yet
    std::int64_t peerFinished = 0; // the peer's; 0: not yet
    std::uint32_t sent = 0;        // next sequence numbers
    std::uint32_t received = 0;
    bool inRoom = false;
    bool shadowed = false; // see Flow
};
struct End {
    std::int64_t time = 0;
    std::uint64_t messages = 0;  // recorded
    std::uint64_t lost = 0;      // could not be recorded
    std::uint64_t discarded = 0; // by the session's limit
};
void appendMark(ByteBuffer &into, const Begin &begin);
void appendMark(ByteBuffer &into, const Carried &carried);
void appendMark(ByteBuffer &into, const End &end);
constexpr std::size_t kEndBlockSize = 12 + 32 + 4 + 24; // of the last one

// ---- reading

struct Block {
    std::uint32_t type = 0;
    std::span<const std::byte> body; // without type and lengths
    std::span<const std::byte> whole;
};
// The block at the beginning of `bytes`; nothing where it is torn or none.
std::optional<Block> firstBlock(std::span<const std::byte> bytes);

struct Packet {
    std::int64_t time = 0;
    bool outbound = false;
    std::span<const std::byte> bytes;
};
std::optional<Packet> packetOf(const Block &block);

struct OwnRecord {
    Record record;          // data points into the block; of an echo: nullptr
    std::uint64_t back = 0; // of an echo: its bytes are that far before the block
    Detail detail;
};
std::optional<OwnRecord> recordOf(const Block &block);

using AnyMark = std::variant<Begin, Carried, End>;
std::optional<AnyMark> markOf(const Block &block);

// What a section header says of the program that wrote it; nothing where the block is none, or of a machine of the other order.
std::optional<std::string_view> applicationOf(const Block &block);

} // namespace tincan::pcapng

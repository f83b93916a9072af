// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/record.h"
#include "transcript/bytebuffer.h"
#include "transcript/flowtable.h"

namespace tincan::pcapng {

// The parts of pcapng (draft-ietf-opsawg-pcapng) that a session file is made of, little-endian: a Section Header Block (§4.1),
// one Interface Description Block (§4.2: LINKTYPE_RAW, nanoseconds), then Enhanced Packet Blocks (§4.3) and Custom Blocks (§4.8).

inline constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
inline constexpr std::uint32_t kInterface = 1;
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

// Appends one packet of the flow. Returns where its payload begins, from the beginning of the buffer.
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

} // namespace tincan::pcapng

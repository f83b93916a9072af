// SPDX-License-Identifier: MIT
#include "transcript/pcapng.h"

#include "transcript/blockparts.h"
#include "transcript/packet.h"

namespace tincan::pcapng {

namespace {

// Option codes (§3.5, §4.1, §4.2, §4.3).
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kUserApplication = 4;
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kPacketFlags = 2;
constexpr std::uint32_t kInbound = 1;
constexpr std::uint32_t kOutbound = 2;
constexpr std::size_t kBlockOverhead = 12;

void option(ByteBuffer &into, std::uint16_t code, const void *value, std::size_t size)
{
    into.put(code);
    into.put(static_cast<std::uint16_t>(size));
    into.append(value, size);
    into.pad();
}

void endOptions(ByteBuffer &into)
{
    into.put(kEndOfOptions);
    into.put(std::uint16_t{0});
}

// The direction in epb_flags; inbound where it does not say.
bool isOutbound(std::span<const std::byte> options)
{
    while (options.size() >= 4) {
        const auto code = load<std::uint16_t>(options, 0);
        const auto size = load<std::uint16_t>(options, 2);
        const std::size_t padded = 4 + (size + 3U) / 4 * 4;
        if (code == kEndOfOptions || padded > options.size()) {
            break;
        }
        if (code == kPacketFlags && size == 4) {
            return (load<std::uint32_t>(options, 4) & 3U) == kOutbound;
        }
        options = options.subspan(padded);
    }
    return false;
}

} // namespace

void appendFileHeader(ByteBuffer &into, std::string_view application)
{
    std::size_t at = begin(into, kSectionHeader);
    into.put(kByteOrderMagic);
    into.put(std::uint16_t{1});
    into.put(std::uint16_t{0});
    into.put(std::int64_t{-1}); // the section's length is not known
    option(into, kUserApplication, application.data(), application.size());
    endOptions(into);
    end(into, at);

    at = begin(into, kInterface);
    into.put(kLinkTypeRaw);
    into.put(std::uint16_t{0});
    into.put(std::uint32_t{0}); // no limit to a packet's length
    constexpr std::string_view kName = "sockets";
    option(into, kInterfaceName, kName.data(), kName.size());
    constexpr std::uint8_t kNanoseconds = 9;
    option(into, kTimeResolution, &kNanoseconds, 1);
    endOptions(into);
    end(into, at);
}

std::size_t appendPacket(ByteBuffer &into, const Flow &flow, const Segment &segment)
{
    const auto time = static_cast<std::uint64_t>(segment.time);
    const auto size = static_cast<std::uint32_t>(headerSize(flow) + segment.payload.size());
    const std::size_t at = begin(into, kEnhancedPacket);
    into.put(std::uint32_t{0}); // the interface
    into.put(static_cast<std::uint32_t>(time >> 32U));
    into.put(static_cast<std::uint32_t>(time));
    into.put(size);
    into.put(size);
    if (flow.isTcp()) {
        appendHeaders(into, flow, segment.outbound, segment.flags, segment.sequence, segment.acknowledgement,
                      static_cast<std::uint32_t>(segment.payload.size()));
    } else {
        appendDatagramHeaders(into, flow, segment.outbound, segment.payload);
    }
    const std::size_t payload = into.size();
    into.append(segment.payload.data(), segment.payload.size());
    into.pad();
    const std::uint32_t direction = segment.outbound ? kOutbound : kInbound;
    option(into, kPacketFlags, &direction, sizeof direction);
    if (!segment.comment.empty()) {
        option(into, kComment, segment.comment.data(), segment.comment.size());
    }
    endOptions(into);
    end(into, at);
    return payload;
}

std::optional<Block> firstBlock(std::span<const std::byte> bytes)
{
    if (bytes.size() < kBlockOverhead) {
        return {};
    }
    const auto length = load<std::uint32_t>(bytes, 4);
    if (length < kBlockOverhead || length % 4 != 0 || length > bytes.size() || load<std::uint32_t>(bytes, length - 4) != length) {
        return {};
    }
    return Block{load<std::uint32_t>(bytes, 0), bytes.subspan(8, length - kBlockOverhead), bytes.first(length)};
}

std::optional<Packet> packetOf(const Block &block)
{
    constexpr std::size_t kFixed = 20;
    if (block.type != kEnhancedPacket || block.body.size() < kFixed) {
        return {};
    }
    const auto captured = load<std::uint32_t>(block.body, 12);
    const std::size_t padded = (std::size_t{captured} + 3) / 4 * 4;
    if (padded > block.body.size() - kFixed) {
        return {};
    }
    const std::uint64_t time = (std::uint64_t{load<std::uint32_t>(block.body, 4)} << 32U) | load<std::uint32_t>(block.body, 8);
    return Packet{static_cast<std::int64_t>(time), isOutbound(block.body.subspan(kFixed + padded)),
                  block.body.subspan(kFixed, captured)};
}

std::optional<std::string_view> applicationOf(const Block &block)
{
    constexpr std::size_t kFixed = 16;
    if (block.type != kSectionHeader || block.body.size() < kFixed || load<std::uint32_t>(block.body, 0) != kByteOrderMagic) {
        return {};
    }
    std::span<const std::byte> options = block.body.subspan(kFixed);
    while (options.size() >= 4) {
        const auto code = load<std::uint16_t>(options, 0);
        const auto size = load<std::uint16_t>(options, 2);
        const std::size_t padded = 4 + (size + 3U) / 4 * 4;
        if (code == kEndOfOptions || padded > options.size()) {
            break;
        }
        if (code == kUserApplication) {
            return std::string_view(reinterpret_cast<const char *>(options.data()) + 4, size);
        }
        options = options.subspan(padded);
    }
    return std::string_view();
}

} // namespace tincan::pcapng

// SPDX-License-Identifier: MIT
#include "transcript/sectionedcapture.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "transcript/pcapng.h"

namespace tincan {

namespace {

__extension__ using Wide = __int128;

constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::size_t kOverhead = 12;       // type, and the length twice
constexpr std::size_t kFixedOfSection = 16; // magic, version, length
constexpr std::size_t kFixedOfInterface = 8;
constexpr std::size_t kFixedOfPacket = 20;
constexpr std::size_t kFixedOfSimple = 4;
constexpr std::size_t kWholeBlock = 256 * 1024; // larger ones have their options left unread
constexpr std::size_t kMostInterfaces = 65'536;
constexpr std::size_t kMostText = 4096;

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kUserApplication = 4;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kTimeOffset = 14;

std::string_view asText(std::span<const std::byte> value)
{
    const std::size_t size = std::min(value.size(), kMostText);
    return {reinterpret_cast<const char *>(value.data()), size};
}

std::int64_t saturated(Wide value)
{
    constexpr Wide kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(value, kLeast, kMost));
}

} // namespace

// The highest bit: a power of two, else of ten.
void SectionedCapture::Interface::setResolution(std::uint8_t coded)
{
    constexpr std::uint8_t kPowerOfTwo = 0x80;
    constexpr unsigned kNano = 9;
    constexpr unsigned kMostDigits = 19; // that 64 bits can divide by
    const unsigned exponent = coded & 0x7fU;
    shift = 0;
    divisor = 1;
    multiplier = 1;
    if ((coded & kPowerOfTwo) != 0) {
        shift = exponent;
        multiplier = 1'000'000'000;
        return;
    }
    for (unsigned i = exponent; i < kNano; ++i) {
        multiplier *= 10;
    }
    for (unsigned i = kNano; i < exponent && divisor != 0; ++i) {
        divisor = i - kNano < kMostDigits ? divisor * 10 : 0;
    }
}

std::int64_t SectionedCapture::Interface::nanoseconds(std::uint64_t ticks) const
{
    constexpr Wide kSecond = 1'000'000'000;
    const Wide since = divisor == 0 ? Wide{0} : Wide{ticks} * Wide{multiplier} / Wide{divisor};
    return saturated((since >> shift) + Wide{secondsLater} * kSecond);
}

bool SectionedCapture::isSectionHeader(std::span<const std::byte> head)
{
    constexpr std::size_t kLeast = 12;
    return head.size() >= kLeast && ByteOrder().load32(head, 0) == pcapng::kSectionHeader
        && (ByteOrder(false).load32(head, 8) == pcapng::kByteOrderMagic
            || ByteOrder(true).load32(head, 8) == pcapng::kByteOrderMagic);
}

SectionedCapture::SectionedCapture(UniqueFd fd, std::uint64_t size)
    : CaptureFile(std::move(fd), size)
{
}

// False where the bytes there are no whole block.
bool SectionedCapture::readBlock(Block &into)
{
    const auto head = m_window.at(m_at, kOverhead);
    if (head.size() < kOverhead) {
        return false;
    }
    if (m_order.load32(head, 0) == pcapng::kSectionHeader) { // reads the same both ways
        if (!isSectionHeader(head)) {
            return false;
        }
        m_order = ByteOrder(ByteOrder().load32(head, 8) != pcapng::kByteOrderMagic);
    }
    into.type = m_order.load32(head, 0);
    const std::uint32_t length = m_order.load32(head, 4);
    if (length < kOverhead || length % 4 != 0 || length > size() - m_at) {
        return false;
    }
    std::array<std::byte, 4> last{};
    const std::span<const std::byte> bytes = m_window.at(m_at, std::min<std::size_t>(length, kWholeBlock));
    if (bytes.size() < std::min<std::size_t>(length, kWholeBlock)) {
        return false;
    }
    if (length <= kWholeBlock) {
        std::copy_n(bytes.end() - 4, 4, last.begin());
    } else {
        int error = 0;
        readFile(fd(), m_at + length - 4, last, &error);
    }
    into.bodySize = length - static_cast<std::uint32_t>(kOverhead);
    into.body = bytes.subspan(8, std::min<std::size_t>(into.bodySize, bytes.size() - 8));
    into.offset = m_at + 8;
    return m_order.load32(last, 0) == length;
}

CaptureFile::Item SectionedCapture::next(CapturedPacket &into)
{
    while (m_at < size()) {
        Block block;
        if (!readBlock(block)) {
            return cut();
        }
        const std::uint64_t behind = m_at + block.bodySize + kOverhead;
        into = {};
        m_comment.clear();
        switch (block.type) {
        case pcapng::kSectionHeader:
            if (!startSection(block)) {
                return cut();
            }
            break;
        case pcapng::kInterface:
            addInterface(block);
            break;
        case pcapng::kEnhancedPacket:
        case kOldPacket:
            takePacket(block, into);
            m_at = behind;
            return Item::Packet;
        case kSimplePacket:
            takeSimplePacket(block, into);
            m_at = behind;
            return Item::Packet;
        default:
            break;
        }
        m_at = behind;
        if (!m_comment.empty()) {
            into.comment = m_comment;
            return Item::Comment;
        }
    }
    return Item::End;
}

template<typename See>
void SectionedCapture::forEachOption(const Block &block, std::size_t from, See see) const
{
    constexpr std::size_t kHead = 4;
    while (from <= block.body.size() && block.body.size() - from >= kHead) {
        const std::uint16_t code = m_order.load16(block.body, from);
        const std::uint16_t size = m_order.load16(block.body, from + 2);
        from += kHead;
        if (code == kEndOfOptions || size > block.body.size() - from) {
            return;
        }
        see(code, block.body.subspan(from, size));
        from += (size + 3U) / 4 * 4;
    }
}

bool SectionedCapture::startSection(const Block &block)
{
    if (block.body.size() < kFixedOfSection || m_order.load16(block.body, 4) != 1) {
        return false; // another version: its blocks may be anything
    }
    m_interfaces.clear();
    forEachOption(block, kFixedOfSection, [this](std::uint16_t code, std::span<const std::byte> value) {
        if (code == kUserApplication && m_application.empty()) {
            m_application = asText(value);
        } else if (code == kComment && m_comment.empty()) {
            m_comment = asText(value);
        }
    });
    return true;
}

void SectionedCapture::addInterface(const Block &block)
{
    if (block.body.size() < kFixedOfInterface || m_interfaces.size() >= kMostInterfaces) {
        return;
    }
    Interface added;
    added.linkType = m_order.load16(block.body, 0);
    added.snapLength = m_order.load32(block.body, 4);
    forEachOption(block, kFixedOfInterface, [&](std::uint16_t code, std::span<const std::byte> value) {
        if (code == kTimeResolution && value.size() == 1) {
            added.setResolution(std::to_integer<std::uint8_t>(value[0]));
        } else if (code == kTimeOffset && value.size() == sizeof(std::uint64_t)) {
            added.secondsLater = static_cast<std::int64_t>(m_order.load64(value, 0));
        }
    });
    m_interfaces.push_back(added);
}

// `captured` and `original` are set: says where the bytes are, or that they cannot be.
void SectionedCapture::place(const Block &block, std::size_t fixed, CapturedPacket &into) const
{
    if (into.captured > block.bodySize - fixed) {
        into.captured = 0;
        into.damaged = true;
        return;
    }
    into.offset = block.offset + fixed;
    into.original = std::max(into.original, into.captured);
    into.head = block.body.subspan(fixed, std::min<std::size_t>(into.captured, CapturedPacket::kMostHead));
}

void SectionedCapture::takePacket(const Block &block, CapturedPacket &into)
{
    into.time = m_lastTime;
    if (block.body.size() < kFixedOfPacket) {
        into.damaged = true;
        return;
    }
    // The old one has 16 bits for the interface and 16 for how many were dropped.
    const std::uint32_t number = block.type == kOldPacket ? m_order.load16(block.body, 0) : m_order.load32(block.body, 0);
    if (number >= m_interfaces.size()) {
        into.damaged = true;
        return;
    }
    const Interface &interface = m_interfaces[number];
    const std::uint64_t ticks = (std::uint64_t{m_order.load32(block.body, 4)} << 32U) | m_order.load32(block.body, 8);
    into.time = m_lastTime = interface.nanoseconds(ticks);
    into.linkType = interface.linkType;
    into.captured = m_order.load32(block.body, 12);
    into.original = m_order.load32(block.body, 16);
    place(block, kFixedOfPacket, into);
    if (!into.damaged) {
        const std::size_t padded = (std::size_t{into.captured} + 3) / 4 * 4;
        forEachOption(block, kFixedOfPacket + padded, [&](std::uint16_t code, std::span<const std::byte> value) {
            if (code == kComment && into.comment.empty()) {
                into.comment = asText(value);
            }
        });
    }
}

void SectionedCapture::takeSimplePacket(const Block &block, CapturedPacket &into)
{
    into.time = m_lastTime;
    if (block.body.size() < kFixedOfSimple || m_interfaces.empty()) {
        into.damaged = true;
        return;
    }
    const Interface &interface = m_interfaces.front();
    into.linkType = interface.linkType;
    into.original = m_order.load32(block.body, 0);
    const std::uint32_t limit = interface.snapLength > 0 ? interface.snapLength : UINT32_MAX;
    into.captured = std::min({into.original, limit, block.bodySize - static_cast<std::uint32_t>(kFixedOfSimple)});
    place(block, kFixedOfSimple, into);
}

} // namespace tincan

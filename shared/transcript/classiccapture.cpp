// SPDX-License-Identifier: MIT
#include "transcript/classiccapture.h"

#include <algorithm>

#include "transcript/byteorder.h"

namespace tincan {

namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kModified = 0xa1b2cd34;
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kPacketHeader = 16;
constexpr std::size_t kModifiedHeader = 24;         // and interface, protocol and kind of packet
constexpr std::uint32_t kLinkTypeMask = 0x03ffffff; // above: how long the frame check sequence is

} // namespace

std::optional<ClassicCapture::Format> ClassicCapture::formatOf(std::span<const std::byte> head)
{
    if (head.size() < kFileHeader) {
        return {};
    }
    for (const bool swapped : {false, true}) {
        const ByteOrder order(swapped);
        const std::uint32_t magic = order.load32(head, 0);
        if (magic == kMicroseconds || magic == kNanoseconds || magic == kModified) {
            constexpr std::uint16_t kLastExchanged = 3; // 2.0 to 2.3
            return Format{swapped, magic == kNanoseconds, order.load16(head, 4) == 2 && order.load16(head, 6) <= kLastExchanged,
                          magic == kModified ? kModifiedHeader : kPacketHeader, order.load32(head, 20) & kLinkTypeMask};
        }
    }
    return {};
}

ClassicCapture::ClassicCapture(UniqueFd fd, std::uint64_t size, const Format &format)
    : CaptureFile(std::move(fd), size)
    , m_format(format)
{
    m_at = std::min<std::uint64_t>(kFileHeader, size);
}

CaptureFile::Item ClassicCapture::next(CapturedPacket &into)
{
    if (m_at == size()) {
        return Item::End;
    }
    const auto bytes = m_window.at(m_at, m_format.beforeEach + CapturedPacket::kMostHead);
    if (bytes.size() < m_format.beforeEach) {
        return cut();
    }
    const ByteOrder order(m_format.swapped);
    into = {};
    into.captured = order.load32(bytes, 8);
    into.original = order.load32(bytes, 12);
    if (m_format.exchanged && into.captured > into.original) {
        std::swap(into.captured, into.original);
    }
    const std::size_t there = std::min<std::size_t>(into.captured, CapturedPacket::kMostHead);
    if (into.captured > size() - m_at - m_format.beforeEach || there > bytes.size() - m_format.beforeEach) {
        return cut();
    }
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t part = order.load32(bytes, 4);
    into.time = order.load32(bytes, 0) * kSecond + (m_format.nanoseconds ? part : part * 1000);
    into.offset = m_at + m_format.beforeEach;
    into.original = std::max(into.original, into.captured);
    into.linkType = m_format.linkType;
    into.head = bytes.subspan(m_format.beforeEach, there);
    m_at = into.offset + into.captured;
    return Item::Packet;
}

} // namespace tincan

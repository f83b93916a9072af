// SPDX-License-Identifier: MIT
#include "transcript/lenscutter.h"

#include <algorithm>
#include <cstring>

namespace tincan {

namespace {

constexpr auto kStx = std::byte{0x02};
constexpr auto kEtx = std::byte{0x03};

// Where the first one of `wanted` is; the size where there is none.
std::size_t find(std::span<const std::byte> bytes, std::byte wanted)
{
    const void *found = bytes.empty() ? nullptr : std::memchr(bytes.data(), std::to_integer<int>(wanted), bytes.size());
    return found ? static_cast<std::size_t>(static_cast<const std::byte *>(found) - bytes.data()) : bytes.size();
}

std::vector<std::uint32_t> fallbackOf(const QByteArray &delimiter)
{
    std::vector<std::uint32_t> fallback(static_cast<std::size_t>(delimiter.size()) + 1, 0);
    std::uint32_t fits = 0;
    for (qsizetype at = 1; at < delimiter.size(); ++at) {
        while (fits > 0 && delimiter[at] != delimiter[fits]) {
            fits = fallback[fits];
        }
        fits += static_cast<std::uint32_t>(delimiter[at] == delimiter[fits]);
        fallback[static_cast<std::size_t>(at) + 1] = fits;
    }
    return fallback;
}

} // namespace

LensCutter::LensCutter(Lens lens)
    : m_lens(std::move(lens))
{
    if (m_lens.kind == Lens::Kind::Lines || m_lens.delimiter.isEmpty()) {
        m_lens.delimiter = "\n";
    }
    m_fallback = fallbackOf(m_lens.delimiter);
}

void LensCutter::cut(const ConversationView &conversation, RowNumber number, std::span<const std::byte> bytes, Cuts &into)
{
    const Row &row = conversation.rowOf(number);
    if (!isMessage(row.kind) || row.size == 0) {
        into.begun.push_back({number, 0, row.size, 0});
        return;
    }
    Stream &stream = m_streams[conversation.streamOf(row)];
    if (bytes.size() < row.size) {
        end(stream);
        into.begun.push_back({number, 0, row.size, 0});
        return;
    }
    constexpr std::int64_t kNanoseconds = 1'000'000;
    if (m_lens.kind == Lens::Kind::IdleGap && row.time - stream.lastTime > m_lens.gapMilliseconds * kNanoseconds) {
        end(stream);
    }
    stream.lastTime = row.time;
    for (std::uint32_t from = 0; from < bytes.size();) {
        const bool begins = stream.piece == Stream::kNone;
        Taken taken = take(stream, bytes.subspan(from));
        const std::uint32_t room = kLongest - stream.size;
        if (taken.count > room) { // what follows begins anew, as if a message ended here
            taken = {room, true};
        }
        if (begins) {
            begin(stream, {number, from, 0, static_cast<std::uint32_t>(stream.broken)}, into);
        }
        grow(stream, taken.count, into);
        from += static_cast<std::uint32_t>(taken.count);
        if (taken.ends) {
            end(stream);
        }
    }
}

LensCutter::Taken LensCutter::take(Stream &stream, std::span<const std::byte> bytes) const
{
    switch (m_lens.kind) {
    case Lens::Kind::Lines:
    case Lens::Kind::Delimiter:
        return takeDelimited(stream, bytes);
    case Lens::Kind::LengthHeader:
        return takeMeasured(stream, bytes);
    case Lens::Kind::StxEtx:
        return takeFramed(stream, bytes);
    case Lens::Kind::Reads:
        return {bytes.size(), true};
    case Lens::Kind::IdleGap:
        break; // only time ends it
    }
    return {bytes.size(), false};
}

LensCutter::Taken LensCutter::takeDelimited(Stream &stream, std::span<const std::byte> bytes) const
{
    const auto *wanted = reinterpret_cast<const std::byte *>(m_lens.delimiter.constData());
    const auto size = static_cast<std::uint32_t>(m_lens.delimiter.size());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (stream.have == 0) {
            at += find(bytes.subspan(at), wanted[0]);
            if (at == bytes.size()) {
                break;
            }
        }
        while (stream.have > 0 && bytes[at] != wanted[stream.have]) {
            stream.have = m_fallback[stream.have];
        }
        stream.have += static_cast<std::uint32_t>(bytes[at] == wanted[stream.have]);
        if (stream.have == size) {
            return {at + 1, true};
        }
    }
    return {bytes.size(), false};
}

LensCutter::Taken LensCutter::takeMeasured(Stream &stream, std::span<const std::byte> bytes) const
{
    if (stream.broken) {
        return {bytes.size(), true};
    }
    const auto before = static_cast<std::uint32_t>(m_lens.headerOffset);
    const std::uint32_t header = before + static_cast<std::uint32_t>(m_lens.headerSize);
    std::size_t at = 0;
    if (stream.have < header) {
        for (; at < bytes.size() && stream.have < header; ++at, ++stream.have) {
            const auto byte = std::to_integer<std::uint64_t>(bytes[at]);
            if (stream.have >= before) {
                stream.value = m_lens.bigEndian ? stream.value << 8U | byte : stream.value | byte << (8 * (stream.have - before));
            }
        }
        if (stream.have < header) {
            return {at, false};
        }
        if (stream.value > kLongest - header || (m_lens.inclusive && stream.value < header)) {
            stream.broken = true;
            return {bytes.size(), true};
        }
        stream.missing = m_lens.inclusive ? stream.value - header : stream.value;
    }
    const std::size_t count = std::min<std::uint64_t>(stream.missing, bytes.size() - at);
    stream.missing -= count;
    return {at + count, stream.missing == 0};
}

LensCutter::Taken LensCutter::takeFramed(Stream &stream, std::span<const std::byte> bytes)
{
    if (stream.piece == Stream::kNone) {
        stream.inFrame = bytes.front() == kStx;
    }
    const std::size_t at = find(bytes, stream.inFrame ? kEtx : kStx);
    if (at == bytes.size()) {
        return {at, false};
    }
    return {at + static_cast<std::size_t>(stream.inFrame), true};
}

void LensCutter::begin(Stream &stream, Piece piece, Cuts &into) const
{
    stream.piece = m_first + static_cast<std::uint32_t>(into.begun.size());
    into.begun.push_back(piece);
}

void LensCutter::grow(Stream &stream, std::size_t count, Cuts &into) const
{
    stream.size += static_cast<std::uint32_t>(count);
    if (stream.piece >= m_first) {
        Piece &piece = into.begun[stream.piece - m_first];
        piece.size = stream.size;
        piece.broken = static_cast<std::uint32_t>(stream.broken);
    } else if (count > 0) {
        into.grown.push_back({stream.piece, stream.size, stream.broken});
    }
}

void LensCutter::end(Stream &stream)
{
    const Stream ended = stream;
    stream = {};
    stream.lastTime = ended.lastTime;
    stream.broken = ended.broken;
}

} // namespace tincan

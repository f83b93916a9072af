// SPDX-License-Identifier: MIT
#pragma once

#ifdef TINCAN_FUZZ

#include <cstring>
#include <random>
#include <vector>

#include "fuzz/choices.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);

namespace tincan::fuzz {

using Bytes = std::vector<std::uint8_t>;

inline std::uint32_t lengthAt(const std::uint8_t *at, bool swapped)
{
    std::uint32_t length = 0;
    std::memcpy(&length, at, sizeof length);
    return swapped ? __builtin_bswap32(length) : length;
}

// Changes a pcapng file as a whole file again: otherwise nearly every change is but one more torn block. The bytes before
// `prefix` are left alone. 0: it is none.
inline std::size_t mutateBlocks(std::uint8_t *data, std::size_t size, std::size_t most, std::size_t prefix, unsigned seed)
{
    constexpr std::size_t kFrame = 12; // type, length, length
    if (size < prefix + 28 || lengthAt(data + prefix, false) != 0x0a0d0d0a) {
        return 0;
    }
    const bool swapped = lengthAt(data + prefix + 8, false) != 0x1a2b3c4d;
    std::vector<Bytes> blocks;
    std::size_t at = prefix;
    while (size - at >= kFrame) {
        const std::size_t length = lengthAt(data + at + 4, swapped);
        if (length < kFrame || length % 4 != 0 || length > size - at) {
            break;
        }
        blocks.emplace_back(data + at, data + at + length);
        at += length;
    }
    if (blocks.empty()) {
        return 0;
    }
    const Bytes tail(data + at, data + size);
    std::minstd_rand random(seed);
    const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random()) % end; };
    const std::size_t which = below(blocks.size());
    switch (below(8)) {
    case 0:
        blocks.insert(blocks.begin() + static_cast<std::ptrdiff_t>(below(blocks.size() + 1)), Bytes(blocks[which]));
        break;
    case 1:
        blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(which));
        break;
    case 2:
        std::swap(blocks[which], blocks[below(blocks.size())]);
        break;
    default: {
        Bytes &block = blocks[which];
        Bytes body(block.begin() + 8, block.end() - 4);
        const std::size_t before = body.size();
        body.resize(before + 64);
        // Mostly of the same size: what is in a block has its own lengths.
        std::size_t now = before == 0 ? 0 : LLVMFuzzerMutate(body.data(), before, below(3) == 0 ? before + 64 : before);
        now = (now + 3) / 4 * 4;
        body.resize(now);
        Bytes changed(block.begin(), block.begin() + 4);
        const auto length = static_cast<std::uint32_t>(now + kFrame);
        const std::uint32_t coded = swapped ? __builtin_bswap32(length) : length;
        const auto *raw = reinterpret_cast<const std::uint8_t *>(&coded);
        changed.insert(changed.end(), raw, raw + 4);
        changed.insert(changed.end(), body.begin(), body.end());
        changed.insert(changed.end(), raw, raw + 4);
        block = std::move(changed);
    }
    }
    Bytes all(data, data + prefix);
    for (const Bytes &block : blocks) {
        all.insert(all.end(), block.begin(), block.end());
    }
    all.insert(all.end(), tail.begin(), tail.end());
    if (all.size() > most) {
        return 0;
    }
    std::copy(all.begin(), all.end(), data);
    return all.size();
}

} // namespace tincan::fuzz

// Now whole blocks, now any bytes.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t most, unsigned seed)
{
    const std::size_t made = seed % 4 == 0 ? 0 : tincan::fuzz::mutateBlocks(data, size, most, kPrefix, seed / 4);
    return made > 0 ? made : LLVMFuzzerMutate(data, size, most);
}

#endif

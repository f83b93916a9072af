// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "transcript/byteorder.h"
#include "transcript/capturefile.h"

namespace tincan {

// pcapng (draft-ietf-opsawg-pcapng): sections, each in the byte order of the machine that wrote it, with interfaces that packets
// refer to. Blocks that are none of packets are passed over.
class SectionedCapture final : public CaptureFile
{
public:
    static bool isSectionHeader(std::span<const std::byte> head);

    SectionedCapture(UniqueFd fd, std::uint64_t size);

    Item next(CapturedPacket &into) override;

private:
    struct Interface {
        std::uint32_t linkType = 0;
        std::uint32_t snapLength = 0; // 0: no limit
        // Ticks to ns: · multiplier / divisor >> shift; divisor 0: finer than anything that counts
        std::uint64_t multiplier = 1000;
        std::uint64_t divisor = 1;
        unsigned shift = 0;
        std::int64_t secondsLater = 0;

        void setResolution(std::uint8_t coded);
        std::int64_t nanoseconds(std::uint64_t ticks) const;
    };
    struct Block {
        std::uint32_t type = 0;
        std::uint32_t bodySize = 0;      // of which
        std::span<const std::byte> body; // is at hand: all, unless it is very large
        std::uint64_t offset = 0;        // of the body in the file
    };

    bool readBlock(Block &into);
    bool startSection(const Block &block);
    void addInterface(const Block &block);
    void takePacket(const Block &block, CapturedPacket &into);
    void takeSimplePacket(const Block &block, CapturedPacket &into);
    void place(const Block &block, std::size_t fixed, CapturedPacket &into) const;
    template<typename See>
    void forEachOption(const Block &block, std::size_t from, See see) const;

    ByteOrder m_order;
    std::vector<Interface> m_interfaces; // of this section
    std::int64_t m_lastTime = 0;         // for packets that have none
    std::string m_comment;
};

} // namespace tincan

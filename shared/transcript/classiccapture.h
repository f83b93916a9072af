// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "transcript/capturefile.h"

namespace tincan {

// pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then packets with 16 before each; in the byte order of the machine that
// wrote it. Also with nanoseconds, and as modified by Kuznetzov (24 bytes before each packet).
class ClassicCapture final : public CaptureFile
{
public:
    struct Format {
        bool swapped = false;
        bool nanoseconds = false;
        bool exchanged = false;     // old files may have the two lengths the other way round
        std::size_t beforeEach = 0; // bytes before each packet
        std::uint32_t linkType = 0;
    };
    // Nothing where the bytes do not begin such a file.
    static std::optional<Format> formatOf(std::span<const std::byte> head);

    ClassicCapture(UniqueFd fd, std::uint64_t size, const Format &format);

    Item next(CapturedPacket &into) override;

private:
    Format m_format;
};

} // namespace tincan

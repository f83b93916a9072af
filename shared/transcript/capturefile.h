// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <QString>

#include "base/result.h"
#include "base/uniquefd.h"
#include "transcript/filewindow.h"

namespace tincan {

// One packet of a capture: where it stands in the file, and its first bytes.
struct CapturedPacket {
    std::int64_t time = 0;           // ns since 1970
    std::uint64_t offset = 0;        // of the first captured byte in the file
    std::uint32_t captured = 0;      // bytes that the file has got
    std::uint32_t original = 0;      // bytes that the packet had; at least `captured`
    std::uint32_t linkType = 0;      // LINKTYPE_…
    std::span<const std::byte> head; // the first captured bytes: all, or kMostHead
    std::string_view comment;        // of pcapng; empty: none
    bool damaged = false;            // its block contradicts itself: only the time may be right

    static constexpr std::size_t kMostHead = 1024; // more than all headers of a packet
};

// A file in one of the formats of captures, read from front to back. It is never believed: any bytes whatsoever may stand in it.
// One thread.
class CaptureFile
{
public:
    enum class Item : std::uint8_t {
        Packet,
        Comment, // of the section: only `comment` is set
        End,     // also where the rest is torn: cutBytes()
        Failed,  // cannot be read: error()
    };

    // Any thread. Error: of open(2) with the path, or {0, Parse, what it is instead of a capture}.
    static Result<std::unique_ptr<CaptureFile>> open(const QString &path);

    CaptureFile(const CaptureFile &) = delete;
    CaptureFile &operator=(const CaptureFile &) = delete;
    virtual ~CaptureFile() = default;

    // What comes next; spans and views stay until the next call.
    virtual Item next(CapturedPacket &into) = 0;

    int fd() const noexcept { return m_fd.get(); }
    std::uint64_t size() const noexcept { return m_window.size(); }
    std::uint64_t position() const noexcept { return m_at; }
    std::uint64_t cutBytes() const noexcept { return m_cut; }
    int error() const noexcept { return m_window.error(); }
    // What wrote it, in its own words; known once its section header has been read.
    const std::string &application() const noexcept { return m_application; }

protected:
    CaptureFile(UniqueFd fd, std::uint64_t size)
        : m_fd(std::move(fd))
        , m_window(m_fd.get(), size)
    {
    }
    // The end: whatever is left is no whole packet.
    Item cut()
    {
        if (m_window.error() != 0) {
            return Item::Failed;
        }
        m_cut += size() - m_at;
        m_at = size();
        return Item::End;
    }

    UniqueFd m_fd;
    FileWindow m_window;
    std::uint64_t m_at = 0; // of the next packet or block
    std::uint64_t m_cut = 0;
    std::string m_application;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include <QString>

#include "base/result.h"
#include "transcript/recordingplace.h"
#include "transcript/segmentfile.h"

namespace tincan {

// The files of a session that is being recorded: one, or segments of which the oldest go when the session takes more room than it
// may. Offsets are those of Row::offset: they go on over all segments, as if they were one file. Written by one thread (the
// recorder's), read by any.
class SegmentStore
{
public:
    // Before anything else. Error: as openRecordingPlace().
    Result<void> open(const RecordingPlace &place);
    bool isOpen() const noexcept { return !m_pieces.empty(); }
    const QString &path() const noexcept { return m_path; } // of the first segment; any thread
    bool hasSegments() const noexcept { return m_kind != RecordingPlace::Kind::File; }

    // ---- the writing thread

    std::uint64_t end() const noexcept { return m_end; } // offset of what is written next
    std::uint64_t number() const noexcept { return m_number; }

    // Whether the segment has no room for `more` bytes from here on.
    bool isFull(std::uint64_t more) const noexcept { return m_end + more > m_fullAt; }

    // Begins a new segment. Where that cannot be (errno's value is returned), the old one goes on, and isFull() is false for a
    // while.
    int beginSegment();

    // Appends bytes that hold so many messages. 0, or errno's value: then nothing of it stays in the file, and a segment of which
    // nothing was written is gone.
    int write(std::span<const std::byte> bytes, std::uint64_t messages);

    // After a failure: whether there is room to go on, and then a new segment has begun where there are segments. 0 or errno's
    // value.
    int resume();

    // Gives back what was reserved of the disk. When nothing more is written to the segment.
    void trim();

    // What was discarded since the last call.
    struct Discarded {
        std::uint64_t messages = 0;
        bool forFreeSpace = false; // else because of the session's total
    };
    std::optional<Discarded> takeDiscarded();
    std::uint64_t discardedMessages() const noexcept { return m_allDiscarded; }

    // ---- any thread: as PayloadSource, and nothing of a write that has not succeeded yet
    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const;

private:
    SegmentFile &current() noexcept { return *m_pieces.back(); }
    void add(OpenedPlace place);
    void publishPieces();
    int makeRoom();
    void keepTotal();
    void discardOldest(bool forFreeSpace);
    void dropCurrent();
    std::uint64_t freeBytes() const;

    RecordingPlace::Kind m_kind = RecordingPlace::Kind::Nowhere;
    RecordingLimits m_limits;
    QString m_path;
    SegmentFiles m_pieces; // the writing thread's
    std::uint64_t m_end = 0;
    std::uint64_t m_number = 1;
    std::uint64_t m_fullAt = UINT64_MAX;
    std::uint64_t m_checkAt = UINT64_MAX; // the disk is looked at when this is passed
    std::optional<Discarded> m_discarded;
    std::uint64_t m_allDiscarded = 0;
    bool m_hasReserved = false; // behind the end of the current segment

    // What m_end was after the last write that succeeded. What stands behind it may go again, and something else come there.
    std::atomic<std::uint64_t> m_readableEnd = 0;
    mutable std::mutex m_mutex;
    std::shared_ptr<const SegmentFiles> m_readable; // guarded by m_mutex; a reader keeps what it reads open
};

} // namespace tincan

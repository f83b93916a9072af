// SPDX-License-Identifier: MIT
#pragma once

#include "transcript/recordwriter.h"
#include "transcript/segmentstore.h"

namespace tincan {

// A session on its way to the disk: records as blocks, gathered, written to its segments. The recorder's thread, but for open()
// and what says otherwise.
class SessionWriter
{
public:
    // Before the thread starts. Opens the file and writes its header.
    Result<void> open(const RecordingPlace &place, const QString &application);

    bool isOpen() const noexcept { return m_store.isOpen(); }
    const QString &path() const noexcept { return m_store.path(); } // any thread
    const SegmentStore &store() const noexcept { return m_store; }

    void beginBatch(bool echoesOnce) { m_records.beginBatch(echoesOnce); }

    // Whether a new segment should begin before this record. flush(), then beginSegment().
    bool wantsSegment(const Record &record) const noexcept
    {
        const std::uint64_t at = m_store.end() + m_buffer.size();
        return m_store.isFull(m_buffer.size() + record.size + kBlockRoom) && at > m_beginsAt && !m_broken;
    }
    void beginSegment();

    // Gathers the record. Returns where its payload begins (see Row::offset); kNotRecorded after a failure.
    std::uint64_t append(const Batch &batch, const Record &record);

    std::size_t gathered() const noexcept { return m_buffer.size(); }

    // Writes what was gathered. 0, or errno's value: then that is not kept, nor what comes until resume() succeeds.
    int flush();
    bool isBroken() const noexcept { return m_broken; }

    // Tries to go on after a failure. 0, or errno's value.
    int resume(std::int64_t time);
    std::uint64_t lostMessages() const noexcept { return m_lost; } // of this failure, or of the last one
    std::optional<SegmentStore::Discarded> takeDiscarded() { return m_store.takeDiscarded(); }
    const RecordingLimits &limits() const noexcept { return m_limits; }

    // Writes the session's end; the last thing.
    int end(std::int64_t time);

private:
    static constexpr std::uint64_t kBlockRoom = 512; // headers and details of a record, but for long lists

    void putHeader(std::int64_t time, bool whole);

    RecordingLimits m_limits;
    SegmentStore m_store;
    RecordWriter m_records;
    ByteBuffer m_buffer;
    std::string m_application;
    std::uint64_t m_session = 0;
    std::uint64_t m_beginsAt = 0; // where the segment's records begin
    std::uint64_t m_gatheredMessages = 0;
    std::uint64_t m_messages = 0; // written
    std::uint64_t m_lost = 0;
    std::uint64_t m_allLost = 0;
    bool m_broken = false;
};

} // namespace tincan

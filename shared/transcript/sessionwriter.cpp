// SPDX-License-Identifier: MIT
#include "transcript/sessionwriter.h"

#include <cerrno>
#include <random>

#include "base/clock.h"
#include "transcript/row.h"

namespace tincan {

Result<void> SessionWriter::open(const RecordingPlace &place, const QString &application)
{
    if (Result<void> opened = m_store.open(place); !opened) {
        return opened;
    }
    m_limits = place.limits;
    m_application = application.toStdString();
    std::random_device random;
    m_session = (std::uint64_t{random()} << 32U) | random();
    if (m_store.isOpen()) {
        putHeader(wallNanoseconds(), true);
        if (const int error = flush(); error != 0) {
            return fail(error, CallName::Write, m_store.path().toStdString());
        }
    }
    return {};
}

// `whole`: of a file; else only what says that there is a gap.
void SessionWriter::putHeader(std::int64_t time, bool whole)
{
    if (whole) {
        pcapng::appendFileHeader(m_buffer, m_application);
    }
    m_records.appendState(m_buffer, {m_session, m_store.number(), time, kNoPeer});
    m_beginsAt = m_store.end() + m_buffer.size();
}

void SessionWriter::beginSegment()
{
    if (!m_broken && m_store.beginSegment() == 0) {
        putHeader(wallNanoseconds(), true);
    }
}

std::uint64_t SessionWriter::append(const Batch &batch, const Record &record)
{
    const std::uint64_t payloadAt = m_records.append(m_buffer, m_store.end(), batch, record);
    m_gatheredMessages += static_cast<std::uint64_t>(hasPayload(record.kind));
    return m_broken && hasPayload(record.kind) ? kNotRecorded : payloadAt;
}

int SessionWriter::flush()
{
    const std::uint64_t messages = std::exchange(m_gatheredMessages, 0);
    int error = 0;
    if (!m_broken && m_buffer.size() > 0) {
        error = m_store.write(m_buffer.bytes(), messages);
        if (error != 0) {
            m_broken = true;
            m_lost = 0;
        }
    }
    if (m_broken) {
        m_lost += messages;
        m_allLost += messages;
    } else {
        m_messages += messages;
    }
    m_buffer.clear();
    return error;
}

int SessionWriter::resume(std::int64_t time)
{
    if (const int error = m_store.resume(); error != 0) {
        return error;
    }
    m_buffer.clear();
    putHeader(time, m_store.hasSegments());
    const int error = m_store.write(m_buffer.bytes(), 0);
    m_buffer.clear();
    m_broken = error != 0;
    return error;
}

int SessionWriter::end(std::int64_t time)
{
    if (m_broken) {
        return 0;
    }
    pcapng::appendMark(m_buffer, pcapng::End{time, m_messages, m_allLost, m_store.discardedMessages()});
    const int error = flush();
    m_store.trim();
    return error;
}

} // namespace tincan

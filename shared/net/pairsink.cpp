// SPDX-License-Identifier: MIT
#include "net/pairsink.h"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace tincan {

void PairSink::publish(Batch &batch)
{
    for (const Record &record : batch.records) {
        add(batch, record);
    }
    sayProgress();
    batch.clear();
}

void PairSink::begin()
{
    if (m_frame.empty()) {
        WireWriter(m_frame).put(FrameKind::Records);
    }
}

void PairSink::add(const Batch &batch, const Record &record)
{
    static const Detail none;
    const Detail &detail = record.detail < batch.details.size() ? batch.details[record.detail] : none;
    begin();
    const std::size_t before = m_frame.size();
    put(record, detail);
    if (m_frame.size() > kMaxFrame && before > sizeof(FrameKind)) { // make it again: what it refers to is in the other frame
        m_frame.resize(before);
        ship(FrameKind::Part);
        begin();
        put(record, detail);
    }
}

void PairSink::put(const Record &record, const Detail &detail)
{
    const bool isAgain = record.data && record.data == m_lastData && record.size == m_lastSize;
    WireWriter writer(m_frame);
    writer.put(RecordHead{record.time, record.size, static_cast<std::uint8_t>(record.kind), static_cast<std::uint8_t>(isAgain)});
    if (!isAgain) {
        writer.raw({record.data, record.size});
    }
    writer.detail(detail);
    m_lastData = record.data;
    m_lastSize = record.size;
}

// In the last frame of what is published, so that whoever reads it has read all of that.
void PairSink::sayProgress()
{
    Progress now = m_progress ? m_progress() : m_told;
    if (now != m_told) {
        if (m_frame.size() + sizeof(RecordHead) + sizeof(Progress) + now.early.size() * sizeof(std::uint32_t) > kMaxFrame) {
            ship(FrameKind::Part);
        }
        begin();
        WireWriter writer(m_frame);
        writer.put(RecordHead{.kind = kProgress});
        writer.progress(now);
        now.early.clear();
        m_told = std::move(now);
    }
    ship();
}

// `kind`: of one that has records.
void PairSink::ship(FrameKind kind)
{
    m_lastData = nullptr;
    if (m_frame.empty()) {
        return;
    }
    if (kind == FrameKind::Part) {
        m_frame.front() = static_cast<std::byte>(kind);
    }
    if (m_out.empty() && write(m_frame)) {
        m_frame.clear();
        return;
    }
    m_outBytes += m_frame.size();
    m_out.push_back(std::exchange(m_frame, {}));
    m_congested = m_congested || m_outBytes > kMost;
}

void PairSink::sayDrained(std::uint32_t number)
{
    ship();
    WireWriter writer(m_frame);
    writer.put(FrameKind::Drained);
    writer.put(number);
    ship();
}

void PairSink::sayOptions(std::uint32_t number, const std::vector<OptionState> &states)
{
    ship();
    WireWriter writer(m_frame);
    writer.put(FrameKind::Options);
    writer.put(number);
    writer.options(states);
    ship();
}

// False where it has to wait.
bool PairSink::write(std::span<const std::byte> frame)
{
    ssize_t count = 0;
    do {
        count = m_sys.send(m_pair, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR);
    if (count < 0 && (errno == ENOBUFS || errno == ENOMEM)) {
        retryLater();
        return false;
    }
    if (count < 0 && errno == EAGAIN) {
        return false;
    }
    m_isBroken = m_isBroken || count < 0;
    return true;
}

void PairSink::retryLater()
{
    if (m_retryTimer == 0) {
        m_retryTimer = m_loop.runAt(m_loop.now() + kMemoryRetry, [this] {
            m_retryTimer = 0;
            flush();
        });
    }
}

void PairSink::flush()
{
    while (!m_out.empty() && write(m_out.front())) {
        m_outBytes -= m_out.front().size();
        m_out.pop_front();
    }
    m_congested = m_congested && m_outBytes > kMost / 2;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "net/pairsink.h"

#include <cerrno>

#include <sys/socket.h>

namespace tincan {

void PairSink::publish(Batch &batch)
{
    for (const Record &record : batch.records) {
        add(batch, record);
    }
    ship();
    batch.clear();
}

void PairSink::add(const Batch &batch, const Record &record)
{
    static const Detail none;
    const Detail &detail = record.detail < batch.details.size() ? batch.details[record.detail] : none;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const bool isAgain = record.data && record.data == m_lastData && record.size == m_lastSize;
        m_entry.clear();
        WireWriter writer(m_entry);
        writer.put(record.kind);
        writer.put(isAgain);
        writer.put(record.time);
        if (!isAgain) {
            writer.bytes({record.data, record.size});
        }
        writer.detail(detail);
        if (m_frame.empty() || m_frame.size() + m_entry.size() <= kMaxFrame) {
            break;
        }
        ship(); // and make it again: what it referred to is in the other frame
    }
    if (m_frame.empty()) {
        WireWriter(m_frame).put(FrameKind::Records);
    }
    m_frame.insert(m_frame.end(), m_entry.begin(), m_entry.end());
    m_lastData = record.data;
    m_lastSize = record.size;
}

void PairSink::ship()
{
    if (!m_frame.empty() && (!m_out.empty() || !write(m_frame))) {
        m_outBytes += m_frame.size();
        m_out.push_back(m_frame);
        m_congested = m_congested || m_outBytes > kMost;
    }
    m_frame.clear();
    m_lastData = nullptr;
}

void PairSink::sayDrained(std::uint32_t number)
{
    ship();
    WireWriter writer(m_frame);
    writer.put(FrameKind::Drained);
    writer.put(number);
    ship();
}

// False where it has to wait.
bool PairSink::write(std::span<const std::byte> frame)
{
    ssize_t count = 0;
    do {
        count = ::send(m_pair, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR);
    if (count < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
        return false;
    }
    m_isBroken = m_isBroken || count < 0;
    return true;
}

void PairSink::flush()
{
    while (!m_out.empty() && write(m_out.front())) {
        m_outBytes -= m_out.front().size();
        m_out.pop_front();
    }
    if (m_congested && m_outBytes <= kMost / 2) {
        m_congested = false;
        m_relieved();
    }
}

} // namespace tincan

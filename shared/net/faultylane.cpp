// SPDX-License-Identifier: MIT
#include "net/faultylane.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

namespace tincan {

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kOfAll = 1000; // Faults::dropPerMille

} // namespace

FaultyLane::FaultyLane(EventLoop &loop, Unit unit, const Faults &faults, std::uint32_t seed, std::function<void()> due)
    : m_loop(loop)
    , m_unit(unit)
    , m_faults(faults)
    , m_due(std::move(due))
    , m_left(faults.stopAfterBytes)
    , m_random(seed)
{
}

FaultyLane::~FaultyLane()
{
    m_loop.cancel(m_timer);
}

void FaultyLane::setFaults(const Faults &faults)
{
    m_faults = faults;
    m_left = faults.stopAfterBytes;
    if (!holds()) {
        m_waiting.clear();
        m_known = 0;
    }
    const TimePoint latest = m_loop.now() + milliseconds(std::uint64_t{faults.delayMilliseconds} + faults.jitterMilliseconds);
    for (Waiting &waiting : m_waiting) {
        waiting.due = std::min(waiting.due, latest);
    }
    arm();
}

bool FaultyLane::holds() const noexcept
{
    const bool isCut = m_unit == Unit::Bytes && m_faults.pieceBytes > 0;
    return isCut || m_faults.delayMilliseconds > 0 || m_faults.jitterMilliseconds > 0 || m_faults.stopAfterBytes > 0;
}

TimePoint FaultyLane::dueTime()
{
    TimePoint due = m_loop.now() + milliseconds(m_faults.delayMilliseconds);
    if (m_faults.jitterMilliseconds > 0) {
        due += milliseconds(std::uniform_int_distribution<std::uint32_t>(0, m_faults.jitterMilliseconds)(m_random));
    }
    return m_waiting.empty() ? due : std::max(due, m_waiting.back().due);
}

void FaultyLane::grown(std::size_t waiting)
{
    if (!holds() || waiting <= m_known) {
        return;
    }
    const std::size_t added = waiting - std::exchange(m_known, waiting);
    const TimePoint due = dueTime();
    if (!m_waiting.empty() && m_waiting.back().due == due) {
        m_waiting.back().units += added;
    } else {
        m_waiting.push_back({added, due});
    }
    arm();
}

bool FaultyLane::isReady() const
{
    return !holds() || (!isStopped() && !m_waiting.empty() && m_waiting.front().due <= m_loop.now());
}

std::size_t FaultyLane::dueUnits() const
{
    std::size_t units = 0;
    for (const Waiting &waiting : m_waiting) {
        if (waiting.due > m_loop.now()) {
            break;
        }
        units += waiting.units;
    }
    return units;
}

std::size_t FaultyLane::limit(std::span<iovec> next) const
{
    if (!holds()) {
        return next.size();
    }
    if (isStopped()) {
        return 0;
    }
    std::size_t left = dueUnits();
    if (m_unit == Unit::Messages) {
        std::size_t count = 0;
        std::uint64_t bytes = 0; // the message that reaches the last byte is the last one
        while (count < std::min(left, next.size()) && (m_faults.stopAfterBytes == 0 || bytes < m_left)) {
            bytes += next[count++].iov_len;
        }
        return count;
    }
    if (m_faults.pieceBytes > 0) {
        left = std::min<std::size_t>(left, m_faults.pieceBytes);
    }
    if (m_faults.stopAfterBytes > 0) {
        left = static_cast<std::size_t>(std::min<std::uint64_t>(left, m_left));
    }
    std::size_t count = 0;
    for (; count < next.size() && left > 0; ++count) {
        next[count].iov_len = std::min(next[count].iov_len, left);
        left -= next[count].iov_len;
    }
    return count;
}

bool FaultyLane::took(std::size_t units, std::size_t bytes)
{
    m_known -= std::min(m_known, units);
    while (units > 0 && !m_waiting.empty()) {
        const std::size_t part = std::min(units, m_waiting.front().units);
        units -= part;
        m_waiting.front().units -= part;
        if (m_waiting.front().units == 0) {
            m_waiting.pop_front();
        }
    }
    if (m_faults.stopAfterBytes == 0 || m_left == 0 || bytes == 0) {
        arm();
        return false;
    }
    m_left -= std::min<std::uint64_t>(m_left, bytes);
    arm();
    return m_left == 0;
}

void FaultyLane::arm()
{
    m_loop.cancel(m_timer);
    if (!m_waiting.empty() && !isStopped() && m_waiting.front().due > m_loop.now()) {
        m_timer = m_loop.runAt(m_waiting.front().due, [this] {
            m_timer = 0;
            m_due();
        });
    }
}

int FaultyLane::sendFlags() const noexcept
{
    return m_unit == Unit::Bytes && m_faults.pieceBytes > 0 ? MSG_EOR : 0;
}

bool FaultyLane::drops()
{
    return m_faults.dropPerMille > 0
        && std::uniform_int_distribution<std::uint32_t>(0, kOfAll - 1)(m_random) < m_faults.dropPerMille;
}

void FaultyLane::countDropped(std::size_t bytes) noexcept
{
    ++m_droppedMessages;
    m_droppedBytes += bytes;
}

std::optional<NoteInfo> FaultyLane::takeDropped()
{
    if (m_droppedMessages == 0) {
        return {};
    }
    return NoteInfo{NoteCode::FaultsDropped,
                    static_cast<std::int64_t>(std::exchange(m_droppedMessages, 0)),
                    static_cast<std::int64_t>(std::exchange(m_droppedBytes, 0)),
                    {}};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <list>

#include "base/batch.h"
#include "net/eventloop.h"
#include "net/syscalls.h"
#include "net/wire.h"

namespace tincan {

// Writes records to the engine, in the process that serves a peer. What the pair has no room for waits here, and what the kernel
// has no memory for: that is tried again after some milliseconds. Loop thread only.
class PairSink final : public BatchSink
{
public:
    PairSink(EventLoop &loop, Syscalls &syscalls, int pair)
        : m_loop(loop)
        , m_sys(syscalls)
        , m_pair(pair)
    {
    }
    ~PairSink() override { m_loop.cancel(m_retryTimer); }

    void publish(Batch &batch) override;
    bool isCongested() const noexcept override { return m_congested; }
    void setRelieved(std::function<void()> /*relieved*/) override { } // whoever flushes it looks whether it is

    // What the engine is told behind the records that are published, where it is not what it was. Progress::early: once.
    void setProgress(std::function<Progress()> progress) { m_progress = std::move(progress); }
    void sayProgress();
    void sayDrained(std::uint32_t number);
    void sayOptions(std::uint32_t number, const std::vector<OptionState> &states);

    // There is room again, perhaps.
    void flush();
    // That it has room is to be told (EPOLLOUT). Not where it is memory that is missing: epoll(7) says all the while that there
    // is room.
    bool wantsRoom() const noexcept { return !m_out.empty() && m_retryTimer == 0; }
    bool isEmpty() const noexcept { return m_out.empty(); }
    bool isFull() const noexcept { return m_outBytes > kMostWaiting; } // nothing is to be done that has to be told
    bool isBroken() const noexcept { return m_isBroken; }              // the engine has gone

private:
    static constexpr std::size_t kMost = 256 * 1024;
    static constexpr std::size_t kMostWaiting = 1024 * 1024;
    void add(const Batch &batch, const Record &record);
    void begin();
    void put(const Record &record, const Detail &detail);
    void ship(FrameKind kind = FrameKind::Records);
    bool write(std::span<const std::byte> frame);
    void retryLater();

    EventLoop &m_loop;
    Syscalls &m_sys;
    int m_pair;
    EventLoop::TimerId m_retryTimer = 0;
    std::vector<std::byte> m_frame;        // that is being made
    const std::byte *m_lastData = nullptr; // the payload of the record before it, in this frame
    std::uint32_t m_lastSize = 0;
    std::list<std::vector<std::byte>> m_out;
    std::size_t m_outBytes = 0;
    std::function<Progress()> m_progress;
    Progress m_told;
    bool m_congested = false;
    bool m_isBroken = false;
};

} // namespace tincan

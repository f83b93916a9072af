// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace tincan {

// How many bytes are on their way from loop to loop. What is said faster than it can be handed on is to wait with its sender: as
// with a BatchSink, it is full until half of it is gone. Any thread.
class RelayGauge
{
public:
    // `relieved` is called in the thread that takes the last too many out.
    explicit RelayGauge(std::function<void()> relieved)
        : m_relieved(std::move(relieved))
    {
    }

    bool isFull() const noexcept { return m_full.load(std::memory_order_relaxed); }
    // So many bytes are on their way until what is returned is destroyed: run or not, a task that holds it has ended then.
    static std::shared_ptr<void> hold(std::shared_ptr<RelayGauge> gauge, std::size_t bytes)
    {
        gauge->add(bytes);
        RelayGauge *counted = gauge.get();
        return {counted, [gauge = std::move(gauge), bytes](RelayGauge * /*same*/) { gauge->take(bytes); }};
    }
    // Nobody is to be called any more. No take() is under way.
    void close() noexcept { m_closed.store(true); }

private:
    void add(std::size_t bytes)
    {
        if (m_bytes.fetch_add(bytes) + bytes > kMost) {
            m_full.store(true);
            // What was on its way may have arrived in between, and nobody would say so any more.
            if (m_bytes.load() <= kMost / 2 && m_full.exchange(false) && !m_closed.load()) {
                m_relieved();
            }
        }
    }
    void take(std::size_t bytes)
    {
        if (m_bytes.fetch_sub(bytes) - bytes <= kMost / 2 && m_full.exchange(false) && !m_closed.load()) {
            m_relieved();
        }
    }

    static constexpr std::size_t kMost = 16 * 1024 * 1024;
    std::atomic<std::size_t> m_bytes = 0;
    std::atomic<bool> m_full = false;
    std::atomic<bool> m_closed = false;
    std::function<void()> m_relieved;
};

} // namespace tincan

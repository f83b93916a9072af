// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include <sys/epoll.h>

#include "base/clock.h"
#include "base/uniquefd.h"

namespace tincan {

// What is called when a watched descriptor is ready. `events` as of epoll_wait(2).
class EventHandler
{
public:
    virtual void onEvents(std::uint32_t events) = 0;

protected:
    EventHandler() = default;
    EventHandler(const EventHandler &) = default;
    EventHandler &operator=(const EventHandler &) = default;
    ~EventHandler() = default;
};

// When a call is tried again for which the kernel had no memory (ENOBUFS, ENOMEM): epoll(7) tells nothing of that.
inline constexpr std::chrono::milliseconds kMemoryRetry{10};

// One epoll(7) set, level-triggered, with timers and tasks posted by other threads. Everything but post() and stop() belongs to
// the thread that calls run().
class EventLoop
{
public:
    using Task = std::function<void()>;
    using TimerId = std::uint64_t; // 0: none

    // `eventsPerTurn`: at most so many are fetched by one call.
    explicit EventLoop(std::size_t eventsPerTurn = 256);
    EventLoop(const EventLoop &) = delete;
    EventLoop &operator=(const EventLoop &) = delete;
    ~EventLoop() = default;

    // Runs turns until stop(). At the end of each turn `turnEnd` is called; what it returns bounds the next wait
    // (TimePoint::max(): no bound).
    void run(const std::function<TimePoint()> &turnEnd);

    // Any thread. The loop ends after the turn in which it hears of it.
    void stop();
    // Any thread. Tasks run in the order in which they were posted; the loop is woken once for all that wait.
    void post(Task task);
    // After run() has returned, its thread or one that has joined it: runs what was posted since.
    void runLeft();

    // A handler must stay alive until the end of the turn in which it was removed: events that were already fetched
    // may still be brought to it. 0 or errno.
    int add(int fd, std::uint32_t events, EventHandler *handler);
    int modify(int fd, std::uint32_t events, EventHandler *handler);
    void remove(int fd);

    TimerId runAt(TimePoint when, Task task);
    void cancel(TimerId &timer); // also sets it to 0

    // The time of this turn.
    TimePoint now() const noexcept { return m_now; }

private:
    void wait(TimePoint until);
    void runPosted();
    void runTimers();

    UniqueFd m_epoll;
    UniqueFd m_wake;
    std::atomic<bool> m_wakePending = false;
    std::atomic<bool> m_stop = false;
    bool m_woken = false; // by m_wake, in this turn
    std::mutex m_mutex;
    std::vector<Task> m_posted; // guarded by m_mutex
    std::vector<Task> m_running;
    std::map<std::pair<TimePoint, TimerId>, Task> m_timers;
    std::map<TimerId, TimePoint> m_timerTimes;
    TimerId m_lastTimer = 0;
    TimePoint m_now = Clock::now();
    std::vector<epoll_event> m_events; // filled by the kernel
};

} // namespace tincan

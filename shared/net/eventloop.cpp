// SPDX-License-Identifier: MIT
#include "net/eventloop.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace tincan {

EventLoop::EventLoop(std::size_t eventsPerTurn)
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_events(eventsPerTurn)
{
    if (!m_epoll || !m_wake || add(m_wake.get(), EPOLLIN, nullptr) != 0) {
        throw std::system_error(errno, std::generic_category(), "an event loop needs two descriptors");
    }
}

void EventLoop::run(const std::function<TimePoint()> &turnEnd)
{
    TimePoint bound = TimePoint::max();
    while (!m_stop.load(std::memory_order_acquire)) {
        wait(bound);
        runPosted();
        runTimers();
        bound = turnEnd();
    }
}

void EventLoop::stop()
{
    m_stop.store(true, std::memory_order_release);
    post([] {});
}

void EventLoop::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_posted.push_back(std::move(task));
    }
    if (!m_wakePending.exchange(true, std::memory_order_acq_rel)) {
        const std::uint64_t one = 1;
        while (::write(m_wake.get(), &one, sizeof one) < 0 && errno == EINTR) { }
    }
}

int EventLoop::add(int fd, std::uint32_t events, EventHandler *handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

int EventLoop::modify(int fd, std::uint32_t events, EventHandler *handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : errno;
}

void EventLoop::remove(int fd)
{
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
}

EventLoop::TimerId EventLoop::runAt(TimePoint when, Task task)
{
    const TimerId id = ++m_lastTimer;
    m_timers.emplace(std::pair(when, id), std::move(task));
    m_timerTimes.emplace(id, when);
    return id;
}

void EventLoop::cancel(TimerId &timer)
{
    if (const auto found = m_timerTimes.find(timer); found != m_timerTimes.end()) {
        m_timers.erase({found->second, timer});
        m_timerTimes.erase(found);
    }
    timer = 0;
}

void EventLoop::wait(TimePoint until)
{
    if (!m_timers.empty()) {
        until = std::min(until, m_timers.begin()->first.first);
    }
    int milliseconds = -1;
    if (until != TimePoint::max()) {
        // Rounded up, so that a timer is due when it is looked at.
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        milliseconds = static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
    }
    const int count = ::epoll_wait(m_epoll.get(), m_events.data(), static_cast<int>(m_events.size()), milliseconds);
    m_now = Clock::now();
    for (int i = 0; i < count; ++i) {
        const epoll_event event = m_events[static_cast<std::size_t>(i)];
        if (auto *handler = static_cast<EventHandler *>(event.data.ptr)) {
            handler->onEvents(event.events);
        } else {
            m_woken = true;
        }
    }
}

void EventLoop::runPosted()
{
    // Not by m_wakePending: it is set before the event is there, and clearing it then would leave the event unread for ever.
    if (!std::exchange(m_woken, false)) {
        return;
    }
    std::uint64_t count = 0;
    while (::read(m_wake.get(), &count, sizeof count) < 0 && errno == EINTR) { }
    // Cleared before the tasks are taken: one that is posted from here on wakes the loop again.
    m_wakePending.store(false, std::memory_order_release);
    {
        const std::lock_guard lock(m_mutex);
        m_running.swap(m_posted);
    }
    for (Task &task : m_running) {
        task();
        task = nullptr;
    }
    m_running.clear();
}

void EventLoop::runLeft()
{
    std::vector<Task> left;
    {
        const std::lock_guard lock(m_mutex);
        left.swap(m_posted);
    }
    for (const Task &task : left) {
        task();
    }
}

void EventLoop::runTimers()
{
    while (!m_timers.empty() && m_timers.begin()->first.first <= m_now) {
        const auto due = m_timers.begin();
        const Task task = std::move(due->second);
        m_timerTimes.erase(due->first.second);
        m_timers.erase(due);
        task();
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace tincan {

// Wall-clock nanoseconds since 1970-01-01 UTC: what a record bears. Any thread.
inline std::int64_t wallNanoseconds() noexcept
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// For deadlines and durations: not moved when somebody sets the clock.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

} // namespace tincan

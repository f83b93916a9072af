// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/kernelview.h"

namespace tincan {

// A moment of a connection.
struct KernelSample {
    std::int64_t time = 0;      // wall clock, ns
    std::uint64_t bytesIn = 0;  // since it began
    std::uint64_t bytesOut = 0; // likewise
    std::int64_t rtt = -1;      // µs; −1: not known
};

// The last minutes of a connection while it was looked at. A value.
struct KernelHistory {
    static constexpr std::size_t kMost = 1200; // five minutes of four a second

    std::deque<KernelSample> samples; // oldest first
    std::vector<TcpState> seen;       // the states that the kernel told, each once when it came

    void add(const KernelSample &sample)
    {
        samples.push_back(sample);
        if (samples.size() > kMost) {
            samples.pop_front();
        }
    }
    void see(TcpState state)
    {
        if (state != TcpState::Unknown && (seen.empty() || seen.back() != state)) {
            seen.push_back(state);
        }
    }
};

} // namespace tincan

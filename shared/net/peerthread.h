// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/result.h"

namespace tincan {

// A thread that runs one function. Made and destroyed by the engine's own thread.
class PeerThread
{
public:
    PeerThread() = default;
    PeerThread(const PeerThread &) = delete;
    PeerThread &operator=(const PeerThread &) = delete;
    virtual ~PeerThread() = default; // joined

    // Waits until the function has returned, and its thread is no more.
    virtual void join() = 0;
};

// Starts a thread in which `work` runs, with so many bytes of stack. The error where the system has no more of them (EAGAIN;
// pthread_create(3)).
using ThreadFactory = std::function<Result<std::unique_ptr<PeerThread>>(std::function<void()> work, std::size_t stack)>;

// A plain thread, by pthread_create(3).
Result<std::unique_ptr<PeerThread>> startPlainThread(std::function<void()> work, std::size_t stack);

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <utility>

#include <QMetaObject>
#include <QThreadPool>

class QObject;

namespace tincan {

// The threads for work that takes a while. Not QThreadPool::globalInstance(): Qt paints with that one (gradients, images), and
// the GUI thread waits for it; while long work keeps its threads busy the windows would stand still. Any thread.
QThreadPool &workPool();

// What a task brings with it is seen whole by the thread that runs it. Qt sees to that, but out of ThreadSanitizer's sight: a
// mutex that both sides go through lets it see the same.
std::mutex &handOver();

template<typename Task>
auto handedOver(Task task)
{
    return [task = std::move(task)]() mutable {
        {
            const std::scoped_lock wait(handOver()); // for who is handing it over
        }
        task();
    };
}

// Runs `task` in the pool. Any thread.
template<typename Task>
void startWork(Task task)
{
    const std::scoped_lock lock(handOver());
    workPool().start(handedOver(std::move(task)));
}

// Runs `task` in the thread of `to`, from its event loop, unless that is gone by then. Any thread; `to` lives until this returns.
template<typename Task>
void postTo(QObject *to, Task task)
{
    const std::scoped_lock lock(handOver());
    QMetaObject::invokeMethod(to, handedOver(std::move(task)), Qt::QueuedConnection);
}

// While one is alive, the pool has a thread more: for the one that it is in, when that is busy for as long as somebody may wait
// (saving). What comes in slices (cutting, finding, reading) would stand still behind a few of those.
class LongWork
{
public:
    LongWork();
    LongWork(const LongWork &) = delete;
    LongWork &operator=(const LongWork &) = delete;
    ~LongWork();
};

} // namespace tincan

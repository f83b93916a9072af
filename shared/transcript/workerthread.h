// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include <QThread>

namespace tincan {

// A thread that runs one function to its end. No QObject lives in it.
class WorkerThread : public QThread
{
    Q_OBJECT
public:
    using QThread::QThread;

    // Waits for the end; returns at once where it was not started. Everything the thread wrote is visible afterwards: QThread
    // promises that too, but by means that ThreadSanitizer cannot see in a Qt built without it.
    void join()
    {
        wait();
        static_cast<void>(m_ended.load(std::memory_order_acquire));
    }

protected:
    virtual void work() = 0;

private:
    void run() final
    {
        work();
        m_ended.store(true, std::memory_order_release);
    }

    std::atomic<bool> m_ended = false;
};

} // namespace tincan

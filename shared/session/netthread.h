// SPDX-License-Identifier: MIT
#pragma once

#include "net/engine.h"
#include "net/syscalls.h"
#include "transcript/workerthread.h"

namespace tincan {

// The thread in which an engine's loop runs.
class NetThread final : public WorkerThread
{
    Q_OBJECT
public:
    // `sink` outlives the thread.
    explicit NetThread(BatchSink &sink, QObject *parent = nullptr);
    ~NetThread() override; // ends the engine in an orderly way and waits

    Engine &engine() { return m_engine; }

protected:
    void work() override;

private:
    RealSyscalls m_syscalls;
    Engine m_engine;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/netthread.h"

namespace tincan {

NetThread::NetThread(BatchSink &sink, QObject *parent)
    : WorkerThread(parent)
    , m_engine(m_syscalls, sink)
{
    setObjectName(QStringLiteral("net"));
}

NetThread::~NetThread()
{
    if (isRunning()) {
        m_engine.quit();
        join();
    }
}

void NetThread::work()
{
    m_engine.run();
}

} // namespace tincan

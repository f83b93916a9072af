// SPDX-License-Identifier: MIT
#include "session/netthread.h"

namespace tincan {

NetThread::NetThread(BatchSink &sink, QObject *parent)
    : QThread(parent)
    , m_engine(m_syscalls, sink)
{
    setObjectName(QStringLiteral("net"));
}

NetThread::~NetThread()
{
    if (isRunning()) {
        m_engine.quit();
        wait();
    }
}

void NetThread::run()
{
    m_engine.run();
}

} // namespace tincan

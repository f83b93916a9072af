// SPDX-License-Identifier: MIT
#include "session/netthread.h"

#include <cerrno>

#include "session/nulldispatcher.h"

namespace tincan {

namespace {

// A thread that serves peers.
class ServingThread final : public PeerThread
{
public:
    explicit ServingThread(std::function<void()> work)
        : m_thread(std::move(work))
    {
    }
    ~ServingThread() override { m_thread.join(); }

    bool start(std::size_t stack)
    {
        m_thread.setObjectName(QStringLiteral("peer"));
        m_thread.setStackSize(static_cast<uint>(stack));
        m_thread.setEventDispatcher(new NullDispatcher); // which the thread owns
        m_thread.start();
        return m_thread.isRunning() || m_thread.isFinished();
    }
    void join() override { m_thread.join(); }

private:
    class Thread final : public WorkerThread
    {
    public:
        explicit Thread(std::function<void()> work)
            : m_work(std::move(work))
        {
        }

    protected:
        void work() override { m_work(); }

    private:
        std::function<void()> m_work;
    };
    Thread m_thread;
};

Result<std::unique_ptr<PeerThread>> startServingThread(std::function<void()> work, std::size_t stack)
{
    auto thread = std::make_unique<ServingThread>(std::move(work));
    if (!thread->start(stack)) {
        return fail(EAGAIN, CallName::None, "pthread_create"); // QThread keeps the reason to itself; that is the one there is
    }
    return thread;
}

} // namespace

NetThread::NetThread(BatchSink &sink, QObject *parent)
    : WorkerThread(parent)
    , m_engine(m_syscalls, sink)
{
    setObjectName(QStringLiteral("net"));
    m_engine.setThreadFactory(startServingThread);
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

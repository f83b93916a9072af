// SPDX-License-Identifier: MIT
#include "net/peerthread.h"

#include <pthread.h>

namespace tincan {

namespace {

class PlainThread final : public PeerThread
{
public:
    explicit PlainThread(std::function<void()> work)
        : m_work(std::move(work))
    {
    }
    ~PlainThread() override { join(); }

    int start(std::size_t stack)
    {
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, stack);
        const int error = pthread_create(&m_thread, &attributes, run, this);
        pthread_attr_destroy(&attributes);
        m_runs = error == 0;
        return error;
    }
    void join() override
    {
        if (std::exchange(m_runs, false)) {
            pthread_join(m_thread, nullptr);
        }
    }

private:
    static void *run(void *self)
    {
        static_cast<PlainThread *>(self)->m_work();
        return nullptr;
    }

    std::function<void()> m_work;
    pthread_t m_thread{};
    bool m_runs = false;
};

} // namespace

Result<std::unique_ptr<PeerThread>> startPlainThread(std::function<void()> work, std::size_t stack)
{
    auto thread = std::make_unique<PlainThread>(std::move(work));
    if (const int error = thread->start(stack); error != 0) {
        return fail(error, CallName::None, "pthread_create");
    }
    return thread;
}

} // namespace tincan

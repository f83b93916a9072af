// SPDX-License-Identifier: MIT
#include "session/search.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "session/workpool.h"

namespace tincan {

namespace {

// What has been found is shown that often; a part of it is taken over within a frame.
constexpr std::chrono::milliseconds kSlice{40};

} // namespace

// One turn on the pool. What it works on is its own until it is done.
struct Search::Job {
    std::atomic<bool> cancelled = false;
    std::mutex mutex;
    std::condition_variable ended;
    bool isWorking = false; // with mutex
    std::shared_ptr<Searcher> searcher;
    ConversationView view;
    std::vector<Hit> hits;
    Search *search = nullptr;
};

Search::Search(const Index &index, const PayloadSource &source, QObject *parent)
    : QObject(parent)
    , m_index(index)
    , m_source(source)
{
}

Search::~Search()
{
    leave();
    waitForLeft();
}

void Search::setConversation(PeerId conversation, RowNumber first)
{
    clear();
    waitForLeft();
    m_conversation = conversation;
    m_first = first;
    m_seen = first;
    m_rows.clear();
    m_view = {};
}

// The rows that they look at are of the list here, and of the index.
void Search::waitForLeft()
{
    for (const auto &job : std::exchange(m_left, {})) {
        std::unique_lock lock(job->mutex);
        job->ended.wait(lock, [&] { return !job->isWorking; });
    }
}

void Search::refresh()
{
    if (m_conversation == kNoPeer) {
        m_view = ConversationView(m_index.rows());
    } else if (m_seen < m_index.size()) {
        m_index.conversation(m_conversation, m_seen, m_rows);
        m_seen = m_index.size();
        m_view = ConversationView(m_index.rows(), m_rows.view(), m_conversation);
    }
}

void Search::find(const Pattern &pattern, SearchIn in)
{
    clear();
    m_searcher = std::make_shared<Searcher>(m_source, pattern, in, m_conversation == kNoPeer ? m_first : 0);
    goOn();
}

void Search::clear()
{
    leave();
    m_searcher.reset();
    m_unreadable = 0;
    m_done = 0;
    m_isCancelled = false;
    m_hits.clear();
    emit hitsCleared();
}

void Search::cancel()
{
    if (m_job) {
        leave();
        m_isCancelled = true;
        emit progressed();
    }
}

void Search::leave()
{
    if (m_job) {
        m_job->cancelled.store(true, std::memory_order_relaxed);
        m_left.push_back(std::move(m_job));
        m_job.reset();
    }
    std::erase_if(m_left, [](const std::shared_ptr<Job> &job) {
        const std::scoped_lock lock(job->mutex);
        return !job->isWorking;
    });
}

int Search::permille() const
{
    const std::size_t rows = m_view.size();
    return rows == 0 ? 1000 : static_cast<int>(m_done * 1000 / rows);
}

void Search::goOn()
{
    if (m_job || !m_searcher || m_isCancelled) {
        return;
    }
    refresh();
    m_job = std::make_shared<Job>();
    {
        const std::scoped_lock lock(m_job->mutex);
        m_job->searcher = m_searcher;
        m_job->view = m_view;
        m_job->search = this;
    }
    startWork([job = m_job] { work(job); });
}

// In the pool. One that was left before it began touches nothing: what it was for may be gone.
void Search::work(const std::shared_ptr<Job> &job)
{
    {
        const std::scoped_lock lock(job->mutex);
        if (job->cancelled.load(std::memory_order_relaxed)) {
            return;
        }
        job->isWorking = true;
    }
    job->searcher->run(job->view, job->cancelled, kSlice, job->hits);
    const std::scoped_lock lock(job->mutex);
    postTo(job->search, [search = job->search, job] { search->take(job); });
    job->isWorking = false;
    job->ended.notify_all();
}

void Search::take(const std::shared_ptr<Job> &job)
{
    std::erase(m_left, job);
    if (job != m_job) {
        return;
    }
    m_job.reset();
    {
        const std::scoped_lock lock(job->mutex);
        m_done = job->searcher->done();
        m_unreadable = job->searcher->unreadable();
    }
    if (!job->hits.empty()) {
        emit hitsChanged(static_cast<qsizetype>(m_hits.add(job->hits)));
    }
    if (!m_searcher || m_job) {
        return; // whoever heard of it wants something else now
    }
    refresh();
    const bool isDone = m_done >= m_view.size();
    if (!isDone) {
        goOn();
    }
    emit progressed();
    if (isDone && m_searcher) {
        emit finished();
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QObject>

#include "transcript/hitlist.h"
#include "transcript/searcher.h"

namespace tincan {

class TranscriptModel;

// Finds a pattern in a conversation, on the pool, and goes on by itself as the conversation grows. GUI thread; nothing here waits
// for more than what the pool needs for one message.
class Search final : public QObject
{
    Q_OBJECT
public:
    explicit Search(const PayloadSource &source, QObject *parent = nullptr); // the source outlives it
    ~Search() override;

    // Where to look; may be null. What was found is forgotten, and a search under way ends; find() begins another. The model
    // outlives it, or is replaced first.
    void setModel(const TranscriptModel *model);
    const TranscriptModel *model() const { return m_model; }

    // Begins from the front, in place of what was looked for before.
    void find(const Pattern &pattern, SearchIn in);
    // Looks for nothing any more.
    void clear();
    // Leaves off; what has been found stays. It does not go on by itself.
    void cancel();

    const HitList &hits() const { return m_hits; }
    bool isActive() const { return m_searcher != nullptr; } // there is something that is looked for
    bool isRunning() const { return m_job != nullptr; }
    bool isCancelled() const { return m_isCancelled; }
    int permille() const; // of the conversation's rows
    std::uint64_t unreadable() const { return m_unreadable; }

signals:
    // hits() has changed from this index on: grown, or, where it is below the size there was, others stand there now.
    void hitsChanged(qsizetype from);
    void hitsCleared();
    // permille() and isRunning() may have changed.
    void progressed();
    // Everything there is has been looked at.
    void finished();

private:
    struct Job;
    static void work(const std::shared_ptr<Job> &job);
    void goOn();
    void take(const std::shared_ptr<Job> &job);
    void leave();

    const PayloadSource &m_source;
    const TranscriptModel *m_model = nullptr;
    std::shared_ptr<Searcher> m_searcher;
    std::shared_ptr<Job> m_job;               // the one under way
    std::vector<std::shared_ptr<Job>> m_left; // were told to stop, and may still be in their last message
    HitList m_hits;
    std::uint64_t m_unreadable = 0;
    std::size_t m_done = 0; // rows
    bool m_isCancelled = false;
};

} // namespace tincan

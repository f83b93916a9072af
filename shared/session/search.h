// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QObject>

#include "transcript/hitlist.h"
#include "transcript/index.h"
#include "transcript/searcher.h"

namespace tincan {

// Finds a pattern in a conversation, on the pool, and goes on by itself as the conversation grows. GUI thread; nothing here waits
// for more than what the pool needs for one message.
class Search final : public QObject
{
    Q_OBJECT
public:
    // Both outlive it.
    Search(const Index &index, const PayloadSource &source, QObject *parent = nullptr);
    ~Search() override;

    // Where to look: the conversation's rows from number `first` on. What was found is forgotten, and nothing is looked for.
    void setConversation(PeerId conversation, RowNumber first = 0);

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

public slots:
    // The index has grown. Nothing happens where nothing is looked for.
    void goOn();

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
    void refresh();
    void waitForLeft();
    void take(const std::shared_ptr<Job> &job);
    void leave();

    const Index &m_index;
    const PayloadSource &m_source;
    PeerId m_conversation = kNoPeer;
    RowNumber m_first = 0;
    RowNumber m_seen = 0;        // rows of the index looked at for the list below
    BlockList<RowNumber> m_rows; // unused for all
    ConversationView m_view;
    std::shared_ptr<Searcher> m_searcher;
    std::shared_ptr<Job> m_job;               // the one under way
    std::vector<std::shared_ptr<Job>> m_left; // were told to stop, and may still be in their last message
    HitList m_hits;
    std::uint64_t m_unreadable = 0;
    std::size_t m_done = 0; // rows
    bool m_isCancelled = false;
};

} // namespace tincan

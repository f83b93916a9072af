// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QObject>

#include "transcript/lenscutter.h"
#include "transcript/payloadsource.h"

namespace tincan {

// Goes through a conversation with a lens: long ways in slices on the thread pool, the few rows of a live moment at once. GUI
// thread.
class LensRun final : public QObject
{
    Q_OBJECT
public:
    // `source` outlives it; rows before `firstRow` are left out.
    LensRun(const Lens &lens, const PayloadSource &source, RowNumber firstRow, QObject *parent = nullptr);
    // Waits for the slice under way to notice: some milliseconds.
    ~LensRun() override;

    // The conversation as it is now; it and what it is of stay until another is given, and this is gone. Emits cutsMade() as
    // often as it takes, at once for a few rows.
    void goOn(const ConversationView &conversation);
    bool isUnderWay() const noexcept { return m_underWay; }

    // How many rows of the conversation have been cut: all before it.
    std::size_t cutTo() const noexcept { return m_next; }
    // How much of the conversation has been cut, 0 to 1000.
    int progress() const noexcept;

signals:
    void cutsMade(const tincan::LensCutter::Cuts &cuts);
    // The whole of it has been cut, for now.
    void caughtUp();

private:
    struct Work;
    void startSlice();
    void sliceDone(std::size_t next);

    std::shared_ptr<Work> m_work;
    ConversationView m_conversation;
    std::size_t m_next = 0; // the first row that has not been cut
    bool m_underWay = false;
};

} // namespace tincan

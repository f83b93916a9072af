// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include <QFutureWatcher>
#include <QObject>

#include "transcript/index.h"
#include "transcript/saver.h"

namespace tincan {

class Session;

// Of all that an index holds now, in our words; format, path and what else is to be chosen are not. The index outlives it.
SaveRequest saveRequest(const Index &index);

// Saves on a thread of the pool what a session holds, while the session goes on. GUI thread. The session outlives the job; one
// that is destroyed before its end is cancelled.
class SaveJob final : public QObject
{
    Q_OBJECT
public:
    // Of the conversation of `peer` (kNoPeer: all) as it is now.
    SaveJob(const Session &session, PeerId peer, QObject *parent = nullptr);
    ~SaveJob() override;

    // Before start(): format, path and what else is to be chosen. The views in it are the job's.
    SaveRequest &request() noexcept { return m_request; }
    void start();
    void cancel() { *m_isCancelled = true; }
    // Blocks until the file is there (or not).
    void waitForEnd();

signals:
    void progressed(int perMille);
    // Error: see save().
    void ended(const tincan::Result<tincan::SaveResult> &result);

private:
    const PayloadSource &m_payloads;
    BlockList<RowNumber> m_numbers; // of the rows of one peer
    SaveRequest m_request;
    // Not the future's own: what has been written in the meantime is to be told of.
    std::shared_ptr<std::atomic<bool>> m_isCancelled = std::make_shared<std::atomic<bool>>(false);
    QFutureWatcher<Result<SaveResult>> m_watcher;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <QString>

#include "base/batch.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"
#include "transcript/recordingplace.h"
#include "transcript/workerthread.h"

namespace tincan {

// The thread that keeps a session: takes batches from the net thread, appends them to the session file (pcapng), and hands
// rows to the GUI. One a session.
class Recorder final : public WorkerThread, public BatchSink, public PayloadSource
{
    Q_OBJECT
public:
    explicit Recorder(QObject *parent = nullptr);
    ~Recorder() override; // finish() must have been called if it was started

    // GUI thread, before start(). Opens the file; `application` is written into its header ("tincan-server 0.1").
    Result<void> open(const RecordingPlace &place, const QString &application);

    // GUI thread. The file's whole path, of its first segment; empty where it has no name.
    QString path() const;

    // Before start(): called in the recorder thread with each batch, before its rows are published. It may block (standard
    // output): then the bounded inbox fills, and the peers are slowed down.
    void setTap(std::function<void(const Batch &)> tap);

    // GUI thread. Appends what has come since the last call to `into`; false where nothing has. Re-arms rowsReady().
    bool takeRows(RowBatch &into);

    // GUI thread. Writes everything published so far, then ends the thread and waits for it.
    void finish();

    // BatchSink
    void publish(Batch &batch) override;
    bool isCongested() const noexcept override;
    void setRelieved(std::function<void()> relieved) override;

    // PayloadSource: any thread
    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override;

    // Records and payload bytes that may wait before isCongested().
    static constexpr std::size_t kMostRecords = 50'000;
    static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

signals:
    // Rows are there. Emitted in the recorder thread, once until takeRows() is called: connect queued.
    void rowsReady();
    // Writing failed (errno); the conversation goes on and what comes is shown as not recorded. Emitted once a failure: it is
    // tried again from time to time (RecordingLimits::retryMilliseconds) until
    // recovered(): what comes now is recorded, and a Note (RecordingResumed) says how much is missing.
    void failed(int error);
    void recovered();

protected:
    void work() override;

private:
    class Impl;
    std::unique_ptr<Impl> m;
};

} // namespace tincan

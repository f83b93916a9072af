// SPDX-License-Identifier: MIT
#include "transcript/recorder.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "base/clock.h"
#include "transcript/rowmaking.h"
#include "transcript/sessionwriter.h"

namespace tincan {

namespace {

constexpr std::size_t kWriteAt = 256 * 1024; // stays in the processor's cache: 1 MiB was slower
// Payload in one batch, of some milliseconds, from which on the disk's pace matters more than that any program sees every packet
// in the live file: about 60 MB/s.
constexpr std::size_t kLoad = 256 * 1024;

} // namespace

class Recorder::Impl
{
public:
    explicit Impl(Recorder &recorder)
        : q(recorder)
    {
    }

    // ---- any thread
    mutable std::mutex mutex;
    std::condition_variable arrived;
    std::vector<Batch> waiting;  // guarded by mutex
    std::vector<Batch> recycled; // guarded by mutex
    bool sleeping = false;       // guarded by mutex
    bool finishing = false;      // guarded by mutex
    std::size_t waitingRecords = 0;
    std::size_t waitingBytes = 0;
    std::atomic<bool> congested = false;
    std::function<void()> relieved;
    std::function<void(const Batch &)> tap;

    std::mutex rowsMutex;
    RowBatch ready;     // guarded by rowsMutex
    bool armed = false; // guarded by rowsMutex: rowsReady() is on its way

    SessionWriter writer; // where it says so
    bool rowsWanted = true;

    // ---- recorder thread
    bool nextBatches(std::vector<Batch> &batches);
    void process(Batch &batch);
    void done(Batch &batch);
    void add(Batch &batch, const Record &record);
    void say(NoteCode code, std::int64_t a, std::int64_t b);
    void write();
    void writeGathered();
    void resumeIfDue(bool now);
    void end();
    void publishRows();

    Recorder &q;
    RowBatch made;
    std::size_t writtenRows = 0; // of `made`
    int brokenBy = 0;            // errno's value
    TimePoint resumeAt;
};

Recorder::Recorder(QObject *parent)
    : WorkerThread(parent)
    , m(std::make_unique<Impl>(*this))
{
    setObjectName(QStringLiteral("recorder"));
}

Recorder::~Recorder()
{
    finish();
}

Result<void> Recorder::open(const RecordingPlace &place, const QString &application)
{
    m->rowsWanted = place.rows && place.kind != RecordingPlace::Kind::Nowhere;
    return m->writer.open(place, application);
}

QString Recorder::path() const
{
    return m->writer.path();
}

void Recorder::setTap(std::function<void(const Batch &)> tap)
{
    m->tap = std::move(tap);
}

void Recorder::setRelieved(std::function<void()> relieved)
{
    m->relieved = std::move(relieved);
}

bool Recorder::isCongested() const noexcept
{
    return m->congested.load(std::memory_order_relaxed);
}

void Recorder::publish(Batch &batch)
{
    const std::lock_guard lock(m->mutex);
    m->waitingRecords += batch.records.size();
    m->waitingBytes += batch.bytes;
    m->waiting.push_back(std::move(batch));
    batch = {};
    if (!m->recycled.empty()) {
        batch = std::move(m->recycled.back());
        m->recycled.pop_back();
    }
    if (m->waitingRecords > kMostRecords || m->waitingBytes > kMostBytes) {
        m->congested.store(true, std::memory_order_relaxed);
    }
    if (m->sleeping) {
        m->arrived.notify_one();
    }
}

bool Recorder::takeRows(RowBatch &into)
{
    const std::lock_guard lock(m->rowsMutex);
    m->armed = false;
    if (m->ready.isEmpty()) {
        return false;
    }
    if (into.isEmpty()) {
        std::swap(into, m->ready);
        return true;
    }
    moveRows(into, m->ready);
    m->ready.clear();
    return true;
}

void Recorder::finish()
{
    {
        const std::lock_guard lock(m->mutex);
        m->finishing = true;
        m->arrived.notify_one();
    }
    join();
}

std::size_t Recorder::readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const
{
    return m->writer.store().readInto(offset, into, error);
}

void Recorder::work()
{
    std::vector<Batch> batches;
    while (m->nextBatches(batches)) {
        m->resumeIfDue(false);
        for (Batch &batch : batches) {
            m->process(batch);
            m->done(batch);
        }
        batches.clear();
        m->write();
        m->publishRows();
    }
    m->end();
}

// False when everything has been taken and no more comes. After a failure also without batches, when it is time to try again.
bool Recorder::Impl::nextBatches(std::vector<Batch> &batches)
{
    const auto somethingToDo = [this] { return !waiting.empty() || finishing; };
    std::unique_lock lock(mutex);
    sleeping = true;
    if (writer.isBroken()) {
        arrived.wait_until(lock, resumeAt, somethingToDo);
    } else {
        arrived.wait(lock, somethingToDo);
    }
    sleeping = false;
    batches.swap(waiting);
    return !batches.empty() || !finishing;
}

void Recorder::Impl::process(Batch &batch)
{
    if (tap) {
        tap(batch);
    }
    if (!writer.isOpen()) {
        return;
    }
    writer.beginBatch(batch.bytes >= kLoad);
    for (const Record &record : batch.records) {
        if (writer.wantsSegment(record)) {
            write();
            writer.beginSegment();
        }
        add(batch, record);
        if (writer.gathered() >= kWriteAt) {
            write();
        }
    }
}

void Recorder::Impl::add(Batch &batch, const Record &record)
{
    const std::uint64_t payloadAt = writer.append(batch, record);
    if (rowsWanted) {
        addRow(made, record, payloadAt, record.detail < batch.details.size() ? &batch.details[record.detail] : nullptr);
    }
}

// A note of the recorder's own.
void Recorder::Impl::say(NoteCode code, std::int64_t a, std::int64_t b)
{
    Batch batch;
    Record record;
    record.kind = RecordKind::Note;
    record.time = wallNanoseconds();
    record.detail = 0;
    batch.details.emplace_back(NoteInfo{code, a, b, {}});
    batch.records.push_back(record);
    if (tap) {
        tap(batch);
    }
    add(batch, record);
}

// The batch has been dealt with: its memory goes back to the net thread, and what it held no longer counts as waiting.
void Recorder::Impl::done(Batch &batch)
{
    const std::size_t records = batch.records.size();
    const std::size_t bytes = batch.bytes;
    batch.clear();
    bool nowRelieved = false;
    {
        const std::lock_guard lock(mutex);
        waitingRecords -= records;
        waitingBytes -= bytes;
        constexpr std::size_t kMostRecycled = 8;
        if (recycled.size() < kMostRecycled) {
            recycled.push_back(std::move(batch));
        }
        if (congested.load(std::memory_order_relaxed) && waitingRecords <= kMostRecords / 2 && waitingBytes <= kMostBytes / 2) {
            congested.store(false, std::memory_order_relaxed);
            nowRelieved = true;
        }
    }
    if (nowRelieved && relieved) {
        relieved();
    }
}

void Recorder::Impl::write()
{
    writeGathered();
    while (const auto discarded = writer.takeDiscarded()) {
        const RecordingLimits &limits = writer.limits();
        say(NoteCode::MessagesDiscarded, static_cast<std::int64_t>(discarded->messages),
            discarded->forFreeSpace ? -static_cast<std::int64_t>(limits.freeBytes)
                                    : static_cast<std::int64_t>(limits.totalBytes));
        writeGathered();
    }
}

void Recorder::Impl::writeGathered()
{
    if (const int error = writer.flush(); error != 0) {
        for (std::size_t at = writtenRows; at < made.rows.size(); ++at) {
            if (hasPayload(made.rows[at].kind)) {
                made.rows[at].offset = kNotRecorded;
            }
        }
        brokenBy = error;
        resumeAt = Clock::now() + std::chrono::milliseconds(writer.limits().retryMilliseconds);
        emit q.failed(error);
    }
    writtenRows = made.rows.size();
}

void Recorder::Impl::resumeIfDue(bool now)
{
    if (!writer.isBroken() || (!now && Clock::now() < resumeAt)) {
        return;
    }
    resumeAt = Clock::now() + std::chrono::milliseconds(writer.limits().retryMilliseconds);
    if (writer.resume(wallNanoseconds()) == 0) {
        say(NoteCode::RecordingResumed, static_cast<std::int64_t>(writer.lostMessages()), brokenBy);
        write();
        emit q.recovered();
    }
}

// What was lost is known to the file, too, where that is possible at last.
void Recorder::Impl::end()
{
    if (!writer.isOpen()) {
        return;
    }
    resumeIfDue(true);
    publishRows();
    if (const int error = writer.end(wallNanoseconds()); error != 0) {
        emit q.failed(error);
    }
}

void Recorder::Impl::publishRows()
{
    if (made.isEmpty()) {
        return;
    }
    bool tell = false;
    {
        const std::lock_guard lock(rowsMutex);
        if (ready.isEmpty()) {
            std::swap(ready, made);
        } else {
            moveRows(ready, made);
        }
        tell = !std::exchange(armed, true);
    }
    made.clear();
    writtenRows = 0;
    if (tell) {
        emit q.rowsReady();
    }
}

} // namespace tincan

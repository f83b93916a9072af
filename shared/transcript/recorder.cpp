// SPDX-License-Identifier: MIT
#include "transcript/recorder.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include <unistd.h>

#include "transcript/pcapng.h"
#include "transcript/recordwriter.h"

namespace tincan {

namespace {

constexpr std::size_t kWriteAt = 256 * 1024;
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

    OpenedPlace place;
    bool rowsWanted = true;

    // ---- recorder thread
    bool nextBatches(std::vector<Batch> &batches);
    void process(Batch &batch);
    void done(Batch &batch);
    void write();
    bool writeOut(std::span<const std::byte> bytes);
    void makeRow(Batch &batch, const Record &record, std::uint64_t payloadAt);
    void publishRows();

    Recorder &q;
    RecordWriter writer;
    ByteBuffer buffer;
    std::uint64_t written = 0;
    RowBatch made;
    std::size_t writtenRows = 0; // of `made`
    bool broken = false;
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
    Result<OpenedPlace> opened = openRecordingPlace(place);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    m->place = std::move(*opened);
    m->rowsWanted = place.rows && place.kind != RecordingPlace::Kind::Nowhere;
    if (m->place.fd) {
        pcapng::appendFileHeader(m->buffer, application.toStdString());
        if (!m->writeOut(m->buffer.bytes())) {
            return failErrno(CallName::Write, m->place.path.toStdString());
        }
        m->buffer.clear();
    }
    return {};
}

QString Recorder::path() const
{
    return m->place.path;
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
    const auto base = static_cast<std::uint32_t>(into.details.size());
    for (Row &row : m->ready.rows) {
        row.detail += row.detail == kNoDetail ? 0 : base;
    }
    into.rows.insert(into.rows.end(), m->ready.rows.begin(), m->ready.rows.end());
    std::move(m->ready.details.begin(), m->ready.details.end(), std::back_inserter(into.details));
    std::move(m->ready.calls.begin(), m->ready.calls.end(), std::back_inserter(into.calls));
    into.acks.insert(into.acks.end(), m->ready.acks.begin(), m->ready.acks.end());
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
    *error = 0;
    std::size_t got = 0;
    while (got < into.size()) {
        const ssize_t count = ::pread(m->place.fd.get(), into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
        if (count > 0) {
            got += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            *error = count == 0 ? ENODATA : errno;
            break;
        }
    }
    return got;
}

void Recorder::work()
{
    std::vector<Batch> batches;
    while (m->nextBatches(batches)) {
        for (Batch &batch : batches) {
            m->process(batch);
            m->done(batch);
        }
        batches.clear();
        m->write();
        m->publishRows();
    }
}

// False when everything has been taken and no more comes.
bool Recorder::Impl::nextBatches(std::vector<Batch> &batches)
{
    std::unique_lock lock(mutex);
    sleeping = true;
    arrived.wait(lock, [this] { return !waiting.empty() || finishing; });
    sleeping = false;
    batches.swap(waiting);
    return !batches.empty();
}

void Recorder::Impl::process(Batch &batch)
{
    if (tap) {
        tap(batch);
    }
    if (!place.fd) {
        return;
    }
    writer.beginBatch(batch.bytes >= kLoad);
    for (const Record &record : batch.records) {
        const std::uint64_t payloadAt = writer.append(buffer, written, batch, record);
        if (rowsWanted) {
            makeRow(batch, record, payloadAt);
        }
        if (buffer.size() >= kWriteAt) {
            write();
        }
    }
}

void Recorder::Impl::makeRow(Batch &batch, const Record &record, std::uint64_t payloadAt)
{
    if (record.kind == RecordKind::Call) {
        if (auto *info = record.detail < batch.details.size() ? std::get_if<CallInfo>(&batch.details[record.detail]) : nullptr) {
            made.calls.push_back({record.time, record.peer, std::move(*info)});
        }
        return;
    }
    if (record.kind == RecordKind::Acknowledged) {
        if (const auto *info = batch.detailOf<AcknowledgedInfo>(record)) {
            made.acks.push_back({record.time, record.peer, *info});
        }
        return;
    }
    Row row;
    row.time = record.time;
    row.size = record.size;
    row.peer = record.peer;
    row.kind = record.kind;
    row.offset = broken && hasPayload(record.kind) ? kNotRecorded : payloadAt;
    if (record.detail < batch.details.size()) {
        Detail &detail = batch.details[record.detail];
        // While somebody does not read, message after message has the same exceptions.
        const auto *fanOut = std::get_if<FanOutInfo>(&detail);
        const auto *last = fanOut && !made.details.empty() ? std::get_if<FanOutInfo>(&made.details.back()) : nullptr;
        if (!last || *last != *fanOut) {
            made.details.push_back(std::move(detail));
        }
        row.detail = static_cast<std::uint32_t>(made.details.size() - 1);
    }
    made.rows.push_back(row);
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
    if (broken || writeOut(buffer.bytes())) {
        buffer.clear();
        writtenRows = made.rows.size();
        return;
    }
    const int error = errno;
    broken = true;
    // What is there up to the last write that succeeded stays a sound file.
    if (::ftruncate(place.fd.get(), static_cast<off_t>(written)) != 0) {
        // Then a reader cuts the torn block off.
    }
    for (std::size_t at = writtenRows; at < made.rows.size(); ++at) {
        if (hasPayload(made.rows[at].kind)) {
            made.rows[at].offset = kNotRecorded;
        }
    }
    buffer.clear();
    writtenRows = made.rows.size();
    emit q.failed(error);
}

// `written` counts only what was written whole.
bool Recorder::Impl::writeOut(std::span<const std::byte> bytes)
{
    const std::size_t all = bytes.size();
    auto at = static_cast<off_t>(written);
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(place.fd.get(), bytes.data(), bytes.size(), at);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            at += count;
        } else if (count == 0 || errno != EINTR) {
            errno = count == 0 ? ENOSPC : errno;
            return false;
        }
    }
    written += all;
    return true;
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
            const auto base = static_cast<std::uint32_t>(ready.details.size());
            for (Row &row : made.rows) {
                row.detail += row.detail == kNoDetail ? 0 : base;
            }
            ready.rows.insert(ready.rows.end(), made.rows.begin(), made.rows.end());
            std::move(made.details.begin(), made.details.end(), std::back_inserter(ready.details));
            std::move(made.calls.begin(), made.calls.end(), std::back_inserter(ready.calls));
            ready.acks.insert(ready.acks.end(), made.acks.begin(), made.acks.end());
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

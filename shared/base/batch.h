// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "base/chunk.h"
#include "base/record.h"

namespace tincan {

// Records in the order in which they happened, with what they point to. Belongs to one thread at a time.
struct Batch {
    std::vector<Record> records;
    std::vector<Detail> details;
    std::vector<ChunkRef> chunks; // keep every Record::data alive
    std::size_t bytes = 0;        // of payload, each counted once

    bool isEmpty() const noexcept { return records.empty(); }

    // Empties it and keeps the memory for the next use.
    void clear() noexcept
    {
        records.clear();
        details.clear();
        chunks.clear();
        bytes = 0;
    }

    template<typename T>
    const T *detailOf(const Record &record) const noexcept
    {
        return record.detail < details.size() ? std::get_if<T>(&details[record.detail]) : nullptr;
    }
};

// Where a net thread hands its batches. Bounded: see isCongested().
class BatchSink
{
public:
    BatchSink() = default;
    BatchSink(const BatchSink &) = delete;
    BatchSink &operator=(const BatchSink &) = delete;
    virtual ~BatchSink() = default;

    // Net thread. Takes what is in `batch`, always, and leaves it empty, with the memory of an earlier one.
    virtual void publish(Batch &batch) = 0;

    // Net thread. True from when too much is waiting until half of that is gone: stop reading streams.
    virtual bool isCongested() const noexcept = 0;

    // Called in the sink's thread when it is no longer congested. Set before the first publish().
    virtual void setRelieved(std::function<void()> relieved) = 0;
};

} // namespace tincan

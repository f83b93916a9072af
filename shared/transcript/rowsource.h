// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <QString>

#include "base/result.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"

namespace tincan {

// A session that was kept, read from its beginning: its rows come as they came when it was live. One thread at a time (of the
// pool); the payloads may be read by any, at once and as long as the source lives.
class RowSource : public PayloadSource
{
public:
    // What reading has shown of the file so far.
    struct Report {
        std::uint64_t bytes = 0;         // of the files altogether
        std::uint64_t bytesRead = 0;     // how far reading has come
        std::uint64_t cutBytes = 0;      // of a torn last block (after a crash), left out
        std::uint64_t passedOver = 0;    // packets that are neither TCP nor UDP, or damaged
        std::uint64_t retransmitted = 0; // bytes that came again and were dropped
        std::uint64_t missing = 0;       // bytes that the capture has not got
        std::string application;         // what wrote it, in its own words; empty: unknown
        bool own = false;                // a session of ours, with its events
        bool finished = false;           // of ours: it was ended in an orderly way
    };

    // Appends the next rows to `into`, about `most`; details and calls as the recorder makes them. False: that was the end.
    virtual Result<bool> readRows(RowBatch &into, std::size_t most) = 0;
    virtual Report report() const = 0;
};

} // namespace tincan

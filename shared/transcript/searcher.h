// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

#include "transcript/conversationview.h"
#include "transcript/hitlist.h"
#include "transcript/pattern.h"
#include "transcript/payloadcursor.h"

namespace tincan {

enum class SearchIn : std::uint8_t { Both, Received, Sent };

// Looks for matches in the rows of one stream, one after the other. See Searcher for what is found.
class StreamScan
{
public:
    StreamScan() = default;
    StreamScan(const StreamScan &) = delete;
    StreamScan &operator=(const StreamScan &) = delete;
    virtual ~StreamScan() = default;

    virtual void take(RowNumber row, ConversationView::Stream stream, std::string_view bytes, std::vector<Hit> &into) = 0;
    // The stream's next bytes are not known: what is found does not reach over them.
    virtual void interrupt(ConversationView::Stream stream, std::vector<Hit> &into) = 0;
    // What was taken has all been looked at after this.
    virtual void flush(std::vector<Hit> &into) = 0;
};

// Goes through a conversation and finds what fits a pattern, also where it begins in one read and ends in another of the same
// stream, however many there are and whatever came between. It remembers where it is: when the conversation has grown, only
// what is new is looked at. Matches of one stream do not overlap, and each is found once. What was refused is looked at on its
// own.
//
// A regular expression sees at most 4 KiB back into earlier reads of the stream, so a match that reaches over more
// than that is missed; and one that a later read makes longer is given again, with the same beginning.
//
// One thread at a time; the source outlives it.
class Searcher
{
public:
    // Begins with the row at `first` of the view.
    Searcher(const PayloadSource &source, const Pattern &pattern, SearchIn in, std::size_t first = 0);

    // Goes on until the end of `view`, which has what that of the last call had and perhaps more, or for about `time`, or until
    // `cancelled`, after which it is of no more use. Appends what it found to `into`, by beginning; such as began before what an
    // earlier call found may come later.
    void run(const ConversationView &view, const std::atomic<bool> &cancelled, std::chrono::milliseconds time,
             std::vector<Hit> &into);

    std::size_t done() const noexcept { return m_next; }               // rows of the view
    std::uint64_t unreadable() const noexcept { return m_unreadable; } // messages whose bytes are not kept or cannot be read

private:
    std::unique_ptr<StreamScan> makeScan() const;
    bool isWanted(RecordKind kind) const noexcept;
    void take(const ConversationView &view, const Row &row, std::vector<Hit> &into);

    PayloadCursor m_cursor;
    Pattern m_pattern;
    const std::atomic<bool> *m_cancelled = nullptr; // of the run under way
    std::unique_ptr<StreamScan> m_scan;
    std::unique_ptr<StreamScan> m_alone; // for what belongs to no stream, a message at a time
    SearchIn m_in;
    std::size_t m_next;
    std::uint64_t m_unreadable = 0;
};

} // namespace tincan

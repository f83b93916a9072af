// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <vector>

#include "transcript/searcher.h"

namespace tincan {

// The last bytes of a stream, and where they came from.
struct Tail {
    struct Run {
        Place begin;
        std::uint32_t size = 0;
    };
    std::vector<char> bytes;
    std::vector<Run> runs;

    void append(Place begin, std::string_view more);
    void dropFirst(std::size_t count);
    void clear();
    Place placeAt(std::size_t offset) const noexcept;
};

// What is kept of each stream. Peers are counted from 1, so that their streams are found without a search.
template<typename T>
class PerStream
{
public:
    T &operator[](ConversationView::Stream stream)
    {
        auto &kind = m_kinds.at(stream >> 32U);
        const auto peer = static_cast<std::uint32_t>(stream);
        if (peer >= kind.size()) {
            kind.resize(std::size_t{peer} + 1);
        }
        return kind[peer];
    }

private:
    std::array<std::vector<T>, 3> m_kinds;
};

// Row by row, without copying them: only the few bytes at the end of each in which a match may have begun are kept.
class LiteralScan final : public StreamScan
{
public:
    explicit LiteralScan(const Literal &literal); // outlives it

    void take(RowNumber row, ConversationView::Stream stream, std::string_view bytes, std::vector<Hit> &into) override;
    void interrupt(ConversationView::Stream stream, std::vector<Hit> &into) override;
    void flush(std::vector<Hit> & /*into*/) override { }

private:
    std::size_t takeOverBorder(const Tail &tail, std::string_view bytes, std::vector<Hit> &into);

    const Literal &m_literal;
    std::size_t m_keep; // bytes at most
    std::vector<char> m_border;
    PerStream<Tail> m_tails;
};

// Gathers some KiB of each stream before it looks at them, together with what is kept from before.
class RegexScan final : public StreamScan
{
public:
    static constexpr std::size_t kLookBack = 4096;

    RegexScan(const re2::RE2 &regex, const std::atomic<bool> *const &cancelled); // both outlive it

    void take(RowNumber row, ConversationView::Stream stream, std::string_view bytes, std::vector<Hit> &into) override;
    void interrupt(ConversationView::Stream stream, std::vector<Hit> &into) override;
    void flush(std::vector<Hit> &into) override;

private:
    struct Gathered {
        Tail tail;
        std::size_t fresh = 0;       // from here on nothing has been looked at
        std::size_t from = 0;        // where the next match may begin
        std::size_t open = SIZE_MAX; // where a match begins that went to the end of what there was
        bool isWaiting = false;      // among m_waiting
    };
    void look(Gathered &stream, std::vector<Hit> &into);
    bool isCancelled() const noexcept;

    const re2::RE2 &m_regex;
    const std::atomic<bool> *const &m_cancelled;
    PerStream<Gathered> m_streams;
    std::vector<ConversationView::Stream> m_waiting;
    std::size_t m_gathered = 0; // bytes of all
};

} // namespace tincan

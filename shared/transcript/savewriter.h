// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include "transcript/savedpeers.h"
#include "transcript/saveoutput.h"

namespace tincan {

// What the writers of all formats are made of; outlives them.
struct SaveContext {
    const SaveRequest &request;
    const SavedPeers &peers;
    SaveOutput &out;
    const PayloadSource &payloads;
};

// A row on its way into a file, with its bytes.
struct SavedRow {
    const Row &row;
    std::size_t at = 0; // in the conversation
    std::span<const std::byte> bytes;
    bool isWhole = true; // false: `bytes` are not all of the payload, or none

    QByteArrayView view() const { return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())}; }
};

// One format. Gets the rows in order, and appends to the output. One thread.
class SaveWriter
{
public:
    explicit SaveWriter(const SaveContext &context)
        : m_context(context)
    {
    }
    SaveWriter(const SaveWriter &) = delete;
    SaveWriter &operator=(const SaveWriter &) = delete;
    virtual ~SaveWriter() = default;

    virtual void begin() { }
    // Whether the row belongs into the file at all.
    virtual bool wants(const Row & /*row*/) const { return true; }
    // Whether earlier() is to be called for the rows of the conversation before the first that is saved.
    virtual bool wantsEarlier() const { return false; }
    virtual void earlier(const Row & /*row*/) { }
    virtual void add(const SavedRow &row) = 0;
    virtual void end() { }

protected:
    const SaveContext &context() const noexcept { return m_context; }
    const SaveRequest &request() const noexcept { return m_context.request; }
    const SavedPeers &peers() const noexcept { return m_context.peers; }
    SaveOutput &out() const noexcept { return m_context.out; }

private:
    SaveContext m_context;
};

std::unique_ptr<SaveWriter> makePcapngWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeTextWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeHtmlWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeCsvWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeJsonWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeRawWriter(const SaveContext &context);
std::unique_ptr<SaveWriter> makeHexDumpWriter(const SaveContext &context);

} // namespace tincan

// SPDX-License-Identifier: MIT
// Any bytes as somebody's capture: each row's bytes are in the file and can be read, no byte of it is shown twice, and peers
// join before anything else of them comes.
#include <vector>

#include "fuzz/memoryfiles.h"
#include "transcript/capturereader.h"
#include "transcript/conversationview.h"

namespace {
constexpr std::size_t kPrefix = 1;
}
#include "fuzz/blockmutator.h"

using namespace tincan;
using tincan::fuzz::require;

namespace {

class Checker
{
public:
    Checker(const RowSource &source, std::size_t fileSize)
        : m_source(source)
        , m_shown(fileSize)
    {
    }

    void add(const Row &row, const RowBatch &batch)
    {
        require(row.detail == kNoDetail || row.detail < batch.details.size());
        if (row.peer != kNoPeer) {
            addOfPeer(row);
        }
        if (!isMessage(row.kind)) {
            require(row.size == 0);
            return;
        }
        require(row.offset <= m_shown.size() && row.size <= m_shown.size() - row.offset);
        int error = -1;
        require(m_source.read(row, 0, UINT32_MAX, &error).size() == static_cast<qsizetype>(row.size) && error == 0);
        for (std::size_t at = row.offset; at < row.offset + row.size; ++at) {
            require(!m_shown[at]);
            m_shown[at] = true;
        }
    }

private:
    enum class State : std::uint8_t { None, There, Gone };

    void addOfPeer(const Row &row)
    {
        if (m_peers.size() <= row.peer) {
            require(row.peer < m_shown.size());
            m_peers.resize(row.peer + std::size_t{1});
        }
        State &state = m_peers[row.peer];
        if (row.kind == RecordKind::Joined) {
            require(state == State::None);
            state = State::There;
        } else if (row.kind == RecordKind::Left) {
            require(state == State::There);
            state = State::Gone;
        } else if (row.kind != RecordKind::Note && row.kind != RecordKind::Connecting && row.kind != RecordKind::ConnectFailed) {
            require(state == State::There);
        }
    }

    const RowSource &m_source;
    std::vector<bool> m_shown; // bytes of the file
    std::vector<State> m_peers;
};

std::size_t readAll(RowSource &source, std::size_t fileSize, std::size_t most)
{
    Index index;
    Checker checker(source, fileSize);
    std::size_t rows = 0;
    for (bool more = true; more;) {
        RowBatch batch;
        const auto read = source.readRows(batch, most);
        require(read.has_value());
        more = *read;
        for (const Row &row : batch.rows) {
            checker.add(row, batch);
        }
        const auto report = source.report();
        require(report.bytes == fileSize && report.bytesRead <= report.bytes && report.cutBytes <= report.bytes);
        rows += batch.rows.size();
        index.append(batch);
    }
    for (PeerId peer = 1; peer < 6; ++peer) {
        BlockList<RowNumber> numbers;
        index.conversation(peer, 0, numbers);
    }
    require(source.report().bytesRead == source.report().bytes);
    return rows;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const fuzz::MemoryFile file;
    fuzz::Choices choices{{data, size}};
    const unsigned how = choices.next();
    const QByteArray bytes = choices.all();
    file.fill(bytes);
    auto source = openCapture(file.path());
    if (!source) {
        return 0;
    }
    const std::size_t rows = readAll(**source, static_cast<std::size_t>(bytes.size()), 1 + how % 16);
    if (how % 16 == 15) { // what comes does not depend on the steps
        source = openCapture(file.path());
        require(source.has_value() && readAll(**source, static_cast<std::size_t>(bytes.size()), 100'000) == rows);
    }
    return 0;
}

// SPDX-License-Identifier: MIT
// Any bytes as a session of ours, of one file or two: each row's payload is in the files and can be read, whatever is shown of
// it can be asked for, and what is exported of it is a session again.
#include <atomic>
#include <limits>

#include "fuzz/memoryfiles.h"
#include "transcript/conversationview.h"
#include "transcript/delivery.h"
#include "transcript/exporter.h"
#include "transcript/sessionfiles.h"
#include "transcript/sessionreader.h"

namespace {
constexpr std::size_t kPrefix = 3; // how it is cut into files
}
#include "fuzz/blockmutator.h"

using namespace tincan;
using tincan::fuzz::require;

namespace {

// Numbers up to the reader's own limit may be skipped, which costs memory (bounded) and time. Beyond this one, rows are but read.
constexpr PeerId kHighestIndexed = 5'000;

struct Seen {
    Index index;
    PeerId highest = 0;
    std::size_t rows = 0;
    std::size_t marks = 0; // calls, acknowledgements
};

void checkRow(const Row &row, const RowBatch &batch, const RowSource &source)
{
    require(row.time >= 0);
    require(row.kind != RecordKind::Call && row.kind != RecordKind::Acknowledged);
    require(row.detail == kNoDetail || row.detail < batch.details.size());
    if (!hasPayload(row.kind)) {
        require(row.size == 0);
        return;
    }
    require(row.size <= kMaxMessage && row.offset <= source.report().bytes && row.size <= source.report().bytes - row.offset);
    int error = -1;
    require(source.read(row, 0, UINT32_MAX, &error).size() == static_cast<qsizetype>(row.size) && error == 0);
}

void ask(const Index &index, const Delivery &delivery, RowNumber rows)
{
    const RowNumber first = index.size() > rows ? index.size() - rows : 0;
    for (RowNumber number = first; number < index.size(); ++number) {
        const Row &row = index.row(number);
        const auto state = delivery.state(number, kNoPeer);
        require(state.acknowledged + state.lost <= std::max<std::uint32_t>(state.reached, 1));
        index.otherSideFinished(row);
        index.peerInfo(row.peer);
        if (row.kind == RecordKind::FanOut) {
            for (const PeerId peer : index.reachedBy(number)) {
                delivery.state(number, peer);
            }
        } else if (row.peer != kNoPeer) {
            require(index.belongsTo(number, row.peer));
            delivery.state(number, row.peer);
        }
    }
    for (PeerId peer = 1; rows > 2 && peer < 6; ++peer) {
        BlockList<RowNumber> numbers;
        index.conversation(peer, 0, numbers);
        for (std::size_t at = 0; at < numbers.size(); ++at) {
            require(index.belongsTo(numbers[at], peer) && (at == 0 || numbers[at - 1] < numbers[at]));
        }
    }
}

void checkReport(const RowSource &source)
{
    const auto report = source.report();
    require(report.bytesRead <= report.bytes && report.cutBytes <= report.bytes + (64 << 10U));
}

Seen readAll(RowSource &source, std::size_t most, unsigned timed)
{
    Seen seen;
    Delivery delivery(seen.index);
    for (bool more = true; more;) {
        RowBatch batch;
        const auto read = source.readRows(batch, most);
        require(read.has_value());
        more = *read;
        require(!more || batch.rows.size() + batch.calls.size() + batch.acks.size() >= most);
        for (const Row &row : batch.rows) {
            checkRow(row, batch, source);
            seen.highest = std::max(seen.highest, row.peer);
        }
        for (const auto &ack : batch.acks) {
            seen.highest = std::max(seen.highest, ack.peer);
        }
        checkReport(source);
        seen.rows += batch.rows.size();
        seen.marks += batch.calls.size() + batch.acks.size();
        if (seen.highest <= kHighestIndexed) {
            delivery.rowsCame(seen.index.append(batch));
            delivery.apply(batch.acks);
            delivery.setTimed(timed % 4);
            ask(seen.index, delivery, more ? 2 : 64);
        }
    }
    require(source.report().bytesRead == source.report().bytes);
    return seen;
}

void exportIt(const QString &path, const QString &out)
{
    const auto result = exportFull(path, out);
    require(result.has_value());
    auto source = openOwnSession(out);
    require(source.has_value());
    readAll(**source, 1000, 1);
    require((*source)->report().cutBytes == 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const fuzz::MemoryFile single;
    static const fuzz::MemoryFolder folder;
    fuzz::Choices choices{{data, size}};
    const unsigned how = choices.next();
    const unsigned at = choices.next16();
    QString path = single.path();
    const QString second = QStringLiteral("session.0002.pcapng");
    if (how % 2 != 0) {
        path = folder.put(QStringLiteral("session.pcapng"), choices.bytes(at));
        const QString other = folder.put(second, choices.all());
        path = how % 4 == 3 ? other : path;
    } else {
        single.fill(choices.all());
    }
    sessionState(path);
    endedInOrder(path);
    openAnySession(path);
    auto source = openOwnSession(path);
    if (!source) {
        return 0;
    }
    const Seen seen = readAll(**source, 1 + how / 4 % 8, how / 32);
    if (seen.highest > kHighestIndexed) {
        return 0;
    }
    source = openOwnSession(path);
    require(source.has_value());
    const Seen again = readAll(**source, 100'000, 0);
    require(again.rows == seen.rows && again.marks == seen.marks);
    exportIt(path, folder.path(QStringLiteral("exported")));
    return 0;
}

// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include <QByteArray>
#include <QList>

#include "support/records.h"
#include "transcript/pcapng.h"
#include "transcript/recordwriter.h"

namespace tincan::test {

inline QByteArray bytesOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

// The blocks that a batch becomes in a session file.
struct Written {
    QList<QByteArray> packets;
    std::vector<pcapng::OwnRecord> records;
    ByteBuffer bytes;
};

inline Written written(const Batch &batch)
{
    Written all;
    RecordWriter writer;
    for (const Record &record : batch.records) {
        writer.append(all.bytes, 0, batch, record);
    }
    std::span<const std::byte> rest = all.bytes.bytes();
    while (const auto block = pcapng::firstBlock(rest)) {
        if (const auto packet = pcapng::packetOf(*block)) {
            all.packets << bytesOf(packet->bytes);
        } else if (auto own = pcapng::recordOf(*block)) {
            all.records.push_back(std::move(*own));
        }
        rest = rest.subspan(block->whole.size());
    }
    return all;
}

} // namespace tincan::test

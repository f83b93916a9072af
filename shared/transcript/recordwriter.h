// SPDX-License-Identifier: MIT
#pragma once

#include "base/batch.h"
#include "transcript/bytebuffer.h"
#include "transcript/flowtable.h"

namespace tincan {

// Records as the blocks of a live session file: packets for what happens on a connection, custom blocks for what no packet says.
// One thread.
class RecordWriter
{
public:
    // Appends the record. Returns where its payload begins, from the beginning of the buffer; 0 where it has none.
    std::size_t append(ByteBuffer &into, const Batch &batch, const Record &record);

private:
    void appendJoined(ByteBuffer &into, const Record &record, const PeerInfo &info);
    std::size_t appendData(ByteBuffer &into, const Record &record, bool outbound);
    void appendFlagged(ByteBuffer &into, const Record &record, bool outbound, std::uint8_t flags, bool counted);
    void appendLeft(ByteBuffer &into, const Record &record, const LeftInfo &info);

    FlowTable m_flows;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "base/batch.h"
#include "transcript/bytebuffer.h"
#include "transcript/flowkey.h"
#include "transcript/flowtable.h"
#include "transcript/pcapng.h"

namespace tincan {

// Records as the blocks of a live session file: packets for what happens on a TCP connection and for UDP datagrams, custom blocks
// for what no packet says, and for all of Unix sockets. One thread.
class RecordWriter
{
public:
    // To be called before the first record of each batch. Under load (`echoesOnce`), bytes that are echoed are written once: the
    // Sent record then only says where they are. Otherwise it is a packet like any other, so that every program sees both
    // directions.
    void beginBatch(bool echoesOnce)
    {
        m_echoesOnce = echoesOnce;
        m_lastReceived = {}; // its chunk is used again once the batch has been dealt with
    }

    // A new segment begins, or the file goes on after a gap: appends all that is needed to understand what follows without what
    // came before. Echoes of what stands before it are written as packets.
    void appendState(ByteBuffer &into, const pcapng::Begin &begin);

    // Appends a record of that batch to the buffer, which begins at `base` in the file. Returns where in the file its payload
    // begins; 0 where it has none.
    std::uint64_t append(ByteBuffer &into, std::uint64_t base, const Batch &batch, const Record &record);

private:
    void appendJoined(ByteBuffer &into, const Record &record, const PeerInfo &info);
    std::size_t appendData(ByteBuffer &into, const Record &record, bool outbound);
    void appendFlagged(ByteBuffer &into, const Record &record, bool outbound, std::uint8_t flags, bool counted);
    void appendAcknowledged(ByteBuffer &into, const Batch &batch, const Record &record);
    void noteFinished(PeerId peer, std::int64_t time, bool ours);
    void appendLeft(ByteBuffer &into, const Record &record, const LeftInfo &info);

    bool appendEcho(ByteBuffer &into, std::uint64_t base, const Record &record);

    FlowTable m_flows;
    PeerTable m_addresses;
    PeerId m_lastPeer = kNoPeer;
    std::span<const std::byte> m_lastReceived; // its payload in memory, and in the file
    std::uint64_t m_lastReceivedAt = 0;
    bool m_echoesOnce = false;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "transcript/capturerows.h"
#include "transcript/conversationtable.h"
#include "transcript/segmenthistory.h"

namespace tincan {

// Segments and datagrams in the order in which they were captured, to the rows of conversations. A row bears the time of the
// packet that let it be delivered. The local side of a conversation is the server's: where the SYN went to; where none is in the
// capture, the one with the lower port; of UDP where the first datagram went to, or the port below 1024. One thread.
class Reassembler
{
public:
    // `file` is the capture, for comparing what comes again; it outlives this.
    explicit Reassembler(const PayloadSource &file)
        : m_history(file)
    {
    }

    // Appends the rows of the packet to where `rows` leads. What it is passed over for, where it is.
    std::optional<PassedOverReason> add(const Transported &packet, std::string_view comment, CaptureRows &rows);

    // What still waits, at the end of the capture: some conversations, until they have given about `most` rows. False when
    // that was all.
    bool flush(CaptureRows &rows, std::size_t most);

private:
    std::optional<PassedOverReason> addDatagram(Conversation &to, const Transported &packet, std::string_view comment,
                                                CaptureRows &rows);
    std::optional<PassedOverReason> addSegment(Conversation &to, const Transported &packet, std::string_view comment,
                                               CaptureRows &rows);
    bool join(Conversation &into, const Transported &packet, CaptureRows &rows);
    bool isNewConnection(const Conversation &old, const Transported &packet) const;
    void takeData(Conversation &to, const Transported &packet, CaptureRows &rows);
    void takeReset(Conversation &to, const Transported &packet, CaptureRows &rows);
    void end(Conversation &which, LeftReason reason, CaptureRows &rows);
    void flushStreams(Conversation &which, CaptureRows &rows);
    TcpStream::Context contextOf(const Conversation &conversation, std::size_t side, CaptureRows &rows);

    ConversationTable m_table;
    SegmentHistory m_history;
    std::size_t m_held = 0; // pieces that wait in all streams
    std::size_t m_flushed = 0;
    PeerId m_lastPeer = kNoPeer;
};

} // namespace tincan

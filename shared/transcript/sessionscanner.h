// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "transcript/blockstream.h"
#include "transcript/flowkey.h"
#include "transcript/sessionfiles.h"

namespace tincan {

// Goes through a session that Tincan recorded, over all its segments, and says what each block is. Any bytes whatsoever may stand
// in the files. One thread; readInto() any.
class SessionScanner
{
public:
    // Error: as openSessionFiles().
    static Result<std::unique_ptr<SessionScanner>> open(const QString &path);
    explicit SessionScanner(SessionFiles files);

    struct Item {
        enum class Kind : std::uint8_t {
            Record,          // what happened: `record`, and `detail` where it has one
            Mark,            // `mark`
            Packet,          // of a conversation, that no record stands for (SYN, FIN, RST)
            Acknowledgement, // a packet that says how far the peer's kernel has come: `record` and `detail` tell the same
            Header,          // of a file; names and a last comment, of one that was saved
            Other,           // a block that Tincan did not write, or that makes no sense
        };
        Kind kind = Kind::Other;
        bool hasDetail = false;
        bool isPacket = false; // of a record: a packet like any other's, not a block of our own
        bool isNews = true;    // of a mark: a peer that was not known until now
        Record record;         // `data` only where the payload stands in this very block (see payloadAt)
        std::uint64_t payloadAt = 0;
        Detail detail;
        pcapng::AnyMark mark;
        std::span<const std::byte> block; // until the next next(); empty: a record that follows from what the files do not say
        std::size_t file = 0;             // the how manieth
    };

    // The next one into `item`. False: that was the last. Error: of read(2).
    Result<bool> next(Item &item);

    const SessionFiles &files() const noexcept { return m_files; }
    std::uint64_t bytesRead() const noexcept;
    std::uint64_t cutBytes() const noexcept { return m_cutBytes; } // torn off, and left out
    std::uint64_t passedOver() const noexcept { return m_passedOver; }

    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const
    {
        return readSegments(m_files.files, offset, into, error);
    }

private:
    struct Known {
        FlowKey key; // where it has packets
        bool hasPackets = true;
        bool finished = false;
        bool peerFinished = false;
        std::uint64_t acknowledged = 0; // bytes
    };
    struct Following {
        Record record;
        Detail detail;
    };

    void beginFile(std::size_t number);
    bool takeFollowing(Item &item);
    Result<void> nextFile(BlockStream::Step step);
    bool endCarried();
    void explain(Item &item);
    void explainPacket(Item &item, const pcapng::Packet &packet);
    void explainAcknowledgement(Item &item, const PlainSegment &segment);
    bool explainMark(Item &item);
    bool explainRecord(Item &item);
    bool isPlausible(PeerId peer);
    void follow(const Item &item);
    void carry(const pcapng::Carried &carried, bool isNews);
    void add(RecordKind kind, PeerId peer, std::int64_t time, Detail detail);

    SessionFiles m_files;
    std::size_t m_file = 0;
    BlockStream m_blocks;
    bool m_isOver = false;
    bool m_isHeld = false; // the stream's block is still to be explained
    std::deque<Following> m_following;

    PeerTable m_addresses;
    std::unordered_map<PeerId, Known> m_known; // joined, and not left
    std::map<PeerId, Known> m_missing;         // known until now, and not among those that are carried
    bool m_isCarrying = false;
    std::int64_t m_time = 0;
    PeerId m_lastPeer = kNoPeer;
    std::uint64_t m_skipped = 0; // numbers below m_lastPeer that nobody had
    std::uint64_t m_cutBytes = 0;
    std::uint64_t m_passedOver = 0;
};

} // namespace tincan

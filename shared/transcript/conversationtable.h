// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "transcript/blocklist.h"
#include "transcript/linklayer.h"
#include "transcript/tcpstream.h"

namespace tincan {

// Two sides that talk, as a capture has them.
struct Conversation {
    using Key = std::array<std::uint64_t, 5>; // both addresses, the lower side first; ports, family and protocol

    Key key{};
    std::array<TcpStream, 2> streams; // of the lower side, of the higher
    PeerId peer = kNoPeer;
    bool higherIsLocal = false;
    bool isDatagrams = false;
    bool isOver = false;
};

// Finds the conversation of a packet. Grows with them, up to a limit; the hash is another one each time, so that nobody can make
// a file whose conversations all collide. One thread.
class ConversationTable
{
public:
    static constexpr std::size_t kMost = 1'000'000;

    ConversationTable();

    static bool isFromHigher(const Transported &packet) noexcept { return packet.destination < packet.source; }
    // The conversation; a new one (peer kNoPeer) where there is none; nullptr where there are too many. It stays where it is.
    Conversation *findOrAdd(const Transported &packet);

    std::size_t size() const noexcept { return m_conversations.size(); }
    Conversation &operator[](std::size_t index) noexcept { return m_conversations[index]; }

private:
    std::size_t hash(const Conversation::Key &key) const noexcept;
    void grow();

    BlockList<Conversation> m_conversations;
    std::vector<std::uint32_t> m_slots; // index + 1; 0: free
    std::uint64_t m_seed;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "transcript/conversationtable.h"

#include <QRandomGenerator>

namespace tincan {

namespace {

constexpr std::size_t kFirstSlots = 1024; // a power of two, as all that follow

Conversation::Key keyOf(const Transported &packet) noexcept
{
    const bool swapped = ConversationTable::isFromHigher(packet);
    const Transported::Side &lower = swapped ? packet.destination : packet.source;
    const Transported::Side &higher = swapped ? packet.source : packet.destination;
    const std::uint64_t kind = (packet.ipv6 ? 1U : 0U) | (packet.datagram ? 2U : 0U);
    return {lower.address[0], lower.address[1], higher.address[0], higher.address[1],
            kind << 32U | std::uint64_t{lower.port} << 16U | higher.port};
}

} // namespace

ConversationTable::ConversationTable()
    : m_slots(kFirstSlots)
    , m_seed(QRandomGenerator::system()->generate64())
{
}

// Multiply and fold, as wyhash does.
std::size_t ConversationTable::hash(const Conversation::Key &key) const noexcept
{
    __extension__ using Wide = unsigned __int128;
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    std::uint64_t state = m_seed;
    for (const std::uint64_t word : key) {
        const Wide product = Wide{state ^ word} * Wide{m_seed ^ kOdd};
        state = (static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U)) + kOdd;
    }
    return static_cast<std::size_t>(state);
}

Conversation *ConversationTable::findOrAdd(const Transported &packet)
{
    const Conversation::Key key = keyOf(packet);
    std::size_t at = hash(key) & (m_slots.size() - 1);
    for (; m_slots[at] != 0; at = (at + 1) & (m_slots.size() - 1)) {
        Conversation &found = m_conversations[m_slots[at] - 1];
        if (found.key == key) {
            return &found;
        }
    }
    if (m_conversations.size() >= kMost) {
        return nullptr;
    }
    Conversation &added = m_conversations.append();
    added.key = key;
    added.isDatagrams = packet.datagram;
    m_slots[at] = static_cast<std::uint32_t>(m_conversations.size());
    if (m_conversations.size() * 2 > m_slots.size()) {
        grow();
    }
    return &added;
}

void ConversationTable::grow()
{
    m_slots.assign(m_slots.size() * 2, 0);
    for (std::size_t index = 0; index < m_conversations.size(); ++index) {
        std::size_t at = hash(m_conversations[index].key) & (m_slots.size() - 1);
        while (m_slots[at] != 0) {
            at = (at + 1) & (m_slots.size() - 1);
        }
        m_slots[at] = static_cast<std::uint32_t>(index + 1);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/recordedfacts.h"

#include "session/sessionwords.h"
#include "session/words.h"

namespace tincan {

namespace {

QString trafficText(std::uint64_t messages, std::uint64_t bytes)
{
    return messagesText(messages) + QStringLiteral(", ") + formatBytes(bytes);
}

// Some endings say nothing without their error, which is in the conversation.
bool saysItAll(LeftReason reason)
{
    return reason != LeftReason::Failed && reason != LeftReason::ChildDied && reason != LeftReason::Forgotten;
}

} // namespace

QList<KernelFact> recordedFacts(const Peer &peer)
{
    QList<KernelFact> facts = kernelFacts(peer, {});
    const auto add = [&facts](const char *label, const QString &value, const char *meaning) {
        facts.append({QStringLiteral("As recorded"), QString::fromUtf8(label), value, QString::fromUtf8(meaning)});
    };
    const bool isOver = peer.state == PeerState::Closed;
    add("Began", formatDateAndTime(peer.began), "The first that was recorded of it");
    if (isOver || peer.state == PeerState::Failed) {
        add("Ended", formatDateAndTime(peer.since), "The last that was recorded of it");
    }
    if (isOver && saysItAll(peer.left)) {
        add("How it ended", leftText(LeftInfo{.reason = peer.left, .error = {}}, peer.transport), "What this program knew of it");
    }
    add("Received", trafficText(peer.messagesIn, peer.bytesIn), "What came and was read");
    add("Sent", trafficText(peer.messagesOut, peer.bytesOut), "What the kernel took from us");
    return facts;
}

} // namespace tincan

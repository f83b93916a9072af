// SPDX-License-Identifier: MIT
#include "ui/recordedfacts.h"

#include <QDateTime>

#include "session/sessionwords.h"
#include "session/words.h"

namespace tincan {

namespace {

// The microseconds would not fit beside the inspector's labels.
QString momentText(std::int64_t time)
{
    constexpr std::int64_t kMilli = 1'000'000;
    return QDateTime::fromMSecsSinceEpoch(time / kMilli).date().toString(Qt::ISODate) + u' ' + formatTime(time);
}

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
    Peer past = peer;
    past.fd = -1; // the number is another's now, also where the end was not recorded
    QList<KernelFact> facts = kernelFacts(past, {});
    const auto add = [&facts](const char *label, const QString &value, const char *meaning) {
        facts.append({QStringLiteral("As recorded"), QString::fromUtf8(label), value, QString::fromUtf8(meaning)});
    };
    const bool isOver = peer.state == PeerState::Closed;
    add("Began", momentText(peer.began), "The first that was recorded of it");
    if (isOver || peer.state == PeerState::Failed) {
        add("Ended", momentText(peer.since), "The last that was recorded of it");
    }
    if (isOver && saysItAll(peer.left)) {
        add("How it ended", leftText(LeftInfo{.reason = peer.left, .error = {}}, peer.transport), "As it was recorded");
    }
    add("Received", trafficText(peer.messagesIn, peer.bytesIn), "What was recorded as received");
    add("Sent", trafficText(peer.messagesOut, peer.bytesOut), "What was recorded as sent");
    return facts;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "session/wordsdelivery.h"

#include <algorithm>

#include "session/words.h"

namespace tincan {

namespace {

// "48 µs", "1.2 ms": how long an acknowledgement took. No more digits than matter.
QString shortTime(std::int64_t nanoseconds)
{
    constexpr std::int64_t kMicrosecond = 1000;
    constexpr double kMillisecond = 1e6;
    constexpr double kSecond = 1e9;
    const auto time = static_cast<double>(nanoseconds);
    if (nanoseconds < 1000 * kMicrosecond) {
        return QStringLiteral("%1 µs").arg(std::max<std::int64_t>(1, nanoseconds / kMicrosecond));
    }
    if (time < 10 * kMillisecond) {
        return QStringLiteral("%1 ms").arg(time / kMillisecond, 0, 'f', 1);
    }
    return time < kSecond ? QStringLiteral("%1 ms").arg(time / kMillisecond, 0, 'f', 0)
                          : QStringLiteral("%1 s").arg(time / kSecond, 0, 'f', 1);
}

QString why(const LeftInfo *left)
{
    switch (left ? left->reason : LeftReason::Failed) {
    case LeftReason::ResetByPeer:
        return QStringLiteral("the peer reset the connection");
    case LeftReason::ResetByUs:
        return QStringLiteral("we reset the connection");
    case LeftReason::BrokenPipe:
        return QStringLiteral("the peer had closed already");
    default:
        return left && left->error.code != 0
            ? QStringLiteral("the connection was lost (%1)").arg(QString::fromStdString(errnoName(left->error.code)))
            : QStringLiteral("the connection was lost");
    }
}

// Why no more can be known.
QString silentText(Transport transport)
{
    return isUnix(transport) ? QStringLiteral(
               "it is in the peer's receive buffer: a Unix socket has nothing in between; whether the program has read it, "
               "nobody tells")
                             : QStringLiteral("UDP acknowledges nothing, so nobody can tell whether it arrived");
}

// Of a message to many.
QString manyMarks(const DeliveryState &state)
{
    QString marks = QStringLiteral("✓");
    if (state.acknowledged > 0) {
        marks = QStringLiteral("✓✓ %1 of %2").arg(state.acknowledged).arg(state.reached);
    }
    return state.lost == 0 ? marks : marks + QStringLiteral("  ✗ %1 not acknowledged").arg(state.lost);
}

} // namespace

QString deliveryMarks(const DeliveryState &state)
{
    switch (state.kind) {
    case DeliveryState::Kind::Acknowledged:
        if (state.nanoseconds >= 0) {
            return (state.isExact ? QStringLiteral("✓✓ ") : QStringLiteral("✓✓ ≤ ")) + shortTime(state.nanoseconds);
        }
        return QStringLiteral("✓✓");
    case DeliveryState::Kind::Unknown:
        return QStringLiteral("✓ closed before it was acknowledged");
    case DeliveryState::Kind::Lost:
        return QStringLiteral("✗ not acknowledged: ") + why(state.left);
    case DeliveryState::Kind::Taken:
        break;
    }
    return state.reached > 1 ? manyMarks(state) : QStringLiteral("✓");
}

QString deliveryText(const DeliveryState &state)
{
    switch (state.kind) {
    case DeliveryState::Kind::Acknowledged: {
        const QString by = state.silent > 0
            ? QStringLiteral("acknowledged by all %1 peers that can; %2 more have no TCP and cannot")
                  .arg(state.reached)
                  .arg(state.silent)
            : state.reached > 1 ? QStringLiteral("acknowledged by all %1 peers").arg(state.reached)
                                : QStringLiteral("acknowledged");
        if (state.nanoseconds < 0) {
            return by;
        }
        return by + (state.isExact ? QStringLiteral(" after ") : QStringLiteral(" within ")) + shortTime(state.nanoseconds);
    }
    case DeliveryState::Kind::Unknown:
        return QStringLiteral("taken by our kernel; the connection was closed before it was acknowledged");
    case DeliveryState::Kind::Lost:
        return QStringLiteral("not acknowledged: ") + why(state.left);
    case DeliveryState::Kind::Taken:
        break;
    }
    if (state.reached == 0 && state.silent > 0) {
        return QStringLiteral("taken by our kernel; ") + silentText(state.transport);
    }
    if (state.acknowledged == 0 && state.lost == 0) {
        return QStringLiteral("taken by our kernel, not yet acknowledged");
    }
    const QString by = QStringLiteral("acknowledged by %1 of %2 peers").arg(state.acknowledged).arg(state.reached);
    return state.lost == 0 ? by : by + QStringLiteral("; %1 ended before").arg(state.lost);
}

} // namespace tincan

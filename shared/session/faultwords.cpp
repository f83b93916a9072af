// SPDX-License-Identifier: MIT
#include "session/faultwords.h"

#include <array>

#include <QRegularExpression>
#include <QStringList>

namespace tincan {

namespace {

QString bytes(std::uint64_t count)
{
    return QStringLiteral("%1 byte%2").arg(count).arg(count == 1 ? QString() : QStringLiteral("s"));
}

std::uint64_t number(const QRegularExpressionMatch &match, int group, bool &isGood)
{
    bool isNumber = false;
    const qulonglong value = match.captured(group).toULongLong(&isNumber);
    isGood = isGood && isNumber;
    return value;
}

std::uint32_t small(const QRegularExpressionMatch &match, int group, bool &isGood)
{
    const std::uint64_t value = number(match, group, isGood);
    isGood = isGood && value <= UINT32_MAX;
    return static_cast<std::uint32_t>(value);
}

// One part of the text; false where it is none.
bool readPart(const QString &part, Faults &faults)
{
    static const QRegularExpression pace(QStringLiteral("^pace (\\d+) bytes?/s$"));
    static const QRegularExpression delay(QStringLiteral("^delay (\\d+)(?: to (\\d+))? ms$"));
    static const QRegularExpression pieces(QStringLiteral("^pieces of (\\d+) bytes?$"));
    static const QRegularExpression end(QStringLiteral("^(stop|reset) after (\\d+) bytes?$"));
    static const QRegularExpression drop(QStringLiteral("^drop (\\d+)(?:\\.(\\d))? %$"));
    bool isGood = true;
    QRegularExpressionMatch match = pace.match(part);
    if (match.hasMatch()) {
        faults.bytesPerSecond = number(match, 1, isGood);
    } else if (match = delay.match(part); match.hasMatch()) {
        faults.delayMilliseconds = small(match, 1, isGood);
        if (match.hasCaptured(2)) {
            const std::uint32_t most = small(match, 2, isGood);
            isGood = isGood && most >= faults.delayMilliseconds;
            faults.jitterMilliseconds = most - faults.delayMilliseconds;
        }
    } else if (match = pieces.match(part); match.hasMatch()) {
        faults.pieceBytes = small(match, 1, isGood);
    } else if (match = end.match(part); match.hasMatch()) {
        faults.resetAtStop = match.captured(1) == QLatin1String("reset");
        faults.stopAfterBytes = number(match, 2, isGood);
    } else if (match = drop.match(part); match.hasMatch()) {
        faults.dropPerMille = small(match, 1, isGood) * 10 + (match.hasCaptured(2) ? small(match, 2, isGood) : 0);
        isGood = isGood && faults.dropPerMille <= 1000;
    } else {
        return false;
    }
    return isGood;
}

} // namespace

QString faultsText(const Faults &faults)
{
    QStringList parts;
    if (faults.bytesPerSecond > 0) {
        parts << QStringLiteral("pace ") + bytes(faults.bytesPerSecond) + QStringLiteral("/s");
    }
    if (faults.jitterMilliseconds > 0) {
        parts << QStringLiteral("delay %1 to %2 ms")
                     .arg(faults.delayMilliseconds)
                     .arg(std::uint64_t{faults.delayMilliseconds} + faults.jitterMilliseconds);
    } else if (faults.delayMilliseconds > 0) {
        parts << QStringLiteral("delay %1 ms").arg(faults.delayMilliseconds);
    }
    if (faults.pieceBytes > 0) {
        parts << QStringLiteral("pieces of ") + bytes(faults.pieceBytes);
    }
    if (faults.stopAfterBytes > 0) {
        parts << (faults.resetAtStop ? QStringLiteral("reset after ") : QStringLiteral("stop after "))
                + bytes(faults.stopAfterBytes);
    }
    if (faults.dropPerMille > 0) {
        const QString tenths = faults.dropPerMille % 10 > 0 ? QStringLiteral(".%1").arg(faults.dropPerMille % 10) : QString();
        parts << QStringLiteral("drop %1%2 %").arg(faults.dropPerMille / 10).arg(tenths);
    }
    return parts.join(QStringLiteral(", "));
}

std::optional<Faults> faultsOf(const QString &text)
{
    Faults faults;
    if (text.isEmpty()) {
        return faults;
    }
    for (const QString &part : text.split(QStringLiteral(", "))) {
        if (!readPart(part, faults)) {
            return {};
        }
    }
    return faults;
}

const std::vector<FaultPreset> &faultPresets()
{
    static const std::vector<FaultPreset> presets = {
        {QStringLiteral("Slow modem (33.6 kbit/s)"), {.bytesPerSecond = 4'200, .delayMilliseconds = 150}},
        {QStringLiteral("Bad Wi-Fi"), {.delayMilliseconds = 20, .jitterMilliseconds = 380, .dropPerMille = 50}},
        {QStringLiteral("Byte by byte"), {.pieceBytes = 1}},
        {QStringLiteral("Dies after 1 KB"), {.stopAfterBytes = 1'000, .resetAtStop = true}},
    };
    return presets;
}

} // namespace tincan

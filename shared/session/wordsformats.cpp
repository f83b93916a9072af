// SPDX-License-Identifier: MIT
// How numbers, times and addresses are written in session/words.h.
#include <array>

#include <QDateTime>

#include "session/words.h"

namespace tincan {

QString hostAndPort(const QString &host, int port)
{
    if (port == 0 && (host.contains(u'/') || host.startsWith(u'@'))) {
        return host; // a Unix socket's
    }
    const bool isIpv6 = host.contains(u':') && Endpoint::fromAddress(host.toStdString(), 0).has_value();
    return (isIpv6 ? u'[' + host + u']' : host) + u':' + QString::number(port);
}

QString formatBytes(std::uint64_t bytes)
{
    static const std::array units = {QStringLiteral("KB"), QStringLiteral("MB"), QStringLiteral("GB"), QStringLiteral("TB")};
    constexpr double kStep = 1000;
    if (bytes < 1000) {
        return QString::number(bytes) + QLatin1String(" B");
    }
    double value = static_cast<double>(bytes) / kStep;
    std::size_t unit = 0;
    while (value >= kStep - 0.05 && unit + 1 < units.size()) { // 999.96 would be written as 1000.0
        value /= kStep;
        ++unit;
    }
    return QString::number(value, 'f', 1) + u' ' + units.at(unit);
}

QString formatTime(std::int64_t time)
{
    constexpr std::int64_t kMillisecond = 1'000'000;
    return QDateTime::fromMSecsSinceEpoch(time / kMillisecond).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString formatDateAndTime(std::int64_t time)
{
    constexpr std::int64_t kMillisecond = 1'000'000;
    const QString whole = QDateTime::fromMSecsSinceEpoch(time / kMillisecond).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    return whole + QString::number(time / 1000 % 1000).rightJustified(3, u'0');
}

QString formatElapsed(std::int64_t nanoseconds)
{
    const std::int64_t elapsed = std::max<std::int64_t>(0, nanoseconds);
    constexpr std::int64_t kMillisecond = 1'000'000;
    constexpr std::int64_t kSecond = 1'000'000'000;
    if (elapsed < kMillisecond) {
        return QStringLiteral("+%1 µs").arg(elapsed / 1000);
    }
    if (elapsed < kSecond) {
        return QStringLiteral("+%1 ms").arg(static_cast<double>(elapsed) / kMillisecond, 0, 'f', 3);
    }
    if (elapsed < 60 * kSecond) {
        return QStringLiteral("+%1 s").arg(static_cast<double>(elapsed) / kSecond, 0, 'f', 3);
    }
    const std::int64_t seconds = elapsed / kSecond;
    return QStringLiteral("+%1:%2 min").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString formatDuration(std::int64_t nanoseconds)
{
    const std::int64_t seconds = std::max<std::int64_t>(0, nanoseconds) / 1'000'000'000;
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 3600;
    if (seconds < kMinute) {
        return QStringLiteral("%1 s").arg(seconds);
    }
    if (seconds < kHour) {
        return QStringLiteral("%1 min").arg(seconds / kMinute);
    }
    return seconds < 48 * kHour ? QStringLiteral("%1 h").arg(seconds / kHour)
                                : QStringLiteral("%1 d").arg(seconds / (24 * kHour));
}

} // namespace tincan

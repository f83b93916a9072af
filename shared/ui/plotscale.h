// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <QRectF>

namespace tincan {

// The least of 1, 2, 5 × 10ⁿ that is not below `value`: where an axis ends.
inline double niceCeiling(double value)
{
    if (value <= 0) {
        return 1;
    }
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (value <= step * power * (1 + 1e-9)) {
            return step * power;
        }
    }
    return 10 * power;
}

// What of time and value is where in a plot. Times in ns, the newest at the right edge. A value.
struct PlotScale {
    QRectF area;
    std::int64_t begin = 0;
    std::int64_t end = 1;
    double most = 1; // at the upper edge; 0 at the lower one

    double x(std::int64_t time) const
    {
        return area.left()
            + area.width() * static_cast<double>(time - begin) / static_cast<double>(std::max<std::int64_t>(1, end - begin));
    }
    double y(double value) const { return area.bottom() - area.height() * std::clamp(value / most, 0.0, 1.0); }
    std::int64_t timeAt(double px) const
    {
        const double share = area.width() > 0 ? (px - area.left()) / area.width() : 0;
        return begin + static_cast<std::int64_t>(share * static_cast<double>(end - begin));
    }
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QFont>
#include <QFontMetrics>
#include <QRect>
#include <QString>

namespace tincan {

inline QFont boldOf(const QFont &font)
{
    QFont bold = font;
    bold.setBold(true);
    return bold;
}

inline QFont smallOf(const QFont &font)
{
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() > 0 ? font.pointSizeF() * 0.9 : 8);
    return small;
}

// Where things go in a row; all of it follows the font.
struct RowPlaces {
    RowPlaces(const QRect &row, const QFont &font)
        : isNarrow(row.width() < roomyWidth(font))
        , upperFont(isNarrow ? smallOf(font) : boldOf(font))
        , lowerFont(smallOf(font))
        , unit(QFontMetrics(font).height())
        , pad(unit / 3)
    {
        const int upperHeight = QFontMetrics(upperFont).height();
        const int lowerHeight = QFontMetrics(lowerFont).height();
        const int top = row.top() + (row.height() - upperHeight - lowerHeight - pad / 2) / 2;
        const int left = row.left() + unit + (isNarrow ? 0 : pad * 2);
        const int width = row.right() - (isNarrow ? pad : pad * 2) - left;
        upper = QRect(left, top, width, upperHeight);
        lower = QRect(left, top + upperHeight + pad / 2, width, lowerHeight);
        dot = QRectF(0, 0, unit * 0.5, unit * 0.5);
        dot.moveCenter(QPointF(row.left() + (isNarrow ? unit * 0.5 : pad + unit * 0.6), row.center().y() + 0.5));
    }

    // With room for any IPv4 address and port in bold letters. In a list that is narrower all is smaller: an address says nothing
    // when it is cut.
    static int roomyWidth(const QFont &font)
    {
        const int unit = QFontMetrics(font).height();
        return unit + unit / 3 * 4 + QFontMetrics(boldOf(font)).horizontalAdvance(QStringLiteral("255.255.255.255:65535")) + 2;
    }

    // With room for what is usual: in 800 pixels, with the inspector, there is no more.
    static int leastWidth(const QFont &font)
    {
        const int unit = QFontMetrics(font).height();
        return unit + unit / 3 + QFontMetrics(smallOf(font)).horizontalAdvance(QStringLiteral("192.168.1.20:65535")) + 2;
    }

    static int heightFor(const QFont &font)
    {
        const int unit = QFontMetrics(font).height();
        return QFontMetrics(boldOf(font)).height() + QFontMetrics(smallOf(font)).height() + unit / 6 + unit * 4 / 5;
    }

    bool isNarrow;
    QFont upperFont, lowerFont;
    int unit, pad;
    QRect upper, lower;
    QRectF dot;
};

} // namespace tincan

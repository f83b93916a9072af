// SPDX-License-Identifier: MIT
#pragma once

#include "session/listenerwords.h"
#include "ui/peerrowplaces.h"

namespace tincan {

// Where things go in the row of a listener. Where its title would be cut, the address has the upper line for itself: the
// transport stands in the lower one, and the button too.
struct ListenerPlaces {
    ListenerPlaces(const QRect &area, const QFont &font, const ListenerView &listener)
        : row(area, font)
    {
        const int unit = row.unit;
        const bool canToggle = !listener.retired && !listener.past;
        const int wanted = QFontMetrics(row.upperFont).horizontalAdvance(listenerTitle(listener)) + 1;
        const int left = area.left() + row.pad * 2;
        const int right = row.upper.right();
        const int side = unit * 3 / 2;
        isTight = wanted > (canToggle ? right - side - row.pad : right) - left;
        if (canToggle) {
            const int size = isTight ? row.lower.height() + 4 : side;
            toggle = QRect(0, 0, size, size);
            toggle.moveCenter(QPoint(area.right() - unit / 2 - side / 2, (isTight ? row.lower : area).center().y()));
        }
        upper = row.upper;
        lower = row.lower;
        upper.setLeft(left);
        lower.setLeft(left);
        if (canToggle) {
            lower.setRight(toggle.left() - row.pad);
            upper.setRight(isTight ? upper.right() : lower.right());
        }
    }

    RowPlaces row;
    QRect upper, lower;
    QRect toggle; // empty: it can neither start nor stop
    bool isTight = false;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QPalette>

#include "ui/rowlayout.h"

class QPainter;

namespace tincan {

// Puts a row's shape on the screen, in the palette's colours. GUI thread.
class RowPainter
{
public:
    void setPalette(const QPalette &palette);
    RowColours colours() const { return m_colours; }

    // `top`: where the row begins in the painter's coordinates.
    void paint(QPainter &painter, const RowShape &shape, int top, bool selected, const QFont &small) const;

private:
    void paintMarker(QPainter &painter, const QRect &where) const;

    QPalette m_palette;
    RowColours m_colours;
    QColor m_received;
    QColor m_sent;
    QColor m_refused;
};

} // namespace tincan

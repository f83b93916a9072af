// SPDX-License-Identifier: MIT
#pragma once

#include <QPalette>

#include "ui/bytemap.h"
#include "ui/rowlayout.h"

class QPainter;

namespace tincan {

// Puts a row's shape on the screen, in colours made from the palette. GUI thread.
class RowPainter
{
public:
    void setPalette(const QPalette &palette);
    const RowColours &colours() const { return m_colours; }

    // `top`: where the row begins in the painter's coordinates; `clip`: what of those needs to be painted.
    void paint(QPainter &painter, const RowShape &shape, int top, bool selected, const QRect &clip,
               const std::vector<CharSpan> &marks = {}) const;

private:
    void paintMarker(QPainter &painter, const QRect &where) const;
    void paintNote(QPainter &painter, const RowShape &shape, int top, bool selected) const;
    QList<QTextLayout::FormatRange> formats(const std::vector<CharSpan> &marks) const;
    void paintBubble(QPainter &painter, const RowShape &shape, int top, bool selected) const;

    RowColours m_colours;
    QColor m_received;
    QColor m_sent;
    QColor m_refused;
    QColor m_refusedEdge;
    QColor m_marker;
    QColor m_mark; // behind what was found
    QColor m_currentMark;
    QColor m_selected;
    double m_selectedShare = 0; // of that colour in a selected bubble
};

} // namespace tincan

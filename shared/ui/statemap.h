// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include <QPolygonF>
#include <QRectF>

#include "session/stateway.h"

namespace tincan {

// Where the states and arrows of RFC 9293's figure 5 stand in an area: geometry alone. As there, CLOSED stands twice: at the top,
// where connections begin, and at the bottom, where they end. A value.
class StateMap
{
public:
    static constexpr int kColumns = 3;
    static constexpr int kRows = 7;
    static constexpr int kEnd = kTcpStates; // the box of CLOSED at the end, beside the state numbers

    explicit StateMap(const QRectF &area);

    const QRectF &box(int place) const { return m_boxes[static_cast<std::size_t>(place)]; }
    const QRectF &box(TcpState state) const { return box(static_cast<int>(state)); }
    // The place that a point is in; −1: none.
    int placeAt(const QPointF &point) const;

    // From edge to edge of the boxes, in the order of stateArrows().
    const std::vector<QLineF> &arrows() const { return m_arrows; }
    // The index of the arrow between two states; −1 where there is none.
    static int arrowBetween(TcpState from, TcpState to);
    // A step that is no arrow: along the right edge down to the end.
    QPolygonF shortcut(TcpState from) const;

    // The places of a way: of its states but for CLOSED that ends it.
    static std::vector<int> placesOf(const std::vector<TcpState> &way);

private:
    QLineF lineBetween(TcpState from, TcpState to) const;

    QRectF m_area;
    std::array<QRectF, kTcpStates + 1> m_boxes;
    std::vector<QLineF> m_arrows;
};

} // namespace tincan

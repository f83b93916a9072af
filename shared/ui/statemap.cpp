// SPDX-License-Identifier: MIT
#include "ui/statemap.h"

#include <algorithm>
#include <cmath>

#include <QLineF>

namespace tincan {

namespace {

struct Place {
    int place;
    int column;
    int row;
};

constexpr int at(TcpState state)
{
    return static_cast<int>(state);
}

constexpr std::array kPlaces = {
    Place{at(TcpState::Closed), 1, 0},    Place{at(TcpState::Listen), 1, 1},      Place{at(TcpState::SynReceived), 0, 2},
    Place{at(TcpState::SynSent), 2, 2},   Place{at(TcpState::Established), 1, 3}, Place{at(TcpState::FinWait1), 0, 4},
    Place{at(TcpState::CloseWait), 2, 4}, Place{at(TcpState::FinWait2), 0, 5},    Place{at(TcpState::Closing), 1, 5},
    Place{at(TcpState::LastAck), 2, 5},   Place{at(TcpState::TimeWait), 1, 6},    Place{StateMap::kEnd, 2, 6},
};

// Ends of connections lead to the CLOSED at the bottom.
bool leadsToEnd(TcpState from, TcpState to)
{
    return to == TcpState::Closed && (from == TcpState::LastAck || from == TcpState::TimeWait);
}

// Where a line from the middle of a box leaves it.
QPointF edgeOf(const QRectF &box, const QPointF &towards)
{
    const QPointF middle = box.center();
    const QPointF way = towards - middle;
    const double across = way.x() == 0 ? INFINITY : box.width() / 2 / std::abs(way.x());
    const double down = way.y() == 0 ? INFINITY : box.height() / 2 / std::abs(way.y());
    return middle + way * std::min(across, down);
}

} // namespace

StateMap::StateMap(const QRectF &area)
    : m_area(area)
{
    constexpr double kBoxWidth = 0.80;
    constexpr double kNarrow = 0.58;
    constexpr double kBoxHeight = 0.58;
    const double margin = area.width() * 0.03; // for the shortcut
    const double width = (area.width() - margin) / kColumns;
    const double height = area.height() / kRows;
    for (const Place &place : kPlaces) {
        // What is narrower leaves room for the arrows between CLOSED and SYN_SENT.
        const bool isNarrow = place.row < 2;
        QRectF box(0, 0, width * (isNarrow ? kNarrow : kBoxWidth), height * kBoxHeight);
        box.moveCenter({area.left() + (place.column + 0.5) * width, area.top() + (place.row + 0.5) * height});
        m_boxes[static_cast<std::size_t>(place.place)] = box;
    }
    for (const StateArrow &arrow : stateArrows()) {
        m_arrows.push_back(lineBetween(arrow.from, arrow.to));
    }
}

QLineF StateMap::lineBetween(TcpState from, TcpState to) const
{
    const QRectF &begin = box(from);
    const QRectF &end = leadsToEnd(from, to) ? box(kEnd) : box(to);
    QLineF line(edgeOf(begin, end.center()), edgeOf(end, begin.center()));
    if (arrowBetween(to, from) >= 0 && line.dy() > 0) { // there is one the other way, up: beside each other
        const QLineF normal = line.normalVector().unitVector();
        line.translate((normal.p2() - normal.p1()) * std::min(7.0, begin.height() / 3));
    }
    return line;
}

int StateMap::arrowBetween(TcpState from, TcpState to)
{
    const auto arrows = stateArrows();
    const auto found = std::find_if(arrows.begin(), arrows.end(),
                                    [&](const StateArrow &arrow) { return arrow.from == from && arrow.to == to; });
    return found == arrows.end() ? -1 : static_cast<int>(found - arrows.begin());
}

QPolygonF StateMap::shortcut(TcpState from) const
{
    const QRectF &begin = box(from);
    const QRectF &end = box(kEnd);
    const double edge = m_area.right() - 2;
    return {{QPointF(begin.right(), begin.center().y()), QPointF(edge, begin.center().y()), QPointF(edge, end.center().y()),
             QPointF(end.right(), end.center().y())}};
}

int StateMap::placeAt(const QPointF &point) const
{
    for (const Place &place : kPlaces) {
        if (box(place.place).contains(point)) {
            return place.place;
        }
    }
    return -1;
}

std::vector<int> StateMap::placesOf(const std::vector<TcpState> &way)
{
    std::vector<int> places;
    for (const TcpState state : way) {
        places.push_back(state == TcpState::Closed && !places.empty() ? kEnd : at(state));
    }
    return places;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/rowwindow.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tincan {

namespace {

constexpr std::size_t kMostShapes = 400; // some screens full
constexpr int kLastGap = 6;              // below the last row

} // namespace

void RowWindow::relayOut()
{
    m_shapes.clear();
    m_places.clear();
    m_settled = false;
}

void RowWindow::setModel(const TranscriptModel *model)
{
    m_model = model;
    m_marker = -1;
    m_whole.clear();
    m_top = {};
    m_atEnd = true;
    relayOut();
}

void RowWindow::setHeight(int height)
{
    m_height = height;
    m_settled = false;
}

void RowWindow::setMarker(int row)
{
    forget(std::exchange(m_marker, row));
    forget(row);
    m_settled = false;
}

void RowWindow::showWhole(int row)
{
    const Position here = top();
    if (m_whole.insert(row).second) {
        forget(row);
        moveTo(here);
    }
}

void RowWindow::grew(bool hold)
{
    if (m_atEnd) { // elsewhere nothing in sight changes
        m_atEnd = !hold;
        m_settled = false;
    }
}

void RowWindow::insertedBetween(int first, int rows)
{
    const auto moved = [first, rows](int row) { return row >= first ? row + rows : row; };
    std::unordered_set<int> whole;
    for (const int row : m_whole) {
        whole.insert(moved(row));
    }
    m_whole.swap(whole);
    m_marker = moved(m_marker);
    m_top.row = moved(m_top.row);
    relayOut();
}

void RowWindow::rowsChanged(int first, int last)
{
    if (last - first > static_cast<int>(m_shapes.size())) {
        relayOut();
        return;
    }
    for (int row = first; row <= last; ++row) {
        forget(row);
    }
    m_settled = false;
}

void RowWindow::forget(int row)
{
    if (const auto found = m_places.find(row); found != m_places.end()) {
        m_shapes.erase(found->second);
        m_places.erase(found);
    }
}

const RowShape &RowWindow::shape(int row)
{
    if (const auto found = m_places.find(row); found != m_places.end()) {
        m_shapes.splice(m_shapes.begin(), m_shapes, found->second);
        return *found->second->second;
    }
    m_shapes.emplace_front(row, m_layout.make(*m_model, row, row == m_marker, m_whole.contains(row)));
    m_places[row] = m_shapes.begin();
    ++m_layouts;
    if (m_shapes.size() > kMostShapes) {
        m_places.erase(m_shapes.back().first);
        m_shapes.pop_back();
    }
    return *m_shapes.front().second;
}

// Where the window stands when the last row ends at its bottom. {0, 0} where everything fits.
RowWindow::Position RowWindow::endPosition()
{
    int left = m_height - kLastGap;
    for (int row = count() - 1; row >= 0; --row) {
        left -= shape(row).height;
        if (left < 0) {
            m_rowsInSight = std::max(1, count() - 1 - row);
            return {row, -left};
        }
    }
    m_rowsInSight = std::max(1, count());
    return {};
}

// Whether the last row is wholly in sight from there.
bool RowWindow::reachesEnd(Position from)
{
    int y = -from.hidden;
    for (int row = from.row; row < count(); ++row) {
        y += shape(row).height;
        if (y > m_height - kLastGap) {
            m_rowsInSight = std::max(1, row - from.row);
            return false;
        }
    }
    return true;
}

void RowWindow::settle()
{
    if (m_settled || count() == 0 || m_height <= 0) {
        return;
    }
    m_settled = true;
    if (!m_atEnd) {
        m_top.row = std::clamp(m_top.row, 0, count() - 1);
        m_top.hidden = std::clamp(m_top.hidden, 0, shape(m_top.row).height);
        m_atEnd = reachesEnd(m_top);
    }
    if (m_atEnd) {
        m_top = endPosition();
    }
}

void RowWindow::moveTo(Position position)
{
    m_top = position;
    m_atEnd = false;
    m_settled = false;
    settle();
}

void RowWindow::moveToEnd()
{
    m_atEnd = true;
    m_settled = false;
    settle();
}

void RowWindow::movePixels(int down)
{
    settle();
    if (count() == 0 || (down > 0 && m_atEnd)) {
        return;
    }
    Position position{m_top.row, m_top.hidden + down};
    while (position.hidden < 0 && position.row > 0) {
        position.hidden += shape(--position.row).height;
    }
    while (position.row + 1 < count() && position.hidden >= shape(position.row).height) {
        position.hidden -= shape(position.row++).height;
    }
    moveTo({position.row, std::max(0, position.hidden)});
}

void RowWindow::reveal(int row)
{
    if (row < 0 || row >= count()) {
        return;
    }
    settle();
    if (row <= m_top.row) {
        moveTo({row, 0});
        return;
    }
    const int begin = top(row);
    if (begin + shape(row).height <= m_height) {
        return;
    }
    Position position{row, 0};
    for (int left = m_height - kLastGap - shape(row).height; left > 0 && position.row > 0;) {
        left -= shape(--position.row).height;
        position.hidden = std::max(0, -left);
    }
    moveTo(position);
}

RowWindow::Position RowWindow::top()
{
    settle();
    return m_top;
}

int RowWindow::top(int row)
{
    settle();
    int y = -m_top.hidden;
    if (row < m_top.row || row >= count()) {
        return m_height;
    }
    for (int at = m_top.row; at < row && y < m_height; ++at) {
        y += shape(at).height;
    }
    return y;
}

int RowWindow::rowAt(int y)
{
    settle();
    int bottom = -m_top.hidden;
    for (int row = m_top.row; row < count() && bottom < m_height; ++row) {
        bottom += shape(row).height;
        if (y < bottom) {
            return row;
        }
    }
    return -1;
}

// Parts of a row, so that a tall one can be scrolled through; fewer where there are so many rows that they would not fit an int.
int RowWindow::barUnits() const
{
    constexpr int kMost = 64;
    return std::clamp(std::numeric_limits<int>::max() / 4 / std::max(1, count()), 1, kMost);
}

int RowWindow::barValue(Position position)
{
    const int units = barUnits();
    return position.row * units + position.hidden * units / std::max(1, shape(position.row).height + 1);
}

RowWindow::Bar RowWindow::bar()
{
    settle();
    if (count() == 0) {
        return {};
    }
    const int value = barValue(m_top);
    const int page = m_rowsInSight * barUnits();
    // At the end it is known; elsewhere as many rows are taken to fit as do here.
    return {m_atEnd ? value : std::max(value + 1, count() * barUnits() - page), value, page};
}

RowWindow::Position RowWindow::positionOf(int barValue)
{
    if (count() == 0) {
        return {};
    }
    const int row = std::clamp(barValue / barUnits(), 0, count() - 1);
    return {row, barValue % barUnits() * shape(row).height / barUnits()};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "ui/rowlayout.h"

namespace tincan {

// Which rows of a conversation are in sight, without a widget. Anchored on a row: it knows the row at its top and how much of it
// is hidden, and never adds up what is above or below, so that ten million rows cost what thirty do. GUI thread.
class RowWindow
{
public:
    struct Position {
        int row = 0;
        int hidden = 0; // pixels of it above the top
        friend auto operator<=>(const Position &, const Position &) = default;
    };
    // What a scroll bar says of it, in parts of rows.
    struct Bar {
        int maximum = 0;
        int value = 0;
        int page = 1;
    };

    // Change it as you like, then call relayOut().
    RowLayout &layout() { return m_layout; }
    const RowLayout &layout() const { return m_layout; }
    void relayOut();

    // Not owned, may be null. At its end, without a marker.
    void setModel(const TranscriptModel *model);
    void setHeight(int height); // pixels
    int marker() const { return m_marker; }
    void setMarker(int row); // -1: none
    // Shows the row's payload as far as RowLayout::kMostShown from now on. What is above it stays where it is.
    void showWhole(int row);

    // Rows have come at the end. It goes with them if it is there, unless told to `hold` still. Costs nothing by itself.
    void grew(bool hold);
    // Some have come before others, which have new numbers now. What is in sight stays there.
    void insertedBetween(int first, int rows);
    void rowsChanged(int first, int last);
    // What became of sent rows may have changed: those are laid out anew of which something else is to be said. False: none.
    bool deliveryChanged();

    void moveTo(Position position);
    void moveToEnd();
    void movePixels(int down);
    // Moves no farther than it must for the row to be in sight.
    void reveal(int row);

    // Makes the position suit the rows that there are: lays out those in sight, and no others. Everything below does so too.
    void settle();
    Position top();
    bool isAtEnd() const { return m_atEnd; } // as of the last time it was settled
    int top(int row);                        // where the row begins; the window's height or more where it is not in sight
    int rowAt(int y);                        // -1: none
    Bar bar();
    Position positionOf(int barValue);

    int count() const { return m_model ? m_model->count() : 0; }
    // The reference holds until some hundreds of others have been asked for.
    const RowShape &shape(int row);
    // How many rows have been laid out since it was made: what the tests hold against the number there are.
    int layoutCount() const { return m_layouts; }

private:
    using Shapes = std::list<std::pair<int, std::unique_ptr<RowShape>>>; // what was used last is in front
    void forget(int row);
    Position endPosition();
    bool reachesEnd(Position from);
    int barUnits() const;
    int barValue(Position position);

    RowLayout m_layout;
    const TranscriptModel *m_model = nullptr;
    Shapes m_shapes;
    std::unordered_map<int, Shapes::iterator> m_places;
    std::unordered_set<int> m_whole; // rows of which all is shown
    Position m_top;
    int m_height = 0;
    int m_marker = -1;
    int m_rowsInSight = 1;
    int m_layouts = 0;
    bool m_atEnd = true;
    bool m_settled = false;
};

} // namespace tincan

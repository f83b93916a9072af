// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QScrollBar>

namespace tincan {

// A scroll bar with marks beside its slider: for each of its pixels it asks whether something is there, so that a million marks
// cost what ten do. GUI thread.
class MarkedScrollBar final : public QScrollBar
{
    Q_OBJECT
public:
    using QScrollBar::QScrollBar;

    // Whether there is a mark from the one to the other, in parts of the whole (0 to 1). Empty: no marks. The second: the
    // stronger.
    using Marks = std::function<bool(double from, double to)>;
    void setMarks(const Marks &marks, const Marks &strong);
    // The marks have changed.
    void marksChanged() { update(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Marks m_marks;
    Marks m_strong;
};

} // namespace tincan

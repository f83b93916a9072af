// SPDX-License-Identifier: MIT
#include "ui/markedscrollbar.h"

#include <algorithm>

#include <QPainter>
#include <QStyleOptionSlider>

#include "ui/theme.h"

namespace tincan {

void MarkedScrollBar::setMarks(const Marks &marks, const Marks &strong)
{
    m_marks = marks;
    m_strong = strong;
    update();
}

void MarkedScrollBar::paintEvent(QPaintEvent *event)
{
    QScrollBar::paintEvent(event);
    if (!m_marks) {
        return;
    }
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect groove = style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarGroove, this);
    constexpr int kThick = 2;
    const int steps = std::max(1, groove.height() / kThick);
    QPainter painter(this);
    for (int step = 0; step < steps; ++step) {
        const double from = static_cast<double>(step) / steps;
        const double to = static_cast<double>(step + 1) / steps;
        const QRect where(groove.left() + 2, groove.top() + step * kThick, groove.width() - 4, kThick);
        if (m_strong(from, to)) {
            painter.fillRect(where.adjusted(-2, -1, 2, 1), palette().color(QPalette::Text));
        } else if (m_marks(from, to)) {
            painter.fillRect(where, waitingColour());
        }
    }
}

} // namespace tincan

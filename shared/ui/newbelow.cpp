// SPDX-License-Identifier: MIT
#include "ui/newbelow.h"

#include <QPainter>

namespace tincan {

NewBelow::NewBelow(QWidget *parent)
    : QAbstractButton(parent)
{
    setObjectName(QStringLiteral("newBelow"));
    setAccessibleName(QStringLiteral("New messages below"));
    setToolTip(QStringLiteral("Go to the newest message (End)"));
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::PointingHandCursor);
    hide();
}

void NewBelow::showCount(int rows, const QRect &area)
{
    if (rows > 0) {
        setText(QStringLiteral("▼ %L1 new").arg(rows));
        resize(sizeHint());
        move(area.center().x() - width() / 2, area.bottom() - height() - fontMetrics().height() / 2);
        raise();
    }
    setVisible(rows > 0);
}

QSize NewBelow::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.horizontalAdvance(text()) + 2 * metrics.height(), metrics.height() * 3 / 2};
}

void NewBelow::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor colour = palette().color(QPalette::Active, QPalette::Highlight);
    if (isDown()) {
        colour = colour.darker(115);
    } else if (underMouse()) {
        colour = colour.lighter(112);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.setPen(palette().color(QPalette::Active, QPalette::HighlightedText));
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/elidedlabel.h"

#include <algorithm>

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace tincan {

ElidedLabel::ElidedLabel(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString &strong, const QString &rest)
{
    if (strong != m_strong || rest != m_rest) {
        m_strong = strong;
        m_rest = rest;
        setAccessibleName(strong + rest);
        updateGeometry();
        update();
    }
}

void ElidedLabel::setSpoken(const QString &text)
{
    if (text != accessibleName()) {
        setAccessibleName(text);
    }
}

void ElidedLabel::setWhole(const QString &toolTip)
{
    m_whole = toolTip;
}

QFont ElidedLabel::strongFont() const
{
    QFont strong = font();
    strong.setBold(true);
    return strong;
}

QSize ElidedLabel::sizeHint() const
{
    const int width = QFontMetrics(strongFont()).horizontalAdvance(m_strong) + fontMetrics().horizontalAdvance(m_rest) + 2;
    return {width, fontMetrics().height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const
{
    if (m_isWhole) {
        return sizeHint();
    }
    return {fontMetrics().averageCharWidth() * 6, fontMetrics().height() + 2};
}

bool ElidedLabel::isCut() const
{
    return sizeHint().width() > width();
}

bool ElidedLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const QString whole = m_whole.isEmpty() && isCut() ? text() : m_whole;
        // Escaped: a tool tip that looks like markup would be shown as such.
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), whole.toHtmlEscaped(), this);
        return true;
    }
    return QWidget::event(event);
}

void ElidedLabel::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    QRect room = rect();
    const QFontMetrics strong(strongFont());
    const int wanted = strong.horizontalAdvance(m_strong);
    painter.setFont(strongFont());
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine, strong.elidedText(m_strong, Qt::ElideMiddle, room.width()));
    room.setLeft(room.left() + wanted);
    constexpr int kLeastLetters = 10; // fewer say nothing: the tool tip does
    const int whole = fontMetrics().horizontalAdvance(m_rest);
    if (room.width() >= (m_isRestWhole ? whole : std::min(whole, fontMetrics().averageCharWidth() * kLeastLetters))) {
        painter.setFont(font());
        painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine, fontMetrics().elidedText(m_rest, m_mode, room.width()));
    }
}

} // namespace tincan

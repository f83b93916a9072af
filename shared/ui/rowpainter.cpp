// SPDX-License-Identifier: MIT
#include "ui/rowpainter.h"

#include <QPainter>

#include "ui/theme.h"

namespace tincan {

namespace {

constexpr int kRadius = 8;

QColor mix(const QColor &one, const QColor &other, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    return QColor(part(one.red(), other.red()), part(one.green(), other.green()), part(one.blue(), other.blue()));
}

} // namespace

void RowPainter::setPalette(const QPalette &palette)
{
    m_palette = palette;
    const QColor base = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const bool dark = isDark(palette);
    m_received = mix(base, text, dark ? 0.11 : 0.06);
    m_sent = mix(base, goodColour(), dark ? 0.40 : 0.16);
    m_refused = mix(base, badColour(), dark ? 0.30 : 0.12);
    m_colours.text = text;
    m_colours.muted = mutedText(palette);
    m_colours.escape = dark ? mix(goodColour(), QColor(Qt::white), 0.55) : mix(goodColour(), QColor(Qt::black), 0.1);
    m_colours.invalid = dark ? mix(badColour(), QColor(Qt::white), 0.4) : mix(badColour(), QColor(Qt::black), 0.1);
}

void RowPainter::paintMarker(QPainter &painter, const QRect &where) const
{
    const QString text = QStringLiteral("new since you were here");
    const int width = painter.fontMetrics().horizontalAdvance(text) + 16;
    const int middle = where.center().y();
    painter.setPen(waitingColour());
    painter.drawLine(where.left(), middle, where.center().x() - width / 2, middle);
    painter.drawLine(where.center().x() + width / 2, middle, where.right(), middle);
    painter.drawText(where, Qt::AlignCenter, text);
}

void RowPainter::paint(QPainter &painter, const RowShape &shape, int top, bool selected, const QFont &small) const
{
    painter.setFont(small);
    if (!shape.marker.isEmpty()) {
        paintMarker(painter, shape.marker.translated(0, top));
    }
    if (shape.kind == RowShape::Kind::Note) {
        const QRect where = shape.side.translated(0, top);
        if (selected) {
            painter.fillRect(where.adjusted(0, -2, 0, 2), m_palette.highlight());
        }
        painter.setPen(selected ? m_palette.color(QPalette::HighlightedText) : m_colours.muted);
        painter.drawText(where, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, shape.sideText);
        return;
    }
    const bool right = shape.kind != RowShape::Kind::Received;
    painter.setPen(m_colours.muted);
    if (!shape.who.isEmpty()) {
        painter.drawText(shape.who.translated(0, top), (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                         shape.whoText);
    }
    painter.drawText(shape.side.translated(0, top), (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, shape.sideText);

    painter.setRenderHint(QPainter::Antialiasing);
    const QRect bubble = shape.bubble.translated(0, top);
    painter.setPen(selected ? QPen(m_palette.color(QPalette::Highlight), 2) : QPen(Qt::NoPen));
    if (shape.kind == RowShape::Kind::Refused && !selected) {
        painter.setPen(QPen(badColour(), 1));
    }
    painter.setBrush(shape.kind == RowShape::Kind::Received   ? m_received
                         : shape.kind == RowShape::Kind::Sent ? m_sent
                                                              : m_refused);
    painter.drawRoundedRect(bubble, kRadius, kRadius);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(m_colours.text);
    shape.layout->draw(&painter, shape.text + QPoint(0, top));
}

} // namespace tincan

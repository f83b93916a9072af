// SPDX-License-Identifier: MIT
#include "ui/rowpainter.h"

#include <QPainter>

#include "ui/theme.h"

namespace tincan {

namespace {

constexpr double kRadius = 8;

QColor mix(const QColor &one, const QColor &other, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    return {part(one.red(), other.red()), part(one.green(), other.green()), part(one.blue(), other.blue())};
}

} // namespace

void RowPainter::setPalette(const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const bool dark = base.lightness() < text.lightness();
    m_received = mix(base, text, dark ? 0.09 : 0.065);
    m_sent = mix(base, goodColour(), dark ? 0.30 : 0.15);
    m_refused = mix(base, badColour(), dark ? 0.24 : 0.10);
    m_refusedEdge = mix(badColour(), base, dark ? 0.1 : 0.2);
    m_marker = dark ? waitingColour() : mix(waitingColour(), Qt::black, 0.25);
    m_mark = mix(base, waitingColour(), dark ? 0.45 : 0.5);
    m_currentMark = waitingColour();
    m_selected = palette.color(QPalette::Highlight);
    m_selectedShare = dark ? 0.45 : 0.22;
    m_colours.text = text;
    m_colours.muted = mutedText(palette);
    m_colours.escape = dark ? mix(goodColour(), Qt::white, 0.45) : mix(goodColour(), Qt::black, 0.25);
    m_colours.invalid = dark ? mix(badColour(), Qt::white, 0.45) : mix(badColour(), Qt::black, 0.15);
}

void RowPainter::paintMarker(QPainter &painter, const QRect &where) const
{
    const QString text = QStringLiteral("new since you were here");
    const int width = painter.fontMetrics().horizontalAdvance(text) + 20;
    const int middle = where.center().y();
    painter.setPen(m_marker);
    painter.drawLine(where.left(), middle, where.center().x() - width / 2, middle);
    painter.drawLine(where.center().x() + width / 2, middle, where.right(), middle);
    painter.drawText(where, Qt::AlignCenter, text);
}

void RowPainter::paintNote(QPainter &painter, const RowShape &shape, int top, bool selected) const
{
    if (selected) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_selected, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(shape.hot.translated(0, top), kRadius, kRadius);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    painter.setPen(m_colours.muted);
    painter.drawText(shape.side.translated(0, top), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, shape.sideText);
}

void RowPainter::paintBubble(QPainter &painter, const RowShape &shape, int top, bool selected) const
{
    const bool received = shape.kind == RowShape::Kind::Received;
    const bool refused = shape.kind == RowShape::Kind::Refused;
    const QColor fill = received ? m_received : refused ? m_refused : m_sent;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(selected ? mix(fill, m_selected, m_selectedShare) : fill);
    QRectF bubble = shape.bubble.translated(0, top);
    if (selected) {
        painter.setPen(QPen(m_selected, 2));
    } else if (refused) {
        painter.setPen(m_refusedEdge);
        bubble.adjust(0.5, 0.5, -0.5, -0.5); // a line of one pixel, not of two halves
    } else {
        painter.setPen(Qt::NoPen);
    }
    painter.drawRoundedRect(bubble, kRadius, kRadius);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QList<QTextLayout::FormatRange> RowPainter::formats(const std::vector<CharSpan> &marks) const
{
    QList<QTextLayout::FormatRange> formats;
    for (const CharSpan &mark : marks) {
        QTextLayout::FormatRange range;
        range.start = mark.start;
        range.length = mark.length;
        range.format.setBackground(mark.isCurrent ? m_currentMark : m_mark);
        range.format.setForeground(mark.isCurrent ? QColor(Qt::black) : m_colours.text);
        formats.append(range);
    }
    return formats;
}

void RowPainter::paint(QPainter &painter, const RowShape &shape, int top, bool selected, const QRect &clip,
                       const std::vector<CharSpan> &marks) const
{
    if (!shape.marker.isEmpty()) {
        paintMarker(painter, shape.marker.translated(0, top));
    }
    if (shape.kind == RowShape::Kind::Note) {
        paintNote(painter, shape, top, selected);
        return;
    }
    const int side = shape.kind == RowShape::Kind::Received ? Qt::AlignLeft : Qt::AlignRight;
    painter.setPen(m_colours.muted);
    if (!shape.who.isEmpty()) {
        painter.drawText(shape.who.translated(0, top), side | Qt::AlignTop, shape.whoText);
    }
    painter.setPen(shape.kind == RowShape::Kind::Refused ? m_colours.invalid : m_colours.muted);
    painter.drawText(shape.side.translated(0, top), side | Qt::AlignTop | Qt::TextWordWrap, shape.sideText);
    paintBubble(painter, shape, top, selected);
    painter.setPen(m_colours.text);
    shape.layout->draw(&painter, shape.text + QPoint(0, top), formats(marks), clip);
}

} // namespace tincan

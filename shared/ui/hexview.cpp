// SPDX-License-Identifier: MIT
#include "ui/hexview.h"

#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include "ui/theme.h"

namespace tincan {

namespace {

constexpr int kMargin = 6;
constexpr int kTop = 4; // as a text document's
constexpr int kOffsetLetters = 8;

// As in RowLayout: the size of the window's text, in the system's fixed font.
QFont fixedFont(const QFont &around)
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (around.pointSizeF() > 0) {
        fixed.setPointSizeF(around.pointSizeF());
    } else {
        fixed.setPixelSize(around.pixelSize());
    }
    return fixed;
}

bool isPrintable(char byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

} // namespace

HexView::HexView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setCursor(Qt::IBeamCursor);
    relayOut();
}

void HexView::setBytes(const QByteArray &bytes)
{
    m_bytes = bytes;
    m_cursor = bytes.isEmpty() ? -1 : 0;
    m_anchor = 0;
    m_isSelecting = false;
    relayOut();
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

HexView::Span HexView::selection() const
{
    if (!m_isSelecting) {
        return {std::max<qsizetype>(0, m_cursor), 0};
    }
    const auto [first, last] = std::minmax(m_anchor, m_cursor);
    return {first, last - first + 1};
}

void HexView::select(qsizetype at, qsizetype size)
{
    if (m_bytes.isEmpty()) {
        return;
    }
    const qsizetype last = m_bytes.size() - 1;
    m_anchor = std::clamp<qsizetype>(at, 0, last);
    m_isSelecting = size > 0;
    m_cursor = size > 0 ? std::clamp<qsizetype>(at + size - 1, m_anchor, last) : m_anchor;
    reveal(m_cursor);
    reveal(m_anchor);
    viewport()->update();
}

void HexView::relayOut()
{
    viewport()->setFont(fixedFont(font()));
    m_letter = std::max(1, QFontMetrics(viewport()->font()).horizontalAdvance(u'0'));
    const qsizetype top = topLine() * m_perLine;
    m_perLine = viewport()->width() >= lineWidth(16) ? 16 : viewport()->width() >= lineWidth(8) ? 8 : 4;
    const int page = std::max(1, (viewport()->height() - kTop) / lineHeight());
    verticalScrollBar()->setRange(0, static_cast<int>(std::max<qsizetype>(0, lines() - page)));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setValue(static_cast<int>(top / m_perLine));
    viewport()->update();
}

int HexView::lineWidth(int perLine) const
{
    return 2 * kMargin + m_letter * (kOffsetLetters + 4 * perLine + (perLine - 1) / 8 + 3);
}

int HexView::widthFor(int bytesPerLine) const
{
    return lineWidth(bytesPerLine) + 2 * frameWidth() + verticalScrollBar()->sizeHint().width();
}

int HexView::lineHeight() const
{
    return std::max(1, QFontMetrics(viewport()->font()).lineSpacing());
}

qsizetype HexView::topLine() const
{
    return verticalScrollBar()->value();
}

int HexView::hexX(qsizetype column) const
{
    return kMargin + m_letter * static_cast<int>(kOffsetLetters + 2 + 3 * column + column / 8);
}

int HexView::asciiX(qsizetype column) const
{
    return hexX(m_perLine - 1) + m_letter * static_cast<int>(4 + column);
}

QRect HexView::byteRect(qsizetype at) const
{
    const auto y = kTop + static_cast<int>(at / m_perLine - topLine()) * lineHeight();
    return {hexX(at % m_perLine), y, 2 * m_letter, lineHeight()};
}

qsizetype HexView::byteAt(QPoint position) const
{
    if (m_bytes.isEmpty()) {
        return -1;
    }
    const int down = position.y() >= 0 ? std::max(0, position.y() - kTop) / lineHeight() : -1;
    const qsizetype line = std::clamp<qsizetype>(topLine() + down, 0, lines() - 1);
    qsizetype column = 0;
    const bool onText = position.x() >= asciiX(0) - m_letter / 2;
    const auto right = [&](qsizetype at) { return onText ? asciiX(at) + m_letter : hexX(at) + 2 * m_letter + m_letter / 2; };
    while (column < m_perLine - 1 && position.x() >= right(column)) {
        ++column;
    }
    return std::min(line * m_perLine + column, m_bytes.size() - 1);
}

void HexView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const int height = lineHeight();
    for (int y = kTop; y < viewport()->height(); y += height) {
        const qsizetype line = topLine() + (y - kTop) / height;
        if (line < lines() && y + height >= event->rect().top() && y <= event->rect().bottom()) {
            paintLine(painter, line, y);
        }
    }
}

// Behind the bytes first to last of one line.
void HexView::paintSelected(QPainter &painter, qsizetype first, qsizetype last, int y)
{
    const QPalette::ColorGroup group = hasFocus() ? QPalette::Active : QPalette::Inactive;
    QColor colour = palette().color(group, QPalette::Highlight);
    colour.setAlphaF(hasFocus() ? 0.45F : 0.28F); // what is muted stays readable on it
    const int from = hexX(first % m_perLine);
    const int to = hexX(last % m_perLine) + 2 * m_letter;
    painter.fillRect(from - 1, y, to - from + 2, lineHeight(), colour);
    const int fromText = asciiX(first % m_perLine);
    painter.fillRect(fromText, y, asciiX(last % m_perLine) + m_letter - fromText, lineHeight(), colour);
}

void HexView::paintLine(QPainter &painter, qsizetype line, int y)
{
    ++m_linesPainted;
    const qsizetype begin = line * m_perLine;
    const qsizetype end = std::min(begin + m_perLine, m_bytes.size());
    const auto [at, size] = selection();
    if (size > 0 && at < end && at + size > begin) {
        paintSelected(painter, std::max(at, begin), std::min(at + size, end) - 1, y);
    }
    QString printable;
    QString others;
    const int baseline = y + QFontMetrics(painter.font()).ascent();
    const QColor text = palette().color(QPalette::Text);
    const QColor muted = mutedText(palette());
    for (qsizetype byte = begin; byte < end; ++byte) {
        const char value = m_bytes[byte];
        printable += isPrintable(value) ? QLatin1Char(value) : QLatin1Char(' ');
        others += isPrintable(value) ? u' ' : u'·';
        painter.setPen(value == 0 ? muted : text);
        painter.drawText(hexX(byte - begin), baseline,
                         QStringLiteral("%1").arg(static_cast<unsigned char>(value), 2, 16, QLatin1Char('0')));
    }
    painter.setPen(text);
    painter.drawText(asciiX(0), baseline, printable);
    painter.setPen(muted);
    painter.drawText(asciiX(0), baseline, others);
    painter.drawText(kMargin, baseline, QStringLiteral("%1").arg(begin, kOffsetLetters, 16, QLatin1Char('0')));
    if (m_cursor >= begin && m_cursor < end) {
        painter.setPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid));
        painter.drawRect(byteRect(m_cursor).adjusted(-1, 0, 0, -1));
        painter.drawRect(QRect(asciiX(m_cursor - begin), y, m_letter, lineHeight()).adjusted(0, 0, -1, -1));
    }
}

void HexView::resizeEvent(QResizeEvent * /*event*/)
{
    relayOut();
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        relayOut();
    }
}

void HexView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    viewport()->update();
}

void HexView::focusInEvent(QFocusEvent *event)
{
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void HexView::focusOutEvent(QFocusEvent *event)
{
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

} // namespace tincan

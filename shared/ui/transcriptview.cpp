// SPDX-License-Identifier: MIT
#include "ui/transcriptview.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include "ui/markedscrollbar.h"
#include "ui/newbelow.h"
#include "ui/transcriptaccessible.h"

namespace tincan {

TranscriptView::TranscriptView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_bar(new MarkedScrollBar(Qt::Vertical, this))
    , m_newBelow(new NewBelow(this))
{
    setVerticalScrollBar(m_bar);
    installTranscriptAccessible();
    setObjectName(QStringLiteral("transcript"));
    setAccessibleName(QStringLiteral("Transcript"));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setMouseTracking(true); // the pointer is a hand over what can be clicked
    connect(m_newBelow, &QAbstractButton::clicked, this, &TranscriptView::followEnd);
    connect(verticalScrollBar(), &QAbstractSlider::actionTriggered, this, &TranscriptView::barTriggered);
    connect(verticalScrollBar(), &QAbstractSlider::sliderReleased, this, &TranscriptView::schedule);
    restyle();
}

void TranscriptView::setModel(TranscriptModel *model)
{
    if (m_model) {
        disconnect(m_model, nullptr, this, nullptr);
    }
    m_model = model;
    if (model) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &TranscriptView::rowsCame);
        connect(model, &QAbstractItemModel::dataChanged, this, &TranscriptView::rowsChanged);
        connect(model, &TranscriptModel::deliveryChanged, this, &TranscriptView::deliveryChanged);
        connect(model, &QObject::destroyed, this, [this] { setModel(nullptr); });
    }
    m_window.setModel(model);
    if (!m_follows) {
        m_window.moveTo({});
    }
    m_seen = count();
    clearSelection();
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // until it is needed: see updateBar()
    transcriptReplaced(this);
    schedule();
}

void TranscriptView::setShowAs(ShowAs showAs)
{
    m_window.layout().setShowAs(showAs);
    m_window.relayOut();
    schedule();
}

void TranscriptView::setTimesAs(TimesAs times)
{
    m_window.layout().setTimesAs(times);
    m_window.relayOut();
    schedule();
}

void TranscriptView::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    viewport()->update();
}

void TranscriptView::setMarker(int row)
{
    if (row != m_window.marker()) {
        m_window.setMarker(row);
        schedule();
    }
}

void TranscriptView::setZoom(int percent)
{
    const int zoom = std::clamp(percent, kSmallestZoom, kLargestZoom);
    if (zoom != m_zoom) {
        m_zoom = zoom;
        restyle();
        emit zoomChanged(zoom);
    }
}

void TranscriptView::zoomBy(int steps)
{
    setZoom(m_zoom + 10 * steps);
}

void TranscriptView::restyle()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    QFont small = font();
    constexpr double kSmall = 0.88;
    const double zoom = m_zoom / 100.0;
    if (font().pointSizeF() > 0) { // else it is given in pixels
        fixed.setPointSizeF(font().pointSizeF() * zoom);
        small.setPointSizeF(font().pointSizeF() * zoom * kSmall);
    } else {
        fixed.setPixelSize(std::max(1, qRound(font().pixelSize() * zoom)));
        small.setPixelSize(std::max(1, qRound(font().pixelSize() * zoom * kSmall)));
    }
    m_painter.setPalette(palette());
    m_window.layout().setFonts(fixed, small);
    m_window.layout().setColours(m_painter.colours());
    m_window.relayOut();
    schedule();
}

void TranscriptView::rowsCame(const QModelIndex & /*parent*/, int first, int last)
{
    const bool isBetween = last + 1 < count();
    const bool dirty = m_dirty || isBetween || isAtEnd();
    if (isBetween) { // of a filter: the numbers of those behind have changed
        const int rows = last - first + 1;
        m_window.insertedBetween(first, rows);
        select(m_anchor + (m_anchor >= first ? rows : 0), m_current + (m_current >= first ? rows : 0));
    }
    m_window.grew(m_anchor >= 0 || !m_follows);
    if (isAtEnd()) {
        m_seen = count(); // it goes with them
    }
    schedule();
    m_dirty = dirty; // out of sight, they change no more than the scroll bar and the button
    transcriptGrew(this);
}

void TranscriptView::rowsChanged(const QModelIndex &first, const QModelIndex &last)
{
    m_window.rowsChanged(first.row(), last.row());
    schedule();
}

// The first at once, then some a second: under load they come with every frame.
void TranscriptView::deliveryChanged()
{
    constexpr int kRestMilliseconds = 50;
    m_deliveryWaits = m_deliveryRest.isActive();
    if (m_deliveryWaits) {
        return;
    }
    m_deliveryRest.start(kRestMilliseconds, this);
    if (m_window.deliveryChanged()) {
        schedule();
    }
}

void TranscriptView::schedule()
{
    m_dirty = true;
    if (!m_update.isActive()) {
        m_update.start(0, this);
    }
}

// Position, picture, scroll bar and button follow what there is now.
void TranscriptView::changed()
{
    m_dirty = false;
    viewport()->update();
    updateAround();
}

void TranscriptView::updateAround()
{
    m_update.stop();
    if (!isVisible()) {
        return; // showEvent() comes back to it
    }
    m_window.settle();
    updateBar();
    if (isAtEnd()) {
        m_seen = count();
    }
    m_newBelow->showCount(m_follows ? count() - m_seen : 0, viewport()->geometry());
}

void TranscriptView::updateBar()
{
    QScrollBar *bar = verticalScrollBar();
    if (bar->isSliderDown()) {
        return; // not out of the hand that holds it
    }
    // Once it was needed it stays: coming and going, it would change the width, and the width what is needed.
    if (verticalScrollBarPolicy() == Qt::ScrollBarAlwaysOff && m_window.bar().maximum > 0) {
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    }
    const RowWindow::Bar now = m_window.bar();
    m_movingBar = true;
    bar->setRange(0, now.maximum);
    bar->setPageStep(now.page);
    bar->setValue(now.value);
    m_movingBar = false;
}

// The scroll bar's own steps are rows and screens, whatever their height.
void TranscriptView::barTriggered(int action)
{
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
    case QAbstractSlider::SliderSingleStepSub:
        m_window.movePixels(action == QAbstractSlider::SliderSingleStepAdd ? lineStep() : -lineStep());
        break;
    case QAbstractSlider::SliderPageStepAdd:
    case QAbstractSlider::SliderPageStepSub:
        m_window.movePixels(action == QAbstractSlider::SliderPageStepAdd ? pageStep() : -pageStep());
        break;
    default:
        return; // dragged, or to an end: the value says it
    }
    verticalScrollBar()->setSliderPosition(m_window.bar().value);
    changed();
}

// The scroll bar was moved by hand or by another program.
void TranscriptView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    const int value = verticalScrollBar()->value();
    if (m_movingBar || value == m_window.bar().value) {
        return;
    }
    if (value >= verticalScrollBar()->maximum()) {
        m_window.moveToEnd();
    } else {
        m_window.moveTo(m_window.positionOf(value));
    }
    changed();
}

void TranscriptView::followEnd()
{
    clearSelection();
    m_window.moveToEnd();
    changed();
}

void TranscriptView::showAtTop(int row)
{
    m_window.moveTo({row, 0});
    changed();
}

QRect TranscriptView::rowRect(int row)
{
    const int y = m_window.top(row);
    return y < viewport()->height() ? QRect(0, y, viewport()->width(), m_window.shape(row).height) : QRect();
}

QRect TranscriptView::bubbleRect(int row)
{
    const int y = m_window.top(row);
    return y < viewport()->height() ? m_window.shape(row).hot.translated(0, y) & viewport()->rect() : QRect();
}

QRect TranscriptView::moreRect(int row)
{
    const int y = m_window.top(row);
    const QRect more = y < viewport()->height() ? m_window.shape(row).more : QRect();
    return more.isEmpty() ? QRect() : more.translated(0, y) & viewport()->rect();
}

int TranscriptView::rowAt(QPoint position)
{
    return m_window.rowAt(position.y());
}

void TranscriptView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    if (count() == 0) {
        painter.setPen(m_painter.colours().muted);
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
    }
    const auto [first, last] = selection();
    painter.setFont(m_window.layout().smallFont());
    int y = -m_window.top().hidden;
    for (int row = m_window.top().row; row < count() && y <= event->rect().bottom(); ++row) {
        const RowShape &shape = m_window.shape(row);
        if (y + shape.height >= event->rect().top()) {
            m_painter.paint(painter, shape, y, row >= first && row <= last, event->rect(), marks(row));
        }
        y += shape.height;
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void TranscriptView::resizeEvent(QResizeEvent * /*event*/)
{
    if (m_window.layout().width() != viewport()->width()) {
        m_window.layout().setWidth(viewport()->width());
        m_window.relayOut();
    }
    m_window.setHeight(viewport()->height());
    schedule();
}

void TranscriptView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    changed();
}

void TranscriptView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        restyle();
    }
    QAbstractScrollArea::changeEvent(event);
}

void TranscriptView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_update.timerId()) {
        m_dirty ? changed() : updateAround();
    } else if (event->timerId() == m_deliveryRest.timerId()) {
        m_deliveryRest.stop();
        if (m_deliveryWaits) {
            deliveryChanged();
        }
    } else if (event->timerId() == m_drag.timerId()) {
        dragTo(viewport()->mapFromGlobal(QCursor::pos()).y());
    }
}

void TranscriptView::focusInEvent(QFocusEvent *event)
{
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void TranscriptView::focusOutEvent(QFocusEvent *event)
{
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

std::pair<int, int> TranscriptView::selection() const
{
    return m_anchor < 0 ? std::pair(-1, -1) : std::minmax({m_anchor, m_current});
}

void TranscriptView::select(int anchor, int current)
{
    if (anchor != m_anchor || current != m_current) {
        m_anchor = anchor;
        m_current = current;
        viewport()->update();
        emit selectionChanged();
    }
}

void TranscriptView::selectAll()
{
    if (count() > 0) {
        select(0, count() - 1);
    }
}

void TranscriptView::clearSelection()
{
    select(-1, -1);
}

void TranscriptView::copy(CopyAs as)
{
    const auto [first, last] = selection();
    if (first >= 0 && m_model) {
        QApplication::clipboard()->setText(copyText(*m_model, first, last, as));
    }
}

} // namespace tincan

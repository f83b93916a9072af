// SPDX-License-Identifier: MIT
#include "ui/transcriptview.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QToolButton>
#include <QWheelEvent>

#include "ui/transcriptaccessible.h"

namespace tincan {

namespace {

constexpr std::size_t kMostShapes = 400; // some screens full
// The scroll bar counts in parts of a row, so that a tall row can be scrolled through.
constexpr int kBarUnits = 32;
constexpr int kTopGap = 6;

} // namespace

TranscriptView::TranscriptView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_newBelow(new QToolButton(this))
{
    installTranscriptAccessible();
    setObjectName(QStringLiteral("transcript"));
    setAccessibleName(QStringLiteral("Transcript"));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setBackgroundRole(QPalette::Base);
    m_newBelow->setObjectName(QStringLiteral("newBelow"));
    m_newBelow->setAccessibleName(QStringLiteral("New messages below"));
    m_newBelow->setFocusPolicy(Qt::NoFocus);
    m_newBelow->hide();
    connect(m_newBelow, &QToolButton::clicked, this, [this] {
        clearSelection();
        scrollToEnd();
    });
    restyle();
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setModel(TranscriptModel *model)
{
    if (m_model) {
        disconnect(m_model, nullptr, this, nullptr);
    }
    m_model = model;
    if (model) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &TranscriptView::rowsCame);
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex &first, const QModelIndex &last) { rowsChanged(first.row(), last.row()); });
    }
    m_marker = -1;
    m_anchor = m_current = -1;
    forgetShapes();
    setAtEnd(true);
    m_settled = false;
    settle();
    viewport()->update();
}

void TranscriptView::setShowAs(ShowAs showAs)
{
    m_layout.setShowAs(showAs);
    forgetShapes();
    m_settled = false;
    viewport()->update();
}

void TranscriptView::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    viewport()->update();
}

void TranscriptView::setMarker(int row)
{
    m_shapes.erase(std::exchange(m_marker, row));
    m_shapes.erase(row);
    m_settled = false;
    viewport()->update();
}

const RowShape &TranscriptView::shape(int row)
{
    auto &slot = m_shapes[row];
    if (!slot) {
        slot = m_layout.make(*m_model, row, row == m_marker);
        ++m_layouts;
    }
    return *slot;
}

void TranscriptView::forgetShapes()
{
    m_shapes.clear();
}

void TranscriptView::restyle()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    QFont small = font();
    if (small.pointSizeF() > 0) { // a size in points, else in pixels
        fixed.setPointSizeF(font().pointSizeF());
        small.setPointSizeF(font().pointSizeF() * 0.88);
    } else {
        fixed.setPixelSize(font().pixelSize());
        small.setPixelSize(std::max(1, font().pixelSize() * 88 / 100));
    }
    m_layout.setFonts(fixed, small);
    m_painter.setPalette(palette());
    m_layout.setColours(m_painter.colours());
    m_layout.setWidth(viewport()->width());
    forgetShapes();
    m_settled = false;
    viewport()->update();
}

// Where the view stands when the last row ends at its bottom. {0, 0} where everything fits.
TranscriptView::Position TranscriptView::endPosition()
{
    int left = viewport()->height() - kTopGap;
    for (int row = count() - 1; row >= 0; --row) {
        left -= shape(row).height;
        if (left < 0) {
            return {row, -left};
        }
    }
    return {};
}

// Makes the position suit the rows that there are, before it is used.
void TranscriptView::settle()
{
    if (m_settled || !m_model) {
        return;
    }
    m_settled = true;
    const Position end = endPosition();
    if (m_atEnd || Position{m_top, m_hidden} >= end) {
        m_top = end.row;
        m_hidden = end.hidden;
        setAtEnd(true);
    }
    if (m_atEnd) {
        m_seen = count();
    }
    updateBar();
    updateNewBelow();
    if (m_shapes.size() > kMostShapes) {
        // Only those around the screen are worth keeping.
        std::erase_if(m_shapes,
                      [this](const auto &entry) { return std::abs(entry.first - m_top) > static_cast<int>(kMostShapes) / 4; });
    }
}

void TranscriptView::rowsCame()
{
    m_settled = false;
    if (m_atEnd && m_anchor >= 0) {
        setAtEnd(false); // something is selected: it holds still
    }
    if (m_atEnd) {
        viewport()->update();
    } else {
        settle();
    }
    transcriptGrew(this);
}

void TranscriptView::rowsChanged(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        m_shapes.erase(row);
    }
    m_settled = false;
    viewport()->update();
}

void TranscriptView::setAtEnd(bool atEnd)
{
    if (m_atEnd != atEnd) {
        m_atEnd = atEnd;
        emit atEndChanged(atEnd);
    }
}

void TranscriptView::updateBar()
{
    m_movingBar = true;
    const Position end = endPosition();
    const auto units = [this](Position position) {
        if (count() == 0) {
            return 0;
        }
        return position.row * kBarUnits + position.hidden * kBarUnits / std::max(1, shape(position.row).height);
    };
    QScrollBar *bar = verticalScrollBar();
    bar->setRange(0, units(end));
    bar->setSingleStep(kBarUnits);
    bar->setPageStep(std::max(1, count() * kBarUnits - units(end)));
    bar->setValue(m_atEnd ? bar->maximum() : units({m_top, m_hidden}));
    m_movingBar = false;
}

// The scroll bar was moved by hand or by another program.
void TranscriptView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    if (m_movingBar || !m_model || count() == 0) {
        return;
    }
    const QScrollBar *bar = verticalScrollBar();
    if (bar->value() >= bar->maximum()) {
        scrollToEnd();
        return;
    }
    const int row = std::clamp(bar->value() / kBarUnits, 0, count() - 1);
    moveTo({row, bar->value() % kBarUnits * shape(row).height / kBarUnits});
}

void TranscriptView::moveTo(Position position)
{
    const Position end = endPosition();
    setAtEnd(position >= end);
    position = std::min(position, end);
    m_top = position.row;
    m_hidden = position.hidden;
    m_settled = false;
    settle();
    viewport()->update();
}

void TranscriptView::scrollToEnd()
{
    setAtEnd(true);
    m_settled = false;
    settle();
    viewport()->update();
}

void TranscriptView::scrollPixels(int pixels)
{
    if (count() == 0) {
        return;
    }
    settle();
    Position position{m_top, m_hidden + pixels};
    while (position.hidden < 0 && position.row > 0) {
        position.hidden += shape(--position.row).height;
    }
    while (position.row + 1 < count() && position.hidden >= shape(position.row).height) {
        position.hidden -= shape(position.row++).height;
    }
    moveTo({position.row, std::max(0, position.hidden)});
}

void TranscriptView::updateNewBelow()
{
    const int fresh = count() - m_seen;
    const bool show = !m_atEnd && fresh > 0;
    m_newBelow->setVisible(show);
    if (show) {
        m_newBelow->setText(QStringLiteral("▼ %1 new").arg(fresh));
        m_newBelow->adjustSize();
        const QRect area = viewport()->geometry();
        m_newBelow->move(area.center().x() - m_newBelow->width() / 2, area.bottom() - m_newBelow->height() - 8);
        m_newBelow->raise();
    }
}

QRect TranscriptView::rowRect(int row) const
{
    if (!m_model || row < m_top || row >= count()) {
        return {};
    }
    int y = kTopGap - m_hidden;
    for (int at = m_top; at <= row && y < viewport()->height(); ++at) {
        const auto found = m_shapes.find(at);
        if (found == m_shapes.end()) {
            return {}; // never painted: off the screen
        }
        if (at == row) {
            return {0, y, viewport()->width(), found->second->height};
        }
        y += found->second->height;
    }
    return {};
}

int TranscriptView::rowAt(QPoint position) const
{
    for (int row = m_top; row < count(); ++row) {
        const QRect rect = rowRect(row);
        if (rect.isEmpty()) {
            break;
        }
        if (rect.contains(position)) {
            return row;
        }
    }
    return -1;
}

bool TranscriptView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest) {
        updateNewBelow();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TranscriptView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    if (count() == 0) {
        painter.setPen(m_painter.colours().muted);
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    settle();
    const auto [first, last] = selection();
    int y = kTopGap - m_hidden;
    for (int row = m_top; row < count() && y <= event->rect().bottom(); ++row) {
        const RowShape &here = shape(row);
        if (y + here.height >= event->rect().top()) {
            m_painter.paint(painter, here, y, row >= first && row <= last && first >= 0, m_layout.smallFont());
        }
        y += here.height;
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void TranscriptView::resizeEvent(QResizeEvent *event)
{
    if (event->size().width() != event->oldSize().width()) {
        m_layout.setWidth(viewport()->width());
        forgetShapes();
    }
    m_settled = false;
    settle();
    updateNewBelow();
}

void TranscriptView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        restyle();
    }
    QAbstractScrollArea::changeEvent(event);
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

void TranscriptView::keyPressEvent(QKeyEvent *event)
{
    const int line = fontMetrics().height() * 2;
    const int page = std::max(line, viewport()->height() - line);
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Escape && m_anchor >= 0) {
        clearSelection();
    } else if (event->modifiers() & (Qt::AltModifier | Qt::ControlModifier)) {
        QAbstractScrollArea::keyPressEvent(event); // other people's shortcuts
    } else if (event->key() == Qt::Key_Home) {
        moveTo({0, 0});
    } else if (event->key() == Qt::Key_End) {
        scrollToEnd();
    } else if (event->key() == Qt::Key_PageUp) {
        scrollPixels(-page);
    } else if (event->key() == Qt::Key_PageDown) {
        scrollPixels(page);
    } else if (event->key() == Qt::Key_Up) {
        scrollPixels(-line);
    } else if (event->key() == Qt::Key_Down) {
        scrollPixels(line);
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void TranscriptView::wheelEvent(QWheelEvent *event)
{
    int pixels = event->pixelDelta().y();
    if (pixels == 0) { // a mouse's wheel: an eighth of a degree, three lines a notch
        constexpr int kNotch = 120;
        const int lines = QApplication::wheelScrollLines() * fontMetrics().lineSpacing();
        m_wheelRest += event->angleDelta().y() * lines;
        pixels = m_wheelRest / kNotch;
        m_wheelRest %= kNotch;
    }
    scrollPixels(-pixels);
    event->accept();
}

void TranscriptView::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->pos());
    if (event->button() != Qt::LeftButton) {
        return;
    }
    if (row < 0) {
        clearSelection();
    } else if ((event->modifiers() & Qt::ShiftModifier) != 0 && m_anchor >= 0) {
        select(m_anchor, row);
    } else {
        select(row, row);
    }
}

void TranscriptView::mouseMoveEvent(QMouseEvent *event)
{
    if ((event->buttons() & Qt::LeftButton) == 0 || m_anchor < 0) {
        return;
    }
    if (event->pos().y() < 0 || event->pos().y() > viewport()->height()) {
        scrollPixels(event->pos().y() < 0 ? -fontMetrics().height() : fontMetrics().height());
    }
    const int row = rowAt({event->pos().x(), std::clamp(event->pos().y(), 0, viewport()->height() - 1)});
    if (row >= 0) {
        select(m_anchor, row);
    }
}

void TranscriptView::contextMenuEvent(QContextMenuEvent *event)
{
    if (const int row = rowAt(event->pos()); row >= 0 && m_anchor < 0) {
        select(row, row);
    }
    QMenu menu(this);
    const bool any = m_anchor >= 0;
    const auto add
        = [&](const QString &text, CopyAs as) { menu.addAction(text, this, [this, as] { copy(as); })->setEnabled(any); };
    add(QStringLiteral("&Copy"), CopyAs::Text);
    add(QStringLiteral("Copy as &hex"), CopyAs::Hex);
    add(QStringLiteral("Copy with &times"), CopyAs::TextWithTimes);
    menu.addSeparator();
    menu.addAction(QStringLiteral("Select &all"), this, &TranscriptView::selectAll)->setEnabled(count() > 0);
    menu.exec(event->globalPos());
}

std::pair<int, int> TranscriptView::selection() const
{
    return m_anchor < 0 ? std::pair(-1, -1) : std::minmax({m_anchor, m_current});
}

void TranscriptView::select(int anchor, int current)
{
    m_anchor = anchor;
    m_current = current;
    viewport()->update();
    emit selectionChanged();
}

void TranscriptView::selectAll()
{
    if (count() > 0) {
        select(0, count() - 1);
    }
}

void TranscriptView::clearSelection()
{
    if (m_anchor >= 0) {
        select(-1, -1);
    }
}

void TranscriptView::copy(CopyAs as)
{
    const auto [first, last] = selection();
    if (first >= 0 && m_model) {
        QApplication::clipboard()->setText(copyText(*m_model, first, last, as));
    }
}

} // namespace tincan

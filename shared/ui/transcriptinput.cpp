// SPDX-License-Identifier: MIT
// The mouse and the keys of TranscriptView.
#include <algorithm>

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QToolTip>
#include <QWheelEvent>

#include "ui/transcriptview.h"

namespace tincan {

bool TranscriptView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) { // while it has the focus these are its own, not the window's
        auto *key = static_cast<QKeyEvent *>(event);
        const bool escapes = key->key() == Qt::Key_Escape && m_anchor >= 0;
        if (escapes || key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool TranscriptView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && showDelivery(*static_cast<QHelpEvent *>(event))) {
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// What the ticks say, in a sentence. False where the pointer is not on those of a sent row.
bool TranscriptView::showDelivery(const QHelpEvent &help)
{
    const int row = rowAt(help.pos());
    if (row < 0 || !m_window.shape(row).side.translated(0, m_window.top(row)).contains(help.pos())) {
        QToolTip::hideText();
        return false;
    }
    QToolTip::showText(help.globalPos(), spokenDelivery(*m_model, row), viewport());
    return true;
}

int TranscriptView::lineStep() const
{
    return fontMetrics().lineSpacing() * 2;
}

int TranscriptView::pageStep() const
{
    return std::max(lineStep(), viewport()->height() - lineStep());
}

bool TranscriptView::moveByKey(int key)
{
    switch (key) {
    case Qt::Key_Home:
        m_window.moveTo({});
        break;
    case Qt::Key_End:
        m_window.moveToEnd();
        break;
    case Qt::Key_PageUp:
        m_window.movePixels(-pageStep());
        break;
    case Qt::Key_PageDown:
        m_window.movePixels(pageStep());
        break;
    case Qt::Key_Up:
        m_window.movePixels(-lineStep());
        break;
    case Qt::Key_Down:
        m_window.movePixels(lineStep());
        break;
    default:
        return false;
    }
    changed();
    return true;
}

void TranscriptView::keyPressEvent(QKeyEvent *event)
{
    const Qt::KeyboardModifiers held = event->modifiers() & ~Qt::KeypadModifier;
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool upOrDown = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Escape && m_anchor >= 0) {
        followEnd();
    } else if (isEnter && held == Qt::NoModifier && m_anchor >= 0) {
        emit detailAsked(true);
    } else if (held == Qt::ShiftModifier && upOrDown) {
        extendBy(event->key() == Qt::Key_Up ? -1 : 1);
    } else if (held != Qt::NoModifier || !moveByKey(event->key())) {
        event->ignore(); // other people's
    }
}

// By one row; where nothing is selected yet, from the last one in sight.
void TranscriptView::extendBy(int rows)
{
    if (count() == 0) {
        return;
    }
    if (m_anchor < 0) {
        const int lowest = m_window.rowAt(viewport()->height() - 1);
        const int row = lowest < 0 ? count() - 1 : lowest;
        select(row, row);
    } else {
        select(m_anchor, std::clamp(m_current + rows, 0, count() - 1));
    }
    m_window.reveal(m_current);
    changed();
}

void TranscriptView::wheelEvent(QWheelEvent *event)
{
    constexpr int kNotch = 120; // eighths of a degree of a mouse's wheel
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        m_wheelRest += event->angleDelta().y();
        zoomBy(m_wheelRest / kNotch);
        m_wheelRest %= kNotch;
        event->accept();
        return;
    }
    int pixels = event->pixelDelta().y();
    if (pixels == 0) { // some lines a notch
        m_wheelRest += event->angleDelta().y() * QApplication::wheelScrollLines() * fontMetrics().lineSpacing();
        pixels = m_wheelRest / kNotch;
        m_wheelRest %= kNotch;
    }
    if (pixels != 0) {
        m_window.movePixels(-pixels);
        changed();
    }
    event->accept();
}

void TranscriptView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    const int row = rowAt(event->pos());
    if (isOnMore(event->pos())) {
        showMore(row);
    } else if ((event->modifiers() & Qt::ShiftModifier) != 0 && m_anchor >= 0 && row >= 0) {
        select(m_anchor, row);
    } else if (row >= 0 && bubbleRect(row).contains(event->pos())) {
        select(row, row);
    } else {
        clearSelection();
    }
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = event->button() == Qt::LeftButton ? rowAt(event->pos()) : -1;
    const bool onBubble = row >= 0 && bubbleRect(row).contains(event->pos()) && !isOnMore(event->pos());
    mousePressEvent(event);
    if (onBubble && m_current == row) {
        emit detailAsked(false);
    }
}

bool TranscriptView::isOnMore(QPoint position)
{
    const int row = rowAt(position);
    return row >= 0 && moreRect(row).contains(position);
}

bool TranscriptView::showMore(int row)
{
    if (row < 0 || row >= count() || m_window.shape(row).more.isEmpty()) {
        return false;
    }
    if (m_window.shape(row).shown >= RowLayout::kMostShown) {
        select(row, row);
        emit detailAsked(false);
        return true;
    }
    m_window.showWhole(row);
    changed();
    return true;
}

void TranscriptView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() == Qt::NoButton) {
        viewport()->setCursor(isOnMore(event->pos()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }
    if ((event->buttons() & Qt::LeftButton) != 0 && m_anchor >= 0) {
        dragTo(event->pos().y());
    }
}

void TranscriptView::mouseReleaseEvent(QMouseEvent * /*event*/)
{
    m_drag.stop();
}

// Beyond an edge it goes on by itself, the faster the farther.
void TranscriptView::dragTo(int y)
{
    constexpr int kStep = 30; // milliseconds
    const int height = viewport()->height();
    const int beyond = y < 0 ? y : std::max(0, y - height);
    if (beyond == 0) {
        m_drag.stop();
    } else {
        m_window.movePixels(std::clamp(beyond, -height, height) / 2);
        changed();
        if (!m_drag.isActive()) {
            m_drag.start(kStep, this);
        }
    }
    if (const int row = m_window.rowAt(std::clamp(y, 0, height - 1)); row >= 0 && m_anchor >= 0) {
        select(m_anchor, row);
    }
}

void TranscriptView::contextMenuEvent(QContextMenuEvent *event)
{
    QPoint where = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const QRect current = m_anchor >= 0 ? bubbleRect(m_current) : QRect();
        where = viewport()->mapToGlobal(current.isEmpty() ? viewport()->rect().center() : current.center());
    } else if (const int row = rowAt(event->pos()); row >= 0 && bubbleRect(row).contains(event->pos())) {
        const auto [first, last] = selection();
        if (row < first || row > last) {
            select(row, row);
        }
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("transcriptMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(QStringLiteral("Show in &detail\tEnter"), this, [this] { emit detailAsked(true); })
        ->setEnabled(m_anchor >= 0);
    menu->addSeparator();
    const auto add = [&](const QString &text, CopyAs as) {
        menu->addAction(text, this, [this, as] { copy(as); })->setEnabled(m_anchor >= 0);
    };
    add(QStringLiteral("&Copy\tCtrl+C"), CopyAs::Text);
    add(QStringLiteral("Copy with &times\tCtrl+Shift+C"), CopyAs::TextWithTimes);
    add(QStringLiteral("Copy as &hex\tCtrl+Alt+H"), CopyAs::Hex);
    add(QStringLiteral("Copy as hex &with times\tCtrl+Alt+Shift+H"), CopyAs::HexWithTimes);
    add(QStringLiteral("Copy as C a&rray\tCtrl+Alt+C"), CopyAs::CArray);
    add(QStringLiteral("Copy as C array with ti&mes\tCtrl+Alt+Shift+C"), CopyAs::CArrayWithTimes);
    menu->addSeparator();
    menu->addAction(QStringLiteral("Select &all\tCtrl+A"), this, &TranscriptView::selectAll)->setEnabled(count() > 0);
    menu->popup(where);
}

} // namespace tincan

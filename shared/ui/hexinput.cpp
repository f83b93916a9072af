// SPDX-License-Identifier: MIT
// The mouse and the keys of HexView.
#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include "ui/bytewords.h"
#include "ui/hexview.h"

namespace tincan {

bool HexView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) { // while it has the focus these are its own, not the window's
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void HexView::reveal(qsizetype at)
{
    const qsizetype line = at / m_perLine;
    const qsizetype page = verticalScrollBar()->pageStep();
    if (line < topLine()) {
        verticalScrollBar()->setValue(static_cast<int>(line));
    } else if (line >= topLine() + page) {
        verticalScrollBar()->setValue(static_cast<int>(line - page + 1));
    }
}

void HexView::moveTo(qsizetype at, bool extends)
{
    if (m_bytes.isEmpty()) {
        return;
    }
    at = std::clamp<qsizetype>(at, 0, m_bytes.size() - 1);
    if (extends && !m_isSelecting) {
        m_anchor = m_cursor;
    }
    m_isSelecting = extends;
    m_cursor = at;
    reveal(at);
    viewport()->update();
    emit moved();
}

qsizetype HexView::target(int key, bool control) const
{
    const qsizetype last = m_bytes.size() - 1;
    const qsizetype page = static_cast<qsizetype>(verticalScrollBar()->pageStep()) * m_perLine;
    const auto by = [&](qsizetype step) {
        const qsizetype to = m_cursor + step;
        const bool isUpOrDown = std::abs(step) > 1;
        return isUpOrDown && (to < 0 || to > last) && std::abs(step) == m_perLine ? m_cursor : std::clamp<qsizetype>(to, 0, last);
    };
    switch (key) {
    case Qt::Key_Left:
        return by(-1);
    case Qt::Key_Right:
        return by(1);
    case Qt::Key_Up:
        return by(-m_perLine);
    case Qt::Key_Down:
        return by(m_perLine);
    case Qt::Key_PageUp:
        return by(-page);
    case Qt::Key_PageDown:
        return by(page);
    case Qt::Key_Home:
        return control ? 0 : m_cursor - m_cursor % m_perLine;
    case Qt::Key_End:
        return control ? last : std::min(last, m_cursor - m_cursor % m_perLine + m_perLine - 1);
    default:
        return -1;
    }
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    const Qt::KeyboardModifiers held = event->modifiers() & ~Qt::KeypadModifier;
    const bool control = (held & Qt::ControlModifier) != 0;
    const bool isOurs = (held & ~(Qt::ControlModifier | Qt::ShiftModifier)) == Qt::NoModifier && m_cursor >= 0;
    const qsizetype to = isOurs ? target(event->key(), control) : -1;
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (to >= 0) {
        moveTo(to, (held & Qt::ShiftModifier) != 0);
    } else {
        event->ignore();
    }
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
    } else if (const qsizetype at = byteAt(event->pos()); at >= 0) {
        moveTo(at, (event->modifiers() & Qt::ShiftModifier) != 0);
    }
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    const qsizetype at = (event->buttons() & Qt::LeftButton) != 0 ? byteAt(event->pos()) : -1;
    if (at >= 0 && (at != m_cursor || m_isSelecting)) {
        moveTo(at, true);
    }
}

void HexView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("hexMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString &text, auto what) { menu->addAction(text, this, what)->setEnabled(m_cursor >= 0); };
    add(QStringLiteral("&Copy as hex\tCtrl+C"), &HexView::copy);
    add(QStringLiteral("Copy as &text"), &HexView::textCopyAsked);
    add(QStringLiteral("Copy as C &array"), &HexView::copyCArray);
    menu->addSeparator();
    add(QStringLiteral("&Select all\tCtrl+A"), &HexView::selectAll);
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard && m_cursor >= 0;
    menu->popup(byKey ? viewport()->mapToGlobal(byteRect(m_cursor).bottomLeft()) : event->globalPos());
}

QByteArray HexView::chosen() const
{
    const auto [at, size] = selection();
    return m_bytes.mid(at, std::max<qsizetype>(size, 1));
}

void HexView::copy()
{
    if (m_cursor >= 0) {
        QApplication::clipboard()->setText(hexText(chosen()));
    }
}

void HexView::copyCArray()
{
    QApplication::clipboard()->setText(cArrayText(chosen()));
}

void HexView::selectAll()
{
    if (!m_bytes.isEmpty()) {
        m_anchor = 0;
        m_cursor = m_bytes.size() - 1;
        m_isSelecting = true;
        viewport()->update();
        emit moved();
    }
}

} // namespace tincan

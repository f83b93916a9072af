// SPDX-License-Identifier: MIT
#include "ui/detailtext.h"

#include <algorithm>

#include <QEvent>
#include <QFontDatabase>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

#include "ui/rowpainter.h"

namespace tincan {

DetailText::DetailText(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setUndoRedoEnabled(false);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextOption option = document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight); // what a peer sends does not turn the pane around
    document()->setDefaultTextOption(option);
    connect(this, &QPlainTextEdit::selectionChanged, this, &DetailText::cursorMoved);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &DetailText::cursorMoved);
    connect(this, &QPlainTextEdit::updateRequest, this, [this] {
        if (!m_formats.isActive()) {
            m_formats.start(0, this);
        }
    });
    restyle();
}

void DetailText::restyle()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont around = parentWidget() ? parentWidget()->font() : font();
    if (around.pointSizeF() > 0) {
        fixed.setPointSizeF(around.pointSizeF());
    } else {
        fixed.setPixelSize(around.pixelSize());
    }
    if (document()->defaultFont() != fixed) {
        document()->setDefaultFont(fixed);
    }
    m_formatted = {-1, -1};
}

void DetailText::setDecoded(DecodedText decoded)
{
    m_isMarking = true;
    m_decoded = std::move(decoded);
    m_mark = {};
    m_formatted = {-1, -1};
    setExtraSelections({});
    setPlainText(m_decoded.text());
    m_isMarking = false;
}

void DetailText::markBytes(qsizetype at, qsizetype size)
{
    m_isMarking = true;
    m_mark = m_decoded.textOf(at, std::max<qsizetype>(size, 1));
    QTextCursor cursor = textCursor();
    const int end = document()->characterCount() - 1;
    cursor.setPosition(std::min(static_cast<int>(m_mark.at), end));
    setTextCursor(cursor);
    m_formatted = {-1, -1};
    showFormats();
    m_isMarking = false;
}

DecodedText::Span DetailText::selectedBytes() const
{
    const QTextCursor cursor = textCursor();
    const bool isSelected = cursor.hasSelection();
    DecodedText::Span span
        = m_decoded.bytesOf(cursor.selectionStart(), isSelected ? cursor.selectionEnd() - cursor.selectionStart() : 1);
    if (!isSelected) {
        span.size = 0;
    }
    return span;
}

void DetailText::cursorMoved()
{
    if (m_isMarking) {
        return;
    }
    if (m_mark.size > 0) {
        m_mark = {};
        m_formatted = {-1, -1};
        showFormats();
    }
    emit moved();
}

// Colours for what is in sight only: there may be a million escapes.
void DetailText::showFormats()
{
    const int from = firstVisibleBlock().position();
    const int to = cursorForPosition(viewport()->rect().bottomRight()).position();
    if (m_formatted == std::pair(from, to)) {
        return;
    }
    m_formatted = {from, to};
    RowPainter painter;
    painter.setPalette(palette());
    QList<QTextEdit::ExtraSelection> formats;
    const int end = document()->characterCount() - 1;
    const auto add = [&](qsizetype at, qsizetype size, const QTextCharFormat &format) {
        QTextEdit::ExtraSelection one;
        one.cursor = QTextCursor(document());
        one.cursor.setPosition(std::min(static_cast<int>(at), end));
        one.cursor.setPosition(std::min(static_cast<int>(at + size), end), QTextCursor::KeepAnchor);
        one.format = format;
        formats.append(one);
    };
    const auto &escapes = m_decoded.escapes();
    const auto first = std::partition_point(escapes.begin(), escapes.end(),
                                            [from](const DecodedText::Escape &escape) { return escape.at + escape.size < from; });
    for (auto escape = first; escape != escapes.end() && escape->at <= to; ++escape) {
        QTextCharFormat format;
        format.setForeground(escape->invalid ? painter.colours().invalid : painter.colours().escape);
        add(escape->at, escape->size, format);
    }
    if (m_mark.size > 0) {
        QTextCharFormat format;
        QColor behind = palette().color(QPalette::Highlight);
        behind.setAlphaF(0.28F);
        format.setBackground(behind);
        add(m_mark.at, m_mark.size, format);
    }
    setExtraSelections(formats);
}

QMimeData *DetailText::createMimeDataFromSelection() const
{
    auto *copied = new QMimeData;
    copied->setText(m_copy ? m_copy(selectedBytes()) : textCursor().selectedText());
    return copied;
}

void DetailText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        restyle();
    }
}

void DetailText::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    m_formats.start(0, this); // more may be in sight
}

void DetailText::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_formats.timerId()) {
        m_formats.stop();
        showFormats();
    } else {
        QPlainTextEdit::timerEvent(event);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/messageedit.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextDocument>

namespace tincan {

namespace {

constexpr int kLeastLines = 3;
constexpr int kMostLines = 9;

int linesOf(QStringView text)
{
    while (text.endsWith(u'\n') || text.endsWith(u'\r')) {
        text.chop(1);
    }
    const auto feeds = std::count(text.begin(), text.end(), u'\n');
    return static_cast<int>((feeds > 0 ? feeds : std::count(text.begin(), text.end(), u'\r')) + 1);
}

bool isEnter(const QKeyEvent *event)
{
    return event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
}

} // namespace

MessageEdit::MessageEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("message"));
    setAccessibleName(QStringLiteral("Message"));
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &MessageEdit::fitHeight);
    fitHeight();
}

QString MessageEdit::text() const
{
    QString raw = document()->toRawText();
    for (QChar &unit : raw) {
        if (unit == QChar::ParagraphSeparator || unit == QChar::LineSeparator) {
            unit = u'\n';
        }
    }
    return raw;
}

void MessageEdit::setText(const QString &text)
{
    setPlainText(text);
    moveCursor(QTextCursor::End);
}

void MessageEdit::setHint(const QString &hint, const QString &more)
{
    m_hint = hint;
    m_more = more;
    showHint();
}

void MessageEdit::showHint()
{
    const int margin = 2 * static_cast<int>(document()->documentMargin());
    const QRect room(0, 0, viewport()->width() - margin, 10'000);
    const QString whole = m_hint + m_more;
    const bool fits
        = fontMetrics().boundingRect(room, Qt::TextWordWrap, whole).height() <= kLeastLines * fontMetrics().lineSpacing();
    if (const QString &text = fits ? whole : m_hint; text != placeholderText()) {
        setPlaceholderText(text);
        viewport()->update(); // Qt repaints only where a hint comes or goes
    }
}

bool MessageEdit::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        // Under X11, Ctrl+D would delete a character here; it disconnects, here as elsewhere.
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_D && key->modifiers() == Qt::ControlModifier) {
            event->ignore();
            return false;
        }
    }
    return QPlainTextEdit::event(event);
}

void MessageEdit::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (isEnter(event) && modifiers == Qt::NoModifier) {
        emit submitted();
        return;
    }
    if (isEnter(event) && modifiers == Qt::ShiftModifier) {
        textCursor().insertBlock(); // Qt would insert U+2028
        ensureCursorVisible();
        return;
    }
    if (modifiers == Qt::NoModifier && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        bool taken = false;
        emit historyAsked(event->key() == Qt::Key_Up ? -1 : 1, &taken);
        if (taken) {
            return;
        }
    }
    QPlainTextEdit::keyPressEvent(event);
}

void MessageEdit::insertFromMimeData(const QMimeData *source)
{
    const QString pasted = source->text();
    if (const int lines = linesOf(pasted); lines >= kManyLines) {
        emit manyLinesPasted(pasted, lines);
        return;
    }
    QPlainTextEdit::insertFromMimeData(source);
}

void MessageEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
    showHint();
}

void MessageEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        fitHeight();
    }
}

void MessageEdit::fitHeight()
{
    // QPlainTextDocumentLayout counts its height in lines.
    const int lines = std::clamp(static_cast<int>(std::ceil(document()->size().height())), kLeastLines, kMostLines);
    const int around = 2 * frameWidth() + static_cast<int>(2 * document()->documentMargin());
    const int wanted = lines * fontMetrics().lineSpacing() + around;
    if (wanted != minimumHeight() || wanted != maximumHeight()) {
        setFixedHeight(wanted);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/paneheader.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

#include "ui/elidedlabel.h"

namespace tincan {

PaneHeader::PaneHeader(ElidedLabel *title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_row(new QHBoxLayout(this))
{
    constexpr int kSpacing = 6;
    m_row->setContentsMargins({});
    m_row->setSpacing(kSpacing);
    m_row->addWidget(title, 1);
    measure();
}

void PaneHeader::addChoice(QWidget *choice)
{
    m_row->addWidget(choice);
}

void PaneHeader::addButton(QToolButton *button)
{
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_row->addWidget(button);
}

void PaneHeader::addWordedButton(QToolButton *button)
{
    addButton(button);
    m_worded.push_back({button});
    measure();
}

// What the words take. Not when they come and go: that would change the layout while it is being made.
void PaneHeader::measure()
{
    constexpr int kLeastTitle = 22; // letters: an IPv4 address and its port
    m_title->setMinimumWidth(kLeastTitle * fontMetrics().averageCharWidth());
    for (Worded &worded : m_worded) {
        worded.button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        const int with = worded.button->sizeHint().width();
        worded.button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        worded.words = with - worded.button->sizeHint().width();
    }
    refit();
}

void PaneHeader::refit()
{
    int left = width() - m_row->sizeHint().width();
    for (const Worded &worded : m_worded) { // of those that show their words, the hint has them
        const bool shows = worded.button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon && !worded.button->isHidden();
        left += shows ? worded.words : 0;
    }
    for (auto worded = m_worded.rbegin(); worded != m_worded.rend(); ++worded) {
        left -= worded->button->isHidden() ? 0 : worded->words; // once one does not fit, none does
        worded->button->setToolButtonStyle(left >= 0 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    }
}

QSize PaneHeader::minimumSizeHint() const
{
    constexpr int kSpareLetters = 2; // where even that is too much the layout takes them from the title, which is the widest
    QSize least = m_row->minimumSize();
    least.rwidth() -= kSpareLetters * fontMetrics().averageCharWidth();
    for (const Worded &worded : m_worded) {
        const bool shows = worded.button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon && !worded.button->isHidden();
        least.rwidth() -= shows ? worded.words : 0;
    }
    return least;
}

void PaneHeader::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    refit();
}

void PaneHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/paneheader.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

#include "ui/elidedlabel.h"

namespace tincan {

PaneHeader::PaneHeader(ElidedLabel *title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_rows(new QVBoxLayout(this))
    , m_row(new QHBoxLayout)
{
    constexpr int kSpacing = 6;
    m_rows->setContentsMargins({});
    m_rows->setSpacing(2);
    m_rows->addLayout(m_row);
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
    for (Worded &worded : m_worded) {
        worded.button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        const int with = worded.button->sizeHint().width();
        worded.button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        worded.words = with - worded.button->sizeHint().width();
    }
    refit();
}

// Of those that show their words, the layout's sizes have them.
int PaneHeader::shownWords() const
{
    int words = 0;
    for (const Worded &worded : m_worded) {
        const bool shows = worded.button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon && !worded.button->isHidden();
        words += shows ? worded.words : 0;
    }
    return words;
}

// What the title needs in the line of the others, with the gap behind it.
int PaneHeader::titleWidth() const
{
    constexpr int kLeastTitle = 22; // letters: an IPv4 address and its port
    return std::min(kLeastTitle * fontMetrics().averageCharWidth(), m_title->sizeHint().width()) + m_row->spacing();
}

void PaneHeader::place()
{
    const bool folds = width() < minimumSizeHint().width() + titleWidth();
    if (folds == m_isFolded) {
        return;
    }
    m_isFolded = folds;
    if (folds) {
        m_row->removeWidget(m_title);
        m_rows->insertWidget(0, m_title);
        m_row->insertStretch(0, 1);
    } else {
        delete m_row->takeAt(0);
        m_rows->removeWidget(m_title);
        m_row->insertWidget(0, m_title, 1);
    }
}

void PaneHeader::refit()
{
    place();
    // Beside the choices the title goes before what they have more than they need.
    const int spare = m_isFolded ? 0 : width() - minimumSizeHint().width() - titleWidth();
    const int least = titleWidth() - m_row->spacing();
    m_title->setMinimumWidth(std::clamp(m_title->sizeHint().width(), least, least + std::max(0, spare)));
    int left = width() - m_row->sizeHint().width() + shownWords();
    for (auto worded = m_worded.rbegin(); worded != m_worded.rend(); ++worded) {
        left -= worded->button->isHidden() ? 0 : worded->words; // once one does not fit, none does
        worded->button->setToolButtonStyle(left >= 0 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    }
}

QSize PaneHeader::minimumSizeHint() const
{
    const int withTitle = m_row->minimumSize().width() - shownWords();
    const int title = m_isFolded ? 0 : m_title->minimumWidth() + m_row->spacing();
    return {std::max(withTitle - title, titleWidth()), m_rows->minimumSize().height()};
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

bool PaneHeader::event(QEvent *event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) { // a choice is another one, and as wide as its words
        refit();
    }
    return done;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/foldingbar.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tincan {

namespace {

constexpr int kSpacing = 8;

} // namespace

FoldingBar::FoldingBar(QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout)
    , m_below(new QHBoxLayout)
    , m_folding(new QWidget(this))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 7, 8, 7);
    m_row->setSpacing(kSpacing);
    m_below->setSpacing(kSpacing);
    rows->addLayout(m_row);
    rows->addLayout(m_below);
    m_below->addStretch(1);
}

void FoldingBar::addFolding(const std::vector<QWidget *> &parts)
{
    auto *inside = new QHBoxLayout(m_folding);
    inside->setContentsMargins({});
    inside->setSpacing(kSpacing);
    for (QWidget *part : parts) {
        inside->addWidget(part);
    }
    m_at = m_row->count();
    m_row->addWidget(m_folding);
}

void FoldingBar::addRow(QHBoxLayout *row)
{
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

// Of one row with everything in it, as wide as it would like to be.
int FoldingBar::neededWidth() const
{
    const QMargins margins = layout()->contentsMargins();
    const int others = m_row->sizeHint().width();
    return margins.left() + margins.right() + others + (m_isFolded ? m_folding->sizeHint().width() + kSpacing : 0);
}

// A window may become as narrow as the folded bar, before it is folded.
QSize FoldingBar::minimumSizeHint() const
{
    const QSize now = QWidget::minimumSizeHint();
    if (m_at < 0 || m_isFolded) {
        return now;
    }
    const QMargins margins = layout()->contentsMargins();
    const int folding = m_folding->minimumSizeHint().width();
    const int others = m_row->minimumSize().width() - folding - kSpacing;
    return {margins.left() + margins.right() + std::max(others, folding), now.height()};
}

void FoldingBar::place()
{
    const bool folds = m_at >= 0 && width() < neededWidth();
    if (folds == m_isFolded) {
        return;
    }
    m_isFolded = folds;
    if (folds) {
        m_row->removeWidget(m_folding);
        m_below->insertWidget(0, m_folding);
    } else {
        m_below->removeWidget(m_folding);
        m_row->insertWidget(m_at, m_folding);
    }
}

void FoldingBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place();
}

bool FoldingBar::event(QEvent *event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) { // something in it came, went, or has another text
        place();
    }
    return done;
}

} // namespace tincan

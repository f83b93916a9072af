// SPDX-License-Identifier: MIT
#include "ui/calllog.h"

#include <algorithm>

#include <QAction>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QResizeEvent>
#include <QScrollBar>
#include <QTimer>

namespace tincan {

CallLog::CallLog(QAbstractItemModel *calls, QWidget *parent)
    : QListView(parent)
    , m_follow(new QTimer(this))
{
    setObjectName(QStringLiteral("socketCalls"));
    setAccessibleName(QStringLiteral("Socket calls"));
    setModel(calls);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(font().pointSizeF() > 0 ? font().pointSizeF() * 0.94 : 9);
    setFont(fixed);
    setUpMenu();

    // A list is laid out anew at each insert; scrolling there as well would do it twice a frame.
    m_follow->setSingleShot(true);
    m_follow->setInterval(50);
    connect(m_follow, &QTimer::timeout, this, &CallLog::followEnd);
    connect(calls, &QAbstractItemModel::rowsInserted, m_follow, [this] {
        if (!m_follow->isActive()) {
            m_follow->start();
        }
    });
    connect(calls, &QAbstractItemModel::modelReset, m_follow, [this] {
        m_isAtEnd = true;
        m_follow->start();
    });
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        const QScrollBar *bar = verticalScrollBar();
        m_isAtEnd = bar->sliderPosition() >= bar->maximum();
    });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this, calls](const QModelIndex &current) {
        m_isAtEnd = !current.isValid() || current.row() == calls->rowCount() - 1;
    });
}

void CallLog::setUpMenu()
{
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *copyLines = new QAction(QStringLiteral("&Copy"), this);
    connect(copyLines, &QAction::triggered, this, &CallLog::copy);
    auto *all = new QAction(QStringLiteral("Select &all"), this);
    connect(all, &QAction::triggered, this, &QAbstractItemView::selectAll);
    addActions({copyLines, all});
}

void CallLog::copy() const
{
    QModelIndexList rows = selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end());
    QString lines;
    for (const QModelIndex &row : std::as_const(rows)) {
        lines += row.data().toString() + u'\n';
    }
    if (!lines.isEmpty()) {
        QGuiApplication::clipboard()->setText(lines);
    }
}

void CallLog::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy(); // QAbstractItemView would copy the current line only
        return;
    }
    QListView::keyPressEvent(event);
}

void CallLog::resizeEvent(QResizeEvent *event)
{
    // What is said below of a call that was clicked may take its room away.
    const bool wasSeen = currentIndex().isValid() && QRect(QPoint(), event->oldSize()).intersects(visualRect(currentIndex()));
    QListView::resizeEvent(event);
    followEnd();
    if (wasSeen) {
        scrollTo(currentIndex());
    }
}

void CallLog::followEnd()
{
    if (m_isAtEnd && isVisible()) {
        scrollToBottom();
    }
}

} // namespace tincan

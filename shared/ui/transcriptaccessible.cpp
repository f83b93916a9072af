// SPDX-License-Identifier: MIT
#include "ui/transcriptaccessible.h"

#include <deque>
#include <unordered_map>

#include <QAccessibleWidget>
#include <QElapsedTimer>

#include "ui/transcriptview.h"

namespace tincan {

namespace {

// One row. Cheap: everything is asked of the view.
class RowAccessible final : public QAccessibleInterface
{
public:
    RowAccessible(TranscriptView *view, int row)
        : m_view(view)
        , m_row(row)
    {
    }
    int row() const { return m_row; }

    bool isValid() const override { return m_view && m_view->model() && m_row < m_view->model()->count(); }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface *child(int /*index*/) const override { return nullptr; }
    QAccessibleInterface *childAt(int /*x*/, int /*y*/) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface * /*child*/) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text /*which*/, const QString & /*text*/) override { }

    QString text(QAccessible::Text which) const override
    {
        if (which == QAccessible::Description && isValid()) {
            return spokenDelivery(*m_view->model(), m_row);
        }
        return which == QAccessible::Name && isValid() ? spokenText(*m_view->model(), m_row) : QString();
    }
    // What can be clicked of it, on the screen; empty where it is not in sight.
    QRect rect() const override
    {
        const QRect here = isValid() ? m_view->bubbleRect(m_row) : QRect();
        return here.isEmpty() ? QRect() : QRect(m_view->viewport()->mapToGlobal(here.topLeft()), here.size());
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = true;
        state.readOnly = true;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        const auto [first, last] = m_view->selection();
        state.selected = m_row >= first && m_row <= last;
        state.offscreen = m_view->bubbleRect(m_row).isEmpty();
        return state;
    }

private:
    QPointer<TranscriptView> m_view;
    int m_row;
};

class ViewAccessible final : public QAccessibleWidget
{
public:
    explicit ViewAccessible(TranscriptView *view)
        : QAccessibleWidget(view, QAccessible::List)
    {
    }
    Q_DISABLE_COPY_MOVE(ViewAccessible)
    ~ViewAccessible() override { forget(0); }

    int childCount() const override { return view()->model() ? view()->model()->count() : 0; }
    QAccessibleInterface *child(int row) const override
    {
        if (row < 0 || row >= childCount()) {
            return nullptr;
        }
        if (const auto found = m_children.find(row); found != m_children.end()) {
            return QAccessible::accessibleInterface(found->second);
        }
        constexpr std::size_t kMost = 20'000; // whoever goes through a million rows keeps no more of them than this alive
        forget(kMost - 1);
        auto *made = new RowAccessible(view(), row);
        m_children[row] = QAccessible::registerAccessibleInterface(made);
        m_order.push_back(row);
        return made;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *row = dynamic_cast<const RowAccessible *>(child);
        return row ? row->row() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        const QPoint where = view()->viewport()->mapFromGlobal(QPoint(x, y));
        return view()->viewport()->rect().contains(where) ? child(view()->rowAt(where)) : nullptr;
    }
    QAccessibleInterface *focusChild() const override { return nullptr; }

    // The oldest, until no more than `most` are left.
    void forget(std::size_t most) const
    {
        while (m_order.size() > most) {
            const auto oldest = m_children.find(m_order.front());
            QAccessible::deleteAccessibleInterface(oldest->second);
            m_children.erase(oldest);
            m_order.pop_front();
        }
    }

private:
    TranscriptView *view() const { return static_cast<TranscriptView *>(widget()); }
    mutable std::unordered_map<int, QAccessible::Id> m_children;
    mutable std::deque<int> m_order; // in which they were made
};

QAccessibleInterface *makeAccessible(const QString & /*className*/, QObject *object)
{
    auto *view = qobject_cast<TranscriptView *>(object);
    return view ? new ViewAccessible(view) : nullptr;
}

} // namespace

void installTranscriptAccessible()
{
    static const bool installed = [] {
        QAccessible::installFactory(&makeAccessible);
        return true;
    }();
    Q_UNUSED(installed)
}

void transcriptGrew(TranscriptView *view)
{
    static QElapsedTimer since;
    constexpr qint64 kInterval = 250;
    if (!QAccessible::isActive() || !view->isVisible() || (since.isValid() && since.elapsed() < kInterval)) {
        return;
    }
    since.start();
    // Of the last row alone: an event about the whole list makes Qt send a signal for each of its rows.
    QAccessibleInterface *list = QAccessible::queryAccessibleInterface(view);
    if (QAccessibleInterface *last = list ? list->child(list->childCount() - 1) : nullptr) {
        QAccessibleEvent event(last, QAccessible::ObjectCreated);
        QAccessible::updateAccessibility(&event);
    }
}

void transcriptReplaced(TranscriptView *view)
{
    if (QAccessible::isActive()) {
        if (const auto *list = dynamic_cast<ViewAccessible *>(QAccessible::queryAccessibleInterface(view))) {
            list->forget(0);
        }
    }
}

} // namespace tincan

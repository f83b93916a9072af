// SPDX-License-Identifier: MIT
#include "ui/transcriptaccessible.h"

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
        return which == QAccessible::Name && isValid() ? spokenText(*m_view->model(), m_row) : QString();
    }
    QRect rect() const override
    {
        const QRect here = isValid() ? m_view->rowRect(m_row) : QRect();
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
        state.selected = first >= 0 && m_row >= first && m_row <= last;
        const QRect here = m_view->rowRect(m_row);
        state.offscreen = here.isEmpty() || !here.intersects(m_view->viewport()->rect());
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
    ~ViewAccessible() override { forget(); }

    int childCount() const override { return view()->model() ? view()->model()->count() : 0; }
    QAccessibleInterface *child(int row) const override
    {
        if (row < 0 || row >= childCount()) {
            return nullptr;
        }
        if (const auto found = m_children.find(row); found != m_children.end()) {
            return QAccessible::accessibleInterface(found->second);
        }
        constexpr std::size_t kMost = 20'000;
        if (m_children.size() >= kMost) {
            forget();
        }
        auto *made = new RowAccessible(view(), row);
        m_children[row] = QAccessible::registerAccessibleInterface(made);
        return made;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *row = dynamic_cast<const RowAccessible *>(child);
        return row ? row->row() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        return child(view()->rowAt(view()->viewport()->mapFromGlobal(QPoint(x, y))));
    }

private:
    TranscriptView *view() const { return static_cast<TranscriptView *>(widget()); }
    void forget() const
    {
        for (const auto &[row, id] : m_children) {
            QAccessible::deleteAccessibleInterface(id);
        }
        m_children.clear();
    }
    mutable std::unordered_map<int, QAccessible::Id> m_children;
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
    if (!QAccessible::isActive() || (since.isValid() && since.elapsed() < kInterval)) {
        return;
    }
    since.start();
    QAccessibleEvent event(view, QAccessible::ObjectReorder);
    QAccessible::updateAccessibility(&event);
}

} // namespace tincan

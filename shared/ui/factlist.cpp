// SPDX-License-Identifier: MIT
#include "ui/factlist.h"

#include <algorithm>

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>

namespace tincan {

namespace {

QString keyOf(const KernelFact &fact)
{
    return fact.group + u'/' + fact.label;
}

// What is too long goes on in the next line. A tree's rows do so only when they are told how wide their column is.
class WrappingText final : public QStyledItemDelegate
{
public:
    explicit WrappingText(QTreeView *view)
        : QStyledItemDelegate(view)
        , m_view(view)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem of = option;
        if (index.parent().isValid()) {
            const int indent = index.column() == 0 ? m_view->indentation() : 0;
            of.rect = QRect(0, 0, std::max(1, m_view->columnWidth(index.column()) - indent), 1);
        }
        return QStyledItemDelegate::sizeHint(of, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->features.setFlag(QStyleOptionViewItem::WrapText, index.parent().isValid());
        if (!option->text.contains(u' ')) { // an address too may be parted
            option->text.replace(u':', QStringLiteral(":\u200b"));
        }
        option->displayAlignment = Qt::AlignLeft | Qt::AlignTop;
    }

private:
    const QTreeView *m_view;
};

} // namespace

FactList::FactList(QWidget *parent)
    : QTreeWidget(parent)
{
    setColumnCount(2);
    setHeaderHidden(true);
    setIndentation(fontMetrics().averageCharWidth());
    setRootIsDecorated(false);
    setItemDelegate(new WrappingText(this));
    setVerticalScrollMode(ScrollPerPixel);
    setSelectionMode(ExtendedSelection);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(0, QHeaderView::Fixed);
    header()->setMinimumSectionSize(1);
    connect(header(), &QHeaderView::sectionResized, this, &FactList::scheduleDelayedItemsLayout);
}

void FactList::build(const QList<KernelFact> &facts)
{
    clear();
    m_items.clear();
    m_labels = 0;
    QTreeWidgetItem *group = nullptr;
    for (const KernelFact &fact : facts) {
        if (!group || group->text(0) != fact.group) {
            group = new QTreeWidgetItem(this, {fact.group});
            QFont bold = font();
            bold.setBold(true);
            group->setFont(0, bold);
            group->setFlags(Qt::ItemIsEnabled);
            group->setFirstColumnSpanned(true);
            group->setExpanded(true);
        }
        auto *item = new QTreeWidgetItem(group, {fact.label, fact.value});
        for (int column = 0; column < 2; ++column) {
            item->setToolTip(column, fact.label + QStringLiteral(": ") + fact.value + u'\n' + fact.meaning);
        }
        item->setData(1, Qt::AccessibleDescriptionRole, fact.meaning);
        m_items.insert(keyOf(fact), item);
        m_labels = std::max(m_labels, fontMetrics().horizontalAdvance(fact.label));
    }
    share();
}

// The labels have what they need, and at most half.
void FactList::share()
{
    const int around = indentation() + 2 * (style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1) + 6;
    header()->resizeSection(0, std::min(m_labels + around, viewport()->width() / 2));
}

void FactList::setFacts(const QList<KernelFact> &facts)
{
    QStringList keys;
    for (const KernelFact &fact : facts) {
        keys << keyOf(fact);
    }
    if (keys != m_keys) {
        m_keys = keys;
        build(facts);
        return;
    }
    for (const KernelFact &fact : facts) {
        QTreeWidgetItem *item = m_items.value(keyOf(fact));
        if (item->text(1) != fact.value) {
            item->setText(1, fact.value);
            for (int column = 0; column < 2; ++column) {
                item->setToolTip(column, fact.label + QStringLiteral(": ") + fact.value + u'\n' + fact.meaning);
            }
        }
    }
}

QString FactList::value(const QString &label) const
{
    for (auto item = m_items.begin(); item != m_items.end(); ++item) {
        if (item.value()->text(0) == label) {
            return item.value()->text(1);
        }
    }
    return {};
}

void FactList::copy() const
{
    QStringList lines;
    for (const QString &key : m_keys) {
        if (const QTreeWidgetItem *item = m_items.value(key); item->isSelected()) {
            lines << item->text(0) + u'\t' + item->text(1);
        }
    }
    if (!lines.isEmpty()) {
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    }
}

void FactList::resizeEvent(QResizeEvent *event)
{
    QTreeWidget::resizeEvent(event);
    share();
}

void FactList::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else {
        QTreeWidget::keyPressEvent(event);
    }
}

} // namespace tincan

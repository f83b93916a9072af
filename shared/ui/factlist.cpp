// SPDX-License-Identifier: MIT
#include "ui/factlist.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

namespace tincan {

namespace {

QString keyOf(const KernelFact &fact)
{
    return fact.group + u'/' + fact.label;
}

} // namespace

FactList::FactList(QWidget *parent)
    : QTreeWidget(parent)
{
    setColumnCount(2);
    setHeaderHidden(true);
    setIndentation(fontMetrics().averageCharWidth());
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(ExtendedSelection);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
}

void FactList::build(const QList<KernelFact> &facts)
{
    clear();
    m_items.clear();
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
    }
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

void FactList::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else {
        QTreeWidget::keyPressEvent(event);
    }
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

#include "base/ids.h"

namespace tincan {

// Paints a listener: its transport and address, its state, a button that starts or stops it. Paints a peer: a dot in its state's
// colour, name and address, state and age, bytes, unread count. Sizes follow the font. Edits its name in its place: Enter keeps
// it, Esc leaves it as it was. GUI thread; for a view over a PeerFilter.
class PeerDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    // Of a row that shows an ordinary IPv4 address and port whole. In pixels.
    static int leastWidth(const QFont &font);

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

signals:
    void listenerToggled(tincan::ListenerId listener);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
};

} // namespace tincan

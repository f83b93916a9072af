// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace tincan {

// Paints a peer: a dot in its state's colour, address, state and age, bytes, unread count. Sizes follow the font.
// GUI thread; for a view over a PeerFilter.
class PeerDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractButton>

namespace tincan {

// "▼ 12 new": floats over the lower edge of a conversation that is not at its end, and leads there. GUI thread.
class NewBelow final : public QAbstractButton
{
    Q_OBJECT
public:
    explicit NewBelow(QWidget *parent);

    // Shows itself while `rows` is not 0, in the middle of the lower edge of `area` (in the parent's coordinates).
    void showCount(int rows, const QRect &area);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tincan

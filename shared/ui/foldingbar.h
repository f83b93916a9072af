// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

class QHBoxLayout;

namespace tincan {

// A bar of one row, of which a part goes to a row of its own where there is no room for all: choices are not cut in the middle of
// their words. GUI thread.
class FoldingBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FoldingBar(QWidget *parent = nullptr);

    QHBoxLayout *row() const { return m_row; }
    // Appends to the row what may go below it; once.
    void addFolding(const std::vector<QWidget *> &parts);
    // A row more, at the bottom.
    void addRow(QHBoxLayout *row);

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    void place();
    int neededWidth() const;

    QHBoxLayout *m_row;
    QHBoxLayout *m_below;
    QWidget *m_folding;
    int m_at = -1; // of m_folding, in the row
    bool m_isFolded = false;
};

} // namespace tincan

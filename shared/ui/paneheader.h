// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace tincan {

class ElidedLabel;

// A line of a title, choices and buttons. Where there is little room, the title matters more than the words on the buttons: these
// lose them, the first one first, before anything is cut. The room that the line needs at least is that without any words: they
// are never in the way of a smaller window. GUI thread.
class PaneHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit PaneHeader(ElidedLabel *title, QWidget *parent = nullptr);

    void addChoice(QWidget *choice);
    void addButton(QToolButton *button); // that has an icon
    // … which shows its words where there is room for them.
    void addWordedButton(QToolButton *button);
    // The title has changed.
    void refit();

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Worded {
        QToolButton *button;
        int words = 0; // pixels more with them than without
    };
    void measure();

    ElidedLabel *m_title;
    QHBoxLayout *m_row;
    std::vector<Worded> m_worded;
};

} // namespace tincan

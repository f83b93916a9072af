// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace tincan {

class ElidedLabel;

// A line of a title, choices and buttons. Where there is little room, the words on the buttons go, the first one's first; then
// the title has a line of its own, above the others, before anything is cut. The room that it needs at least is that without
// title and words: it is never in the way of a smaller window. GUI thread.
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
    bool event(QEvent *event) override;

private:
    struct Worded {
        QToolButton *button;
        int words = 0; // pixels more with them than without
    };
    void measure();
    void place();
    int shownWords() const;
    int titleWidth() const;

    ElidedLabel *m_title;
    QVBoxLayout *m_rows;
    QHBoxLayout *m_row;
    std::vector<Worded> m_worded;
    bool m_isFolded = false; // the title is above
};

} // namespace tincan

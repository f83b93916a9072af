// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <unordered_map>

#include <QAbstractScrollArea>
#include <QPointer>

#include "ui/rowlayout.h"
#include "ui/rowpainter.h"

class QToolButton;

namespace tincan {

// A conversation on the screen. Anchored on a row: it knows the row at its top and how much of it is hidden, and never adds up
// what is above or below, so that ten million rows cost what thirty do. GUI thread.
class TranscriptView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit TranscriptView(QWidget *parent = nullptr);
    ~TranscriptView() override;

    // Not owned; may be null. Shows its end.
    void setModel(TranscriptModel *model);
    TranscriptModel *model() const { return m_model; }
    void setShowAs(ShowAs showAs);
    // What is said where there is no row.
    void setPlaceholder(const QString &text);
    // The line "new since you were here" stands above this row; -1: nowhere.
    void setMarker(int row);

    // It follows the end while it is there and nothing is selected.
    void scrollToEnd();
    bool isAtEnd() const { return m_atEnd; }

    int topRow() const { return m_top; }
    // The selected rows, first and last; {-1, -1} where there are none.
    std::pair<int, int> selection() const;
    // Where a row is in the viewport; empty where it is not on the screen.
    QRect rowRect(int row) const;
    int rowAt(QPoint viewportPosition) const; // -1: none

    // How many rows have been laid out since it was made: what the tests hold against the number there are.
    int layoutCount() const { return m_layouts; }

public slots:
    void selectAll();
    void clearSelection();
    void copy(tincan::CopyAs as = tincan::CopyAs::Text);

signals:
    void atEndChanged(bool atEnd);
    void selectionChanged();

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Position {
        int row = 0;
        int hidden = 0; // pixels of it above the top
        friend auto operator<=>(const Position &, const Position &) = default;
    };
    const RowShape &shape(int row);
    void forgetShapes();
    void restyle();
    Position endPosition();
    void settle();
    void moveTo(Position position);
    void scrollPixels(int pixels);
    void setAtEnd(bool atEnd);
    void updateBar();
    void updateNewBelow();
    void rowsCame();
    void rowsChanged(int first, int last);
    void select(int anchor, int current);
    int count() const { return m_model ? m_model->count() : 0; }

    QPointer<TranscriptModel> m_model;
    RowLayout m_layout;
    RowPainter m_painter;
    std::unordered_map<int, std::unique_ptr<RowShape>> m_shapes;
    QToolButton *m_newBelow;
    QString m_placeholder;
    int m_top = 0;
    int m_hidden = 0;
    int m_marker = -1;
    int m_anchor = -1; // of the selection
    int m_current = -1;
    int m_seen = 0; // rows there were when the end was last seen
    int m_layouts = 0;
    int m_wheelRest = 0;
    bool m_atEnd = true;
    bool m_settled = false; // the position suits the rows there are
    bool m_movingBar = false;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QPointer>

#include "ui/rowpainter.h"
#include "ui/rowwindow.h"

class QHelpEvent;

namespace tincan {

class Highlighter;
class MarkedScrollBar;
class NewBelow;

// A conversation on the screen: what a RowWindow has in sight, and the mouse and keys that move it, select and copy. GUI thread.
class TranscriptView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit TranscriptView(QWidget *parent = nullptr);

    // Whether rows that come are news, which it follows at the end and counts elsewhere (they are). Else it begins at the
    // beginning and holds still. Before setModel().
    void setFollowing(bool follows) { m_follows = follows; }
    // Not owned; may be null. Shows its end, without a marker and a selection.
    void setModel(TranscriptModel *model);
    TranscriptModel *model() const { return m_model; }
    void setShowAs(ShowAs showAs);
    void setTimesAs(TimesAs times);
    // Its text in percent of the window's, kept between kSmallestZoom and kLargestZoom.
    void setZoom(int percent);
    int zoom() const { return m_zoom; }
    void zoomBy(int steps); // a tenth of the window's text each
    static constexpr int kSmallestZoom = 50;
    static constexpr int kLargestZoom = 400;
    // What is said where there is no row.
    void setPlaceholder(const QString &text);
    // The line "new since you were here" stands above this row; -1: nowhere.
    void setMarker(int row);
    int marker() const { return m_window.marker(); }

    // It follows the end while it is there and nothing is selected: goes there, and selects nothing any more.
    void followEnd();
    bool isAtEnd() const { return m_window.isAtEnd(); }

    int topRow() { return m_window.top().row; }
    // Scrolls so far that the row begins at the top, or everything after it is in sight.
    void showAtTop(int row);
    // The selected rows, first and last; {-1, -1} where there are none.
    std::pair<int, int> selection() const;
    int currentRow() const { return m_current; } // the one selected last; -1: none
    // Where a row is in the viewport, over its whole width; empty where it is not in sight.
    QRect rowRect(int row);
    // Where it can be clicked: its bubble, or the ink of a note. Empty where it is not in sight.
    QRect bubbleRect(int row);
    int rowAt(QPoint viewportPosition); // -1: none
    // Where the words "61.3 KB more" of a row are, which show the rest; empty where they are not in sight, or all is shown.
    QRect moreRect(int row);

    // What is marked in the rows and on the scroll bar; not owned, may be null. marksChanged(): it says something else now.
    void setHighlighter(const Highlighter *highlighter);
    void marksChanged();
    // Shows the byte of the row, which opens whole where it must.
    void reveal(int row, std::uint32_t byte);

    // How many rows have been laid out since it was made.
    int layoutCount() const { return m_window.layoutCount(); }

public slots:
    void selectAll();
    void clearSelection();
    void copy(tincan::CopyAs as = tincan::CopyAs::Text);

signals:
    void selectionChanged();
    void zoomChanged(int percent);
    // All of the current row is wanted, in the detail pane.
    void detailAsked(bool byKey);

protected:
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void restyle();
    void rowsCame(const QModelIndex &parent, int first, int last);
    void rowsChanged(const QModelIndex &first, const QModelIndex &last);
    void deliveryChanged();
    void changed();
    void schedule();
    void updateAround();
    void updateBar();
    void barTriggered(int action);
    int lineStep() const;
    int pageStep() const;
    bool moveByKey(int key);
    void select(int anchor, int current);
    void extendBy(int rows);
    bool showDelivery(const QHelpEvent &help);
    std::vector<CharSpan> marks(int row);
    bool isOnMore(QPoint position);
    bool showMore(int row); // false where all of it is shown; the detail pane shows what is too long for a row
    void dragTo(int y);
    int count() const { return m_window.count(); }

    QPointer<TranscriptModel> m_model;
    RowWindow m_window;
    RowPainter m_painter;
    MarkedScrollBar *m_bar;
    NewBelow *m_newBelow;
    const Highlighter *m_highlighter = nullptr;
    QString m_placeholder;
    QBasicTimer m_update;       // gathers what changes into one look a turn of the event loop
    QBasicTimer m_deliveryRest; // while it runs, no acknowledgement is looked at
    QBasicTimer m_drag;         // while the mouse is pulled beyond an edge
    int m_anchor = -1;          // of the selection
    int m_current = -1;
    int m_seen = 0; // rows there were when the end was last seen
    int m_zoom = 100;
    int m_wheelRest = 0;
    bool m_deliveryWaits = false; // for the end of that
    bool m_follows = true;
    bool m_movingBar = false;
    bool m_dirty = true; // what is in sight is to be painted anew
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractScrollArea>
#include <QByteArray>

namespace tincan {

// Bytes as offset, hex and ASCII. Of any size at the same cost: only the lines in sight are made. Bytes are selected with the
// mouse and the keys, and copied as hex, as text or as a C array. GUI thread.
class HexView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit HexView(QWidget *parent = nullptr);

    // Shows them from the beginning, with nothing selected.
    void setBytes(const QByteArray &bytes);
    const QByteArray &bytes() const { return m_bytes; }

    struct Span {
        qsizetype at = 0;
        qsizetype size = 0;
    };
    // Size 0: nothing is selected, and `at` is the byte that the cursor is on.
    Span selection() const;
    // As if by hand, but without the signal; it comes into sight.
    void select(qsizetype at, qsizetype size);
    qsizetype cursor() const { return m_cursor; } // -1: there are no bytes

    // What it needs to show so many bytes (4, 8 or 16) a line.
    int widthFor(int bytesPerLine) const;
    int bytesPerLine() const { return m_perLine; }
    QRect byteRect(qsizetype at) const;                 // of its two digits, in the viewport
    int linesPainted() const { return m_linesPainted; } // since it was made

public slots:
    void copy(); // as hex
    void selectAll();

signals:
    // The selection or the cursor, by hand.
    void moved();
    // Copy as text was asked for.
    void textCopyAsked();

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void relayOut();
    void paintLine(QPainter &painter, qsizetype line, int y);
    void paintSelected(QPainter &painter, qsizetype first, qsizetype last, int y);
    void moveTo(qsizetype at, bool extends);
    void reveal(qsizetype at);
    qsizetype target(int key, bool control) const; // where a key leads; -1: it is none of ours
    qsizetype byteAt(QPoint position) const;
    void copyCArray();
    QByteArray chosen() const; // what is selected, else the byte that the cursor is on
    int hexX(qsizetype column) const;
    int asciiX(qsizetype column) const;
    int lineHeight() const;
    int lineWidth(int perLine) const;
    qsizetype lines() const { return (m_bytes.size() + m_perLine - 1) / m_perLine; }
    qsizetype topLine() const;

    QByteArray m_bytes;
    qsizetype m_anchor = 0;
    qsizetype m_cursor = -1;
    bool m_isSelecting = false; // from the anchor to the cursor, both among them
    int m_perLine = 16;
    int m_letter = 8; // width
    int m_linesPainted = 0;
};

} // namespace tincan

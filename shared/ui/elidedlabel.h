// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace tincan {

// One line: a bold beginning and a plain rest, cut with "…" where there is no room; the whole of it is the tool tip then, and
// always the accessible name. Plain text. GUI thread.
class ElidedLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    void setText(const QString &strong, const QString &rest);
    // It is never cut: others beside it are.
    void setWholeAlways() { m_isWhole = true; }
    void setElideMode(Qt::TextElideMode mode) { m_mode = mode; }
    // The rest is shown whole or not at all.
    void setRestWhole(bool whole) { m_isRestWhole = whole; }
    // What is said in place of the text to those who hear it, until there is another text.
    void setSpoken(const QString &text);
    void setWhole(const QString &toolTip);
    QString text() const { return m_strong + m_rest; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QFont strongFont() const;
    bool isCut() const;
    QString m_strong;
    QString m_rest;
    QString m_whole;
    Qt::TextElideMode m_mode = Qt::ElideRight;
    bool m_isWhole = false;
    bool m_isRestWhole = false;
};

} // namespace tincan

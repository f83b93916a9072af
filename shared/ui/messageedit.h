// SPDX-License-Identifier: MIT
#pragma once

#include <QPlainTextEdit>

namespace tincan {

// The field a message is typed into: Enter sends, Shift+Enter starts a new line, Tab leaves, and it grows with what is in it.
// GUI thread.
class MessageEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    // A paste of this many lines asks first.
    static constexpr int kManyLines = 3;

    explicit MessageEdit(QWidget *parent = nullptr);

    // What was typed, exactly (QPlainTextEdit::toPlainText() turns no-break spaces into blanks).
    QString text() const;
    void setText(const QString &text);
    // What stands there while it is empty; `more` only where there is room for it as well.
    void setHint(const QString &hint, const QString &more);

signals:
    void submitted();
    // ↑ (-1) or ↓ (1) was pressed in it. `taken` says whether somebody has done something with it.
    void historyAsked(int step, bool *taken);
    void manyLinesPasted(const QString &text, int lines);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fitHeight();
    void showHint();

    QString m_hint;
    QString m_more;
};

} // namespace tincan

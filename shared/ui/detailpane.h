// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "transcript/encoding.h"

class QLabel;
class QSplitter;

namespace tincan {

class DetailText;
class ElidedLabel;
class HexView;
class TranscriptModel;

// One message whole: what it is, its text and its bytes side by side, what is selected in one marked in the other, and the byte
// at the cursor as numbers. GUI thread.
class DetailPane final : public QWidget
{
    Q_OBJECT
public:
    // What of a message is shown as text; all of it is there as bytes.
    static constexpr qsizetype kMostText = 1024 * 1024;

    explicit DetailPane(QWidget *parent = nullptr);

    // What a row is and holds, copied. A row that is no message: its text, and no bytes.
    void showRow(const TranscriptModel &model, int row);
    // The same bytes in another encoding.
    void setEncoding(const Encoding &encoding);
    // Before anything is chosen.
    void showNothing();

    // Its text and bytes in percent of the window's text, as the transcript's.
    void setZoom(int percent);
    void focusBytes();
    DetailText *text() const { return m_text; }
    HexView *hex() const { return m_hex; }
    QByteArray splitterState() const;
    void restoreSplitter(const QByteArray &state);
    std::vector<QWidget *> tabOrder() const;

signals:
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void nameParts();
    void connectParts();
    void decode();
    void textMoved();
    void hexMoved();
    void showInspector();
    void apportion();
    QString meant(qsizetype at, qsizetype size) const;

    ElidedLabel *m_title;
    QWidget *m_close;
    QSplitter *m_splitter;
    DetailText *m_text;
    HexView *m_hex;
    QLabel *m_limit;
    ElidedLabel *m_inspector;
    int m_zoom = 100;
    bool m_isOwnSplit = true; // nobody has moved the splitter yet
    QByteArray m_carried;     // what begins the first character, in the messages before
    const Encoding *m_encoding = &utf8();
};

} // namespace tincan

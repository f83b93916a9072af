// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QBasicTimer>
#include <QPlainTextEdit>

#include "transcript/decodedtext.h"

namespace tincan {

// The text of one message, read only, with its escapes muted. GUI thread.
class DetailText final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit DetailText(QWidget *parent = nullptr);

    void setDecoded(DecodedText decoded);
    const DecodedText &decoded() const { return m_decoded; }
    // Marks what stands for these bytes, and brings it into sight.
    void markBytes(qsizetype at, qsizetype size);
    // The bytes that are selected, else those of the character at the cursor with size 0.
    DecodedText::Span selectedBytes() const;
    // What copies a selection: gives the text of these bytes.
    void setCopy(std::function<QString(DecodedText::Span)> copy) { m_copy = std::move(copy); }

signals:
    // The selection or the cursor, by hand.
    void moved();

protected:
    QMimeData *createMimeDataFromSelection() const override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    void restyle();
    void showFormats();
    void cursorMoved();

    DecodedText m_decoded;
    DecodedText::Span m_mark;
    std::function<QString(DecodedText::Span)> m_copy;
    QBasicTimer m_formats; // gathers what scrolls and resizes into one look
    std::pair<int, int> m_formatted{-1, -1};
    bool m_isMarking = false;
};

} // namespace tincan

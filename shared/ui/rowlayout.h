// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QColor>
#include <QFont>
#include <QRect>
#include <QTextLayout>

#include "ui/rowtext.h"

namespace tincan {

// Where everything of one row stands, from the row's own top left corner, in pixels. Made without a painter.
struct RowShape {
    enum class Kind : std::uint8_t { Received, Sent, Refused, Note };

    Kind kind = Kind::Note;
    int height = 0;
    QRect marker;            // the line "new since you were here" above it; empty: none
    QRect who;               // empty: none
    QRect bubble;            // empty for notes
    QPoint text;             // the text layout's origin
    QRect side;              // time and size beside the bubble; for notes the whole line
    QRect hot;               // what a click selects the row by: the bubble, or the ink of a note
    int dumpAt = -1;         // the character where the dump begins; -1: there is none
    int dumpBytes = 0;       // of it in a line
    bool hasText = false;    // the payload is shown as text, before the dump
    std::uint32_t shown = 0; // bytes of the payload at most
    QRect more;              // the words "61.3 KB more"; empty: all of it is shown
    QString whoText;
    QString sideText;
    std::unique_ptr<QTextLayout> layout; // the payload, wrapped; none for notes
};

// The colours of the pieces of a payload: given by the painter, kept in the layout.
struct RowColours {
    QColor text;
    QColor escape;
    QColor invalid;
    QColor muted;
};

// How rows are laid out: depends on the width, the fonts and the way payloads are shown, never on a painter. GUI thread.
class RowLayout
{
public:
    // Bytes of a payload that are shown at first; how many more there are is said.
    static constexpr std::uint32_t kShown = 4096;
    // … and at most: what can come in one read. A message that a lens put together may be a thousand times longer, and laying
    // that out takes minutes; the detail pane shows it.
    static constexpr std::uint32_t kMostShown = kMaxMessage;

    void setWidth(int width) { m_width = width; } // pixels
    void setFonts(const QFont &text, const QFont &small);
    void setShowAs(ShowAs showAs) { m_showAs = showAs; }
    void setTimesAs(TimesAs times) { m_timesAs = times; }
    TimesAs timesAs() const { return m_timesAs; }
    void setColours(const RowColours &colours) { m_colours = colours; }

    int width() const { return m_width; }
    const QFont &smallFont() const { return m_small; }

    // `marked`: the line "new since you were here" stands above the row; `whole`: its payload is shown as far as kMostShown.
    std::unique_ptr<RowShape> make(const TranscriptModel &model, int row, bool marked, bool whole = false) const;

private:
    struct Payload {
        QString text;
        QList<QTextLayout::FormatRange> formats;
        int dumpAt = -1; // where the lines begin that must not be broken; -1: there are none
        int moreAt = -1; // where the words "61.3 KB more" begin
        void add(const QString &part, const QColor &colour);
        void mark(int at, const QColor &colour); // where a read begins
    };
    struct Source {
        const TranscriptModel &model;
        int row;
        std::uint32_t most; // bytes of the payload
    };
    void placeNote(RowShape &shape, const TranscriptModel &model, int row, int top) const;
    void placeBubble(RowShape &shape, const Source &source, int top) const;
    void placeSide(RowShape &shape, int room) const;
    QSize layOutPayload(RowShape &shape, const Source &source, int width) const;
    Payload payload(const Source &source, int width) const;
    void addText(Payload &into, const Source &source) const;
    void makeThin(QTextLayout::FormatRange &mark) const;
    void addDump(Payload &into, const Source &source, const QByteArray &bytes, int width) const;
    void addMore(Payload &into, std::uint32_t bytes) const;
    int dumpBytes(int width) const;

    QFont m_text;
    QFont m_small;
    RowColours m_colours;
    int m_width = 0;
    ShowAs m_showAs = ShowAs::Text;
    TimesAs m_timesAs = TimesAs::Time;
};

} // namespace tincan

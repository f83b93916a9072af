// SPDX-License-Identifier: MIT
#include "ui/rowlayout.h"

#include <algorithm>

#include <QFontMetrics>
#include <QtMath>

#include "session/words.h"

namespace tincan {

namespace {

constexpr int kMargin = 16;   // left and right of everything
constexpr int kGap = 8;       // between two rows, and between a bubble and what stands beside it
constexpr int kPaddingX = 12; // within a bubble
constexpr int kPaddingY = 6;
constexpr int kFirstGap = 6; // above the first row

RowShape::Kind shapeKind(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Received:
        return RowShape::Kind::Received;
    case RecordKind::Sent:
    case RecordKind::FanOut:
        return RowShape::Kind::Sent;
    case RecordKind::Refused:
        return RowShape::Kind::Refused;
    default:
        return RowShape::Kind::Note;
    }
}

} // namespace

void RowLayout::Payload::add(const QString &part, const QColor &colour)
{
    QTextLayout::FormatRange range;
    range.start = static_cast<int>(text.size());
    range.length = static_cast<int>(part.size());
    range.format.setForeground(colour);
    formats.append(range);
    text += part;
}

void RowLayout::setFonts(const QFont &text, const QFont &small)
{
    m_text = text;
    m_small = small;
}

std::unique_ptr<RowShape> RowLayout::make(const TranscriptModel &model, int row, bool marked) const
{
    auto shape = std::make_unique<RowShape>();
    shape->kind = shapeKind(model.row(row).kind);
    int top = row == 0 ? kFirstGap : 0;
    if (marked) {
        shape->marker = QRect(kMargin, top, m_width - 2 * kMargin, QFontMetrics(m_small).height() + kGap);
        top = shape->marker.bottom() + 1;
    }
    if (shape->kind == RowShape::Kind::Note) {
        placeNote(*shape, model, row, top);
    } else {
        placeBubble(*shape, model, row, top);
    }
    return shape;
}

void RowLayout::placeNote(RowShape &shape, const TranscriptModel &model, int row, int top) const
{
    shape.sideText = formatTime(model.row(row).time) + QStringLiteral("   ") + noteLine(model, row);
    constexpr int kTallest = 100'000;
    const QRect room(kMargin, top + kGap / 2, std::max(1, m_width - 2 * kMargin), kTallest);
    const QRect ink = QFontMetrics(m_small).boundingRect(room, Qt::AlignHCenter | Qt::TextWordWrap, shape.sideText);
    shape.side = QRect(room.left(), room.top(), room.width(), ink.height());
    shape.hot = ink.adjusted(-kGap, -2, kGap, 2);
    shape.height = shape.side.bottom() + 1 + kGap / 2;
}

void RowLayout::placeBubble(RowShape &shape, const TranscriptModel &model, int row, int top) const
{
    const int room = std::max(80, m_width - 2 * kMargin);
    // Lines of a dump are of one length, and say nothing when they are broken.
    const int widest = m_showAs == ShowAs::Text ? room * 3 / 4 : room;
    const QSize text = layOutPayload(shape, model, row, std::max(40, widest - 2 * kPaddingX));
    shape.whoText = whoText(model, row);
    shape.sideText = sideText(model, row);
    if (!shape.whoText.isEmpty()) {
        shape.who = QRect(kMargin, top + kGap / 2, room, QFontMetrics(m_small).height());
        top = shape.who.bottom() - kGap / 4;
    }
    const QSize size(text.width() + 2 * kPaddingX, text.height() + 2 * kPaddingY);
    const int left = shape.kind == RowShape::Kind::Received ? kMargin : m_width - kMargin - size.width();
    shape.bubble = QRect(QPoint(left, top + kGap / 2), size);
    shape.text = shape.bubble.topLeft() + QPoint(kPaddingX, kPaddingY);
    shape.hot = shape.bubble;
    placeSide(shape, room);
    shape.height = std::max(shape.bubble.bottom(), shape.side.bottom()) + 1 + kGap / 2;
}

// Beside the bubble, on the level of its last line, or below where there is no room beside it.
void RowLayout::placeSide(RowShape &shape, int room) const
{
    const QFontMetrics metrics(m_small);
    const bool right = shape.kind != RowShape::Kind::Received;
    const QRect &bubble = shape.bubble;
    const int wanted = metrics.horizontalAdvance(shape.sideText) + 2;
    const int lastLine = bubble.bottom() + 1 - kPaddingY - (QFontMetrics(m_text).height() + metrics.height()) / 2;
    if (wanted + kGap <= room - bubble.width()) {
        const int x = right ? bubble.left() - kGap - wanted : bubble.right() + 1 + kGap;
        shape.side = QRect(x, lastLine, wanted, metrics.height());
        return;
    }
    const QRect below(kMargin, bubble.bottom() + 3, room, 10 * metrics.height());
    const int flags = (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::TextWordWrap;
    shape.side = QRect(below.topLeft(), QSize(room, metrics.boundingRect(below, flags, shape.sideText).height()));
}

RowLayout::Payload RowLayout::payload(const TranscriptModel &model, int row) const
{
    const Row &here = model.row(row);
    Payload made;
    if (here.offset == kNotRecorded) {
        made.add(formatBytes(here.size) + QStringLiteral(", not kept: the session file could not be written"), m_colours.muted);
        return made;
    }
    const QByteArray bytes = model.bytes(row, kShown);
    if (bytes.size() < static_cast<qsizetype>(std::min(here.size, kShown))) {
        made.add(formatBytes(here.size) + QStringLiteral(", kept, but the session file cannot be read"), m_colours.muted);
        return made;
    }
    if (m_showAs != ShowAs::Hex) {
        addText(made, model, row);
    }
    if (m_showAs != ShowAs::Text) {
        addDump(made, bytes);
    }
    if (here.size > kShown) {
        made.add(QStringLiteral(" … ") + formatBytes(here.size - kShown) + QStringLiteral(" more"), m_colours.muted);
    }
    return made;
}

void RowLayout::addText(Payload &into, const TranscriptModel &model, int row) const
{
    const TextRuns runs = model.text(row, kShown);
    for (std::size_t at = 0; at < runs.size(); ++at) {
        const TextRun &run = runs[at];
        switch (run.kind) {
        case TextRun::Kind::Plain:
            into.text += run.text;
            break;
        case TextRun::Kind::LineEnd:
            into.add(run.text, m_colours.escape);
            if (at + 1 < runs.size()) {
                into.text += QChar(QChar::LineSeparator);
            }
            break;
        case TextRun::Kind::Invalid:
            into.add(run.text, m_colours.invalid);
            break;
        case TextRun::Kind::Control:
        case TextRun::Kind::Fold:
            into.add(run.text, m_colours.escape);
            break;
        }
    }
    if (runs.empty() && model.row(row).size > 0) {
        into.add(QStringLiteral("… the beginning of a character that the next message ends"), m_colours.muted);
    }
}

void RowLayout::addDump(Payload &into, const QByteArray &bytes) const
{
    QString dump = hexDump(bytes);
    dump.replace(u'\n', QChar(QChar::LineSeparator));
    if (m_showAs == ShowAs::Hex) {
        into.text += dump;
        return;
    }
    into.text += QChar(QChar::LineSeparator);
    into.add(dump, m_colours.muted);
}

// Returns the size of the text.
QSize RowLayout::layOutPayload(RowShape &shape, const TranscriptModel &model, int row, int width) const
{
    const Payload shown = payload(model, row);
    shape.layout = std::make_unique<QTextLayout>(shown.text, m_text);
    QTextLayout &layout = *shape.layout;
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(Qt::LeftToRight);
    layout.setTextOption(option);
    layout.setFormats(shown.formats);
    layout.setCacheEnabled(true);
    layout.beginLayout();
    qreal height = 0;
    qreal widest = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, height));
        height += line.height();
        widest = std::max(widest, line.naturalTextWidth());
    }
    layout.endLayout();
    const QFontMetrics metrics(m_text);
    return {std::clamp(qCeil(widest), metrics.averageCharWidth(), width), std::max(qCeil(height), metrics.height())};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/rowlayout.h"

#include <algorithm>
#include <cerrno>

#include <QFontMetrics>
#include <QtMath>

#include "session/words.h"
#include "ui/bytemap.h"

namespace tincan {

namespace {

constexpr int kMargin = 16;   // left and right of everything
constexpr int kGap = 8;       // between two rows, and between a bubble and what stands beside it
constexpr int kPaddingX = 12; // within a bubble
constexpr int kPaddingY = 6;
constexpr int kFirstGap = 6; // above the first row
constexpr char16_t kBorderMark = u'\u258f';
constexpr int kUnbroken = 1 << 20; // a width at which no line of a dump is broken

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

// As hexDump(), with 16, 8 or 4 bytes a line: its hex columns have fixed places, those that stay empty are cut out.
QString narrowDump(const QByteArray &bytes, int perLine)
{
    constexpr int kWhole = 16;
    constexpr int kHexAt = 9;
    constexpr int kHexWidth = 3 * kWhole + 1;
    QString dump;
    for (qsizetype at = 0; at < bytes.size(); at += perLine) {
        if (at > 0) {
            dump += QChar(QChar::LineSeparator);
        }
        QString line = hexDump(QByteArrayView(bytes).sliced(at, std::min<qsizetype>(perLine, bytes.size() - at)),
                               static_cast<quint32>(at));
        if (perLine < kWhole) {
            line.remove(kHexAt + 3 * perLine, kHexWidth - 3 * perLine);
        }
        dump += line;
    }
    return dump;
}

// Where the words from this character on stand, on the last line.
QRect lastWords(const QTextLayout &layout, int from)
{
    const QTextLine line = layout.lineAt(layout.lineCount() - 1);
    const qreal left = line.cursorToX(std::max(from, line.textStart()));
    return QRectF(left, line.y(), line.naturalTextWidth() - left, line.height()).toAlignedRect();
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

// In place of a space of the dump.
void RowLayout::Payload::mark(int at, const QColor &colour)
{
    text[at] = kBorderMark;
    QTextLayout::FormatRange range;
    range.start = at;
    range.length = 1;
    range.format.setForeground(colour);
    formats.append(range);
}

void RowLayout::setFonts(const QFont &text, const QFont &small)
{
    m_text = text;
    m_small = small;
}

std::unique_ptr<RowShape> RowLayout::make(const TranscriptModel &model, int row, bool marked, bool whole) const
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
        placeBubble(*shape, {model, row, whole ? kMostShown : kShown}, top);
    }
    return shape;
}

void RowLayout::placeNote(RowShape &shape, const TranscriptModel &model, int row, int top) const
{
    const QString when = timeText(model, row, m_timesAs);
    shape.sideText = (when.isEmpty() ? QString() : when + QStringLiteral("   ")) + noteLine(model, row);
    constexpr int kTallest = 100'000;
    const QRect room(kMargin, top + kGap / 2, std::max(1, m_width - 2 * kMargin), kTallest);
    const QRect ink = QFontMetrics(m_small).boundingRect(room, Qt::AlignHCenter | Qt::TextWordWrap, shape.sideText);
    shape.side = QRect(room.left(), room.top(), room.width(), ink.height());
    shape.hot = ink.adjusted(-kGap, -2, kGap, 2);
    shape.height = shape.side.bottom() + 1 + kGap / 2;
}

void RowLayout::placeBubble(RowShape &shape, const Source &source, int top) const
{
    const int room = std::max(80, m_width - 2 * kMargin);
    // Lines of a dump are of one length, and say nothing when they are broken.
    const int widest = m_showAs == ShowAs::Text ? room * 3 / 4 : room;
    const QSize text = layOutPayload(shape, source, std::max(40, widest - 2 * kPaddingX));
    shape.whoText = whoText(source.model, source.row);
    shape.sideText = sideText(source.model, source.row, m_timesAs);
    if (!shape.whoText.isEmpty()) {
        shape.who = QRect(kMargin, top + kGap / 2, room, QFontMetrics(m_small).height());
        top = shape.who.bottom() - kGap / 4;
    }
    const QSize size(text.width() + 2 * kPaddingX, text.height() + 2 * kPaddingY);
    const int left = shape.kind == RowShape::Kind::Received ? kMargin : m_width - kMargin - size.width();
    shape.bubble = QRect(QPoint(left, top + kGap / 2), size);
    shape.text = shape.bubble.topLeft() + QPoint(kPaddingX, kPaddingY);
    shape.hot = shape.bubble;
    shape.more.translate(shape.text);
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

RowLayout::Payload RowLayout::payload(const Source &source, int width) const
{
    const Row &here = source.model.row(source.row);
    Payload made;
    if (here.offset == kNotRecorded) {
        made.add(formatBytes(here.size) + QStringLiteral(", not kept: the session file could not be written"), m_colours.muted);
        return made;
    }
    if (here.size == 0) {
        made.add(emptyRowText(source.model, source.row), m_colours.muted);
        return made;
    }
    int error = 0;
    const QByteArray bytes = source.model.bytes(source.row, source.most, &error);
    if (bytes.size() < static_cast<qsizetype>(std::min(here.size, source.most))) {
        made.add(formatBytes(here.size)
                     + (error == ENODATA ? QStringLiteral(", discarded: the session's limit")
                                         : QStringLiteral(", kept, but the session file cannot be read")),
                 m_colours.muted);
        return made;
    }
    if (m_showAs != ShowAs::Hex) {
        addText(made, source);
    }
    if (m_showAs != ShowAs::Text) {
        addDump(made, source, bytes, width);
    }
    if (here.size > source.most) {
        addMore(made, here.size - source.most);
    }
    return made;
}

// Underlined: a click there shows it.
void RowLayout::addMore(Payload &into, std::uint32_t bytes) const
{
    into.add(into.dumpAt < 0 ? QStringLiteral(" … ") : QChar(QChar::LineSeparator) + QStringLiteral("… "), m_colours.muted);
    into.moreAt = static_cast<int>(into.text.size());
    into.add(formatBytes(bytes) + QStringLiteral(" more"), m_colours.muted);
    into.formats.last().format.setFontUnderline(true);
}

void RowLayout::addText(Payload &into, const Source &source) const
{
    const TextRuns runs = source.model.text(source.row, source.most);
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
        case TextRun::Kind::Border:
            into.add(run.text, m_colours.escape);
            makeThin(into.formats.last());
            break;
        case TextRun::Kind::Control:
        case TextRun::Kind::Fold:
            into.add(run.text, m_colours.escape);
            break;
        }
    }
    if (runs.empty() && source.model.row(source.row).size > 0) {
        into.add(QStringLiteral("… the beginning of a character that the next message ends"), m_colours.muted);
    }
}

// A mark between two characters, not a space between them.
void RowLayout::makeThin(QTextLayout::FormatRange &mark) const
{
    constexpr qreal kWidth = 3;
    mark.format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
    mark.format.setFontLetterSpacing(kWidth - QFontMetricsF(m_text).horizontalAdvance(kBorderMark));
}

// As many bytes a line as there is room for.
int RowLayout::dumpBytes(int width) const
{
    const qreal letter = QFontMetricsF(m_text).horizontalAdvance(u'0');
    constexpr int kLetters16 = 78;
    constexpr int kLetters8 = 45;
    return letter * kLetters16 <= width ? 16 : letter * kLetters8 <= width ? 8 : 4;
}

void RowLayout::addDump(Payload &into, const Source &source, const QByteArray &bytes, int width) const
{
    const QString dump = narrowDump(bytes, dumpBytes(width));
    if (m_showAs == ShowAs::Hex) {
        into.dumpAt = 0;
        into.text += dump;
    } else {
        into.text += QChar(QChar::LineSeparator);
        into.dumpAt = static_cast<int>(into.text.size());
        into.add(dump, m_colours.muted);
    }
    std::vector<ByteSpan> firsts; // of the reads
    for (const std::uint32_t border : source.model.borders(source.row, source.most)) {
        firsts.push_back({border, border + std::int64_t{1}});
    }
    const std::vector<CharSpan> chars = dumpCharsOf(into.dumpAt, dumpBytes(width), bytes.size(), firsts);
    for (std::size_t at = 0; at < chars.size(); at += 2) { // each as hex, then as text
        into.mark(chars[at].start - 1, m_colours.escape);
    }
}

// Returns the size of the text.
QSize RowLayout::layOutPayload(RowShape &shape, const Source &source, int width) const
{
    const Payload shown = payload(source, width);
    shape.dumpAt = shown.dumpAt;
    shape.dumpBytes = dumpBytes(width);
    shape.hasText = m_showAs != ShowAs::Hex;
    shape.shown = source.most;
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
        line.setLineWidth(shown.dumpAt >= 0 && line.textStart() >= shown.dumpAt ? kUnbroken : width);
        line.setPosition(QPointF(0, height));
        height += line.height();
        widest = std::max(widest, line.naturalTextWidth());
    }
    layout.endLayout();
    if (shown.moreAt >= 0) {
        shape.more = lastWords(layout, shown.moreAt);
    }
    const QFontMetrics metrics(m_text);
    return {std::clamp(qCeil(widest), metrics.averageCharWidth(), width), std::max(qCeil(height), metrics.height())};
}

} // namespace tincan

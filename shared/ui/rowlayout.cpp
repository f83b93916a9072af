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

void add(QString &text, QList<QTextLayout::FormatRange> &formats, const QString &part, const QColor &colour)
{
    QTextLayout::FormatRange range;
    range.start = static_cast<int>(text.size());
    range.length = static_cast<int>(part.size());
    range.format.setForeground(colour);
    formats.append(range);
    text += part;
}

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

void RowLayout::setFonts(const QFont &text, const QFont &small)
{
    m_text = text;
    m_small = small;
}

std::unique_ptr<RowShape> RowLayout::make(const TranscriptModel &model, int row, bool marked) const
{
    auto shape = std::make_unique<RowShape>();
    shape->kind = shapeKind(model.row(row).kind);
    int top = 0;
    if (marked) {
        const int height = QFontMetrics(m_small).height() + kGap;
        shape->marker = QRect(kMargin, 0, m_width - 2 * kMargin, height);
        top = height;
    }
    if (shape->kind == RowShape::Kind::Note) {
        makeNote(*shape, model, row, top);
    } else {
        makeBubble(*shape, model, row, top);
    }
    return shape;
}

void RowLayout::makeNote(RowShape &shape, const TranscriptModel &model, int row, int top) const
{
    const Row &here = model.row(row);
    shape.sideText = formatTime(here.time) + QStringLiteral("   ");
    if (model.conversation() == kNoPeer && here.peer != kNoPeer && here.kind != RecordKind::Joined) {
        const QString address = model.addressOf(here.peer);
        shape.sideText += address.isEmpty() ? QString() : address + QStringLiteral("   ");
    }
    shape.sideText += noteText(model.index(), here);
    const QFontMetrics metrics(m_small);
    const QRect room(kMargin, top + kGap / 2, std::max(1, m_width - 2 * kMargin), 100'000);
    const QRect needed = metrics.boundingRect(room, Qt::AlignHCenter | Qt::TextWordWrap, shape.sideText);
    shape.side = QRect(room.left(), room.top(), room.width(), needed.height());
    shape.height = shape.side.bottom() + 1 + kGap / 2;
}

void RowLayout::makeBubble(RowShape &shape, const TranscriptModel &model, int row, int top) const
{
    const QFontMetrics metrics(m_small);
    const bool right = shape.kind != RowShape::Kind::Received;
    const int room = std::max(80, m_width - 2 * kMargin);
    QSize size;
    shape.layout = layOutPayload(model, row, std::max(60, room * 3 / 4 - 2 * kPaddingX), size);
    shape.whoText = whoText(model, row);
    shape.sideText = sideText(model, row);
    if (!shape.whoText.isEmpty()) {
        shape.who = QRect(kMargin, top + kGap / 2, room, metrics.height());
        top = shape.who.bottom();
    }
    const QSize bubble(size.width() + 2 * kPaddingX, size.height() + 2 * kPaddingY);
    const int left = right ? m_width - kMargin - bubble.width() : kMargin;
    shape.bubble = QRect(QPoint(left, top + kGap / 2), bubble);
    shape.text = shape.bubble.topLeft() + QPoint(kPaddingX, kPaddingY);
    const int sideWidth = metrics.horizontalAdvance(shape.sideText) + 2;
    if (sideWidth + kGap <= room - bubble.width()) {
        const int x = right ? shape.bubble.left() - kGap - sideWidth : shape.bubble.right() + 1 + kGap;
        shape.side = QRect(x, shape.bubble.bottom() - kPaddingY - metrics.height() + 1, sideWidth, metrics.height());
    } else { // no room beside it: below
        const int width = std::min(sideWidth, room);
        shape.side = QRect(right ? m_width - kMargin - width : kMargin, shape.bubble.bottom() + 2, width, metrics.height());
    }
    shape.height = std::max(shape.bubble.bottom(), shape.side.bottom()) + 1 + kGap / 2;
}

QString RowLayout::payloadText(const TranscriptModel &model, int row, QList<QTextLayout::FormatRange> &formats) const
{
    const Row &here = model.row(row);
    QString text;
    if (here.offset == kNotRecorded) {
        add(text, formats, formatBytes(here.size) + QStringLiteral(", not kept: the session file could not be written"),
            m_colours.muted);
        return text;
    }
    if (m_showAs != ShowAs::Hex) {
        const TextRuns runs = model.text(row, kShown);
        for (std::size_t at = 0; at < runs.size(); ++at) {
            const TextRun &run = runs[at];
            switch (run.kind) {
            case TextRun::Kind::Plain:
                text += run.text;
                break;
            case TextRun::Kind::LineEnd:
                add(text, formats, run.text, m_colours.escape);
                if (at + 1 < runs.size()) {
                    text += QChar(QChar::LineSeparator);
                }
                break;
            case TextRun::Kind::Invalid:
                add(text, formats, run.text, m_colours.invalid);
                break;
            case TextRun::Kind::Control:
            case TextRun::Kind::Fold:
                add(text, formats, run.text, m_colours.escape);
                break;
            }
        }
    }
    if (m_showAs != ShowAs::Text) {
        if (!text.isEmpty()) {
            text += QChar(QChar::LineSeparator);
        }
        QString dump = hexDump(model.bytes(row, kShown));
        const QString lines = dump.replace(u'\n', QChar(QChar::LineSeparator));
        if (m_showAs == ShowAs::Both) {
            add(text, formats, lines, m_colours.muted);
        } else {
            text += lines;
        }
    }
    if (here.size > kShown) {
        add(text, formats, QStringLiteral(" … ") + formatBytes(here.size - kShown) + QStringLiteral(" more"), m_colours.muted);
    }
    return text;
}

std::unique_ptr<QTextLayout> RowLayout::layOutPayload(const TranscriptModel &model, int row, int width, QSize &size) const
{
    QList<QTextLayout::FormatRange> formats;
    auto layout = std::make_unique<QTextLayout>(payloadText(model, row, formats), m_text);
    QTextOption option;
    option.setWrapMode(m_showAs == ShowAs::Text ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::WrapAnywhere);
    option.setTextDirection(Qt::LeftToRight);
    layout->setTextOption(option);
    layout->setFormats(formats);
    layout->setCacheEnabled(true);
    layout->beginLayout();
    qreal height = 0;
    qreal widest = 0;
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, height));
        height += line.height();
        widest = std::max(widest, line.naturalTextWidth());
    }
    layout->endLayout();
    size = QSize(std::max(QFontMetrics(m_text).averageCharWidth(), qCeil(widest)), qCeil(height));
    return layout;
}

} // namespace tincan

// SPDX-License-Identifier: MIT
// What a TranscriptView marks, and how it shows the place of a mark.
#include <algorithm>

#include "ui/highlighter.h"
#include "ui/markedscrollbar.h"
#include "ui/transcriptview.h"

namespace tincan {

void TranscriptView::setHighlighter(const Highlighter *highlighter)
{
    m_highlighter = highlighter;
    if (!highlighter) {
        m_bar->setMarks({}, {});
        return;
    }
    const auto part = [this](double share) { return static_cast<int>(share * count()); };
    const auto beyond = [this](double share) { return std::min(count(), static_cast<int>(share * count()) + 1); };
    // With fewer rows than pixels a row has several, of which the first is its mark's.
    const auto rows = [=, this](double from, double to, auto test) {
        const int first = part(from) < from * count() ? part(from) + 1 : part(from);
        const int last = part(to) < to * count() ? beyond(to) : part(to);
        return m_model && first < last && test(first, last);
    };
    m_bar->setMarks(
        [=, this](double from, double to) {
            return rows(from, to, [this](int first, int last) { return m_highlighter->isIn(*m_model, first, last); });
        },
        [=, this](double from, double to) {
            return rows(from, to, [this](int first, int last) { return m_highlighter->isCurrentIn(*m_model, first, last); });
        });
}

void TranscriptView::marksChanged()
{
    viewport()->update();
    m_bar->marksChanged();
}

std::vector<CharSpan> TranscriptView::marks(int row)
{
    std::vector<CharSpan> marks;
    if (!m_highlighter) {
        return marks;
    }
    const RowShape &shape = m_window.shape(row);
    const std::vector<ByteSpan> spans = shape.layout ? m_highlighter->spans(*m_model, row, shape.shown) : std::vector<ByteSpan>();
    if (spans.empty()) {
        return marks;
    }
    const QByteArray bytes = m_model->bytes(row, shape.shown);
    if (shape.hasText) {
        marks = charsOf(m_model->text(row, shape.shown), {m_model->carriedInto(row), bytes, m_model->encoding()}, spans);
    }
    if (shape.dumpAt >= 0) {
        const std::vector<CharSpan> dump = dumpCharsOf(shape.dumpAt, shape.dumpBytes, bytes.size(), spans);
        marks.insert(marks.end(), dump.begin(), dump.end());
    }
    return marks;
}

void TranscriptView::reveal(int row, std::uint32_t byte)
{
    if (row < 0 || row >= count()) {
        return;
    }
    m_window.reveal(row);
    if (byte >= m_window.shape(row).shown && !m_window.shape(row).more.isEmpty()) {
        m_window.showWhole(row);
        m_window.reveal(row);
    }
    const RowShape &shape = m_window.shape(row);
    if (shape.layout && shape.layout->lineCount() > 0) {
        const std::vector<ByteSpan> span{{byte, std::int64_t{byte} + 1}};
        const std::vector<CharSpan> chars = shape.hasText
            ? charsOf(m_model->text(row, shape.shown),
                      {m_model->carriedInto(row), m_model->bytes(row, shape.shown), m_model->encoding()}, span)
            : dumpCharsOf(shape.dumpAt, shape.dumpBytes, m_model->row(row).size, span);
        const QTextLine line = shape.layout->lineForTextPosition(chars.empty() ? 0 : chars.front().start);
        const int y = shape.text.y() + (line.isValid() ? static_cast<int>(line.y()) : 0);
        const int top = m_window.top(row);
        const int height = viewport()->height();
        if (m_window.top().row > row || top >= height || top + y < 0 || top + y + static_cast<int>(line.height()) > height) {
            m_window.moveTo({row, std::max(0, y - height / 3)});
        }
    }
    changed();
}

} // namespace tincan

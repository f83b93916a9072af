// SPDX-License-Identifier: MIT
#include "ui/detailpane.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "session/words.h"
#include "transcript/runtext.h"
#include "ui/bytewords.h"
#include "ui/detailtext.h"
#include "ui/elidedlabel.h"
#include "ui/hexview.h"
#include "ui/icons.h"
#include "ui/rowtext.h"

namespace tincan {

namespace {

QToolButton *makeClose(QWidget *parent)
{
    auto *close = new QToolButton(parent);
    close->setObjectName(QStringLiteral("detailClose"));
    close->setAccessibleName(QStringLiteral("Close detail"));
    close->setToolTip(QStringLiteral("Close (Esc)"));
    close->setIcon(icon(QLatin1String("close")));
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::TabFocus);
    return close;
}

// "2026-11-21 14:02:13.118042 · 61.3 KB (61,345 bytes) · byte 0x1f4 (500) of the stream"
QString rowFacts(const TranscriptModel &model, int row)
{
    const Row &here = model.row(row);
    QString facts = formatDateAndTime(here.time) + QStringLiteral(" · ") + formatBytes(here.size);
    if (here.size >= 1000) {
        facts += QStringLiteral(" (%1 bytes)").arg(QLocale().toString(here.size));
    }
    // Among all, what went to many is in no one stream.
    if (isMessage(here.kind) && !here.isApart && (here.kind != RecordKind::FanOut || model.conversation() != kNoPeer)) {
        const std::uint64_t offset = model.streamOffset(row);
        facts += QStringLiteral(" · at 0x%1 (%2) in the stream").arg(offset, 0, 16).arg(QLocale().toString(offset));
    } else if (here.kind == RecordKind::Refused) {
        facts += QStringLiteral(" · ") + noteText(model.index(), here);
    }
    return facts;
}

} // namespace

DetailPane::DetailPane(QWidget *parent)
    : QWidget(parent)
    , m_title(new ElidedLabel(this))
    , m_close(makeClose(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_text(new DetailText(this))
    , m_hex(new HexView(this))
    , m_limit(new QLabel(this))
    , m_inspector(new ElidedLabel(this))
{
    nameParts();
    m_limit->setTextFormat(Qt::PlainText);
    m_limit->setWordWrap(true);
    m_limit->hide();
    m_splitter->addWidget(m_text);
    m_splitter->addWidget(m_hex);
    m_splitter->setChildrenCollapsible(false);
    m_text->setMinimumSize(120, 40);
    m_hex->setMinimumSize(160, 40);

    auto *header = new QHBoxLayout;
    header->setSpacing(6);
    header->addWidget(m_title, 1);
    header->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addLayout(header);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_limit);
    layout->addWidget(m_inspector);
    connectParts();
    showNothing();
}

void DetailPane::nameParts()
{
    setObjectName(QStringLiteral("detail"));
    setAccessibleName(QStringLiteral("Detail"));
    m_title->setObjectName(QStringLiteral("detailTitle"));
    m_text->setObjectName(QStringLiteral("detailText"));
    m_text->setAccessibleName(QStringLiteral("Detail text"));
    m_hex->setObjectName(QStringLiteral("detailHex"));
    m_hex->setAccessibleName(QStringLiteral("Detail hex"));
    m_limit->setObjectName(QStringLiteral("detailLimit"));
    m_inspector->setObjectName(QStringLiteral("detailInspector"));
}

void DetailPane::connectParts()
{
    connect(static_cast<QToolButton *>(m_close), &QToolButton::clicked, this, &DetailPane::closed);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_isOwnSplit = false; });
    connect(m_text, &DetailText::moved, this, &DetailPane::textMoved);
    connect(m_hex, &HexView::moved, this, &DetailPane::hexMoved);
    connect(m_hex, &HexView::textCopyAsked, this, [this] {
        const HexView::Span span = m_hex->selection();
        QApplication::clipboard()->setText(meant(span.at, std::max<qsizetype>(1, span.size)));
    });
    m_text->setCopy([this](DecodedText::Span span) { return meant(span.at, span.size); });
}

void DetailPane::showRow(const TranscriptModel &model, int row)
{
    m_encoding = &model.encoding();
    if (hasPayload(model.row(row).kind)) {
        m_title->setText(wayText(model, row), QStringLiteral("   ") + rowFacts(model, row));
        m_carried = model.carriedInto(row);
        m_hex->setBytes(model.bytes(row, UINT32_MAX));
    } else {
        m_title->setText(QStringLiteral("No message"), QStringLiteral("   ") + noteLine(model, row));
        m_carried.clear();
        m_hex->setBytes({});
    }
    decode();
    showInspector();
}

void DetailPane::showNothing()
{
    m_title->setText(QStringLiteral("Detail"), QStringLiteral("   select a message: all of it is shown here"));
    m_carried.clear();
    m_hex->setBytes({});
    decode();
    showInspector();
}

void DetailPane::setEncoding(const Encoding &encoding)
{
    m_encoding = &encoding;
    decode();
    if (m_hex->selection().size > 0) {
        m_text->markBytes(m_hex->selection().at, m_hex->selection().size);
    }
}

void DetailPane::decode()
{
    const QByteArray &bytes = m_hex->bytes();
    m_text->setDecoded(DecodedText(*m_encoding, m_carried, QByteArrayView(bytes).first(std::min(bytes.size(), kMostText))));
    const qsizetype shown = m_text->decoded().size();
    m_limit->setVisible(shown < bytes.size());
    if (shown < bytes.size()) {
        m_limit->setText(QStringLiteral("The first %1 of %2 bytes are shown as text; on the right are all of them.")
                             .arg(QLocale().toString(shown), QLocale().toString(bytes.size())));
    }
}

void DetailPane::textMoved()
{
    const DecodedText::Span span = m_text->selectedBytes();
    m_hex->select(span.at, span.size);
    showInspector();
}

void DetailPane::hexMoved()
{
    const HexView::Span span = m_hex->selection();
    m_text->markBytes(span.at, span.size);
    showInspector();
}

void DetailPane::showInspector()
{
    const auto [at, size] = m_hex->selection();
    const QString numbers = inspectorText(m_hex->bytes(), at);
    const QString span = size > 1 ? spanText(at, size) + QStringLiteral("   ") : QString();
    m_inspector->setText(span, numbers);
    m_inspector->setWhole(span + numbers);
    m_hex->setAccessibleDescription(span + numbers);
}

// The text that these bytes are. A character of which only a part is chosen is its bytes.
QString DetailPane::meant(qsizetype at, qsizetype size) const
{
    const QByteArrayView bytes = QByteArrayView(m_hex->bytes()).sliced(at, size);
    return meantText(decodeMessage(at == 0 ? m_carried : QByteArray(), bytes, true, 0, *m_encoding));
}

void DetailPane::focusBytes()
{
    m_hex->setFocus(Qt::OtherFocusReason);
}

QByteArray DetailPane::splitterState() const
{
    return m_isOwnSplit ? QByteArray() : m_splitter->saveState();
}

void DetailPane::restoreSplitter(const QByteArray &state)
{
    m_isOwnSplit = !m_splitter->restoreState(state);
}

void DetailPane::setZoom(int percent)
{
    m_zoom = percent;
    QFont zoomed = font();
    if (zoomed.pointSizeF() > 0) { // else it is given in pixels
        zoomed.setPointSizeF(zoomed.pointSizeF() * percent / 100);
    } else {
        zoomed.setPixelSize(std::max(1, zoomed.pixelSize() * percent / 100));
    }
    m_splitter->setFont(zoomed); // what is in it follows
    apportion();
}

void DetailPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        setZoom(m_zoom);
    }
}

void DetailPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    apportion();
}

// The bytes get what their lines need, the text the rest.
void DetailPane::apportion()
{
    if (m_isOwnSplit) {
        const int leastText = fontMetrics().averageCharWidth() * 28;
        int perLine = 16;
        while (perLine > 4 && width() - m_hex->widthFor(perLine) < leastText) {
            perLine /= 2;
        }
        const int bytes = m_hex->widthFor(perLine);
        m_splitter->setSizes({width() - bytes - m_splitter->handleWidth(), bytes});
    }
}

std::vector<QWidget *> DetailPane::tabOrder() const
{
    return {m_close, m_text, m_hex};
}

void DetailPane::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        emit closed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace tincan

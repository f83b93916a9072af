// SPDX-License-Identifier: MIT
#include "ui/lensedit.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

#include "transcript/payload.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/theme.h"

namespace tincan {

namespace {

constexpr int kLongestGap = 60'000;
constexpr int kMostBefore = 1024;

} // namespace

LensEdit::LensEdit(QWidget *parent)
    : QWidget(parent)
    , m_kind(new ComboBox(QStringLiteral("lens"), QStringLiteral("Cut by"), this))
    , m_delimiter(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_headerSize(new ComboBox(QStringLiteral("lensHeaderSize"), QStringLiteral("Length field"), this))
    , m_byteOrder(new ComboBox(QStringLiteral("lensByteOrder"), QStringLiteral("Byte order"), this))
    , m_headerOffset(new QSpinBox(this))
    , m_inclusive(new QCheckBox(QStringLiteral("counts the whole message"), this))
    , m_gap(new QSpinBox(this))
    , m_progress(new QLabel(this))
{
    makeChoices();
    m_delimiterGroup = group({new QLabel(QStringLiteral("Each message ends with"), this), m_delimiter, m_problem});
    auto *offset = new QLabel(QStringLiteral("bytes before it"), this);
    m_headerGroup
        = group({new QLabel(QStringLiteral("Length of"), this), m_headerSize, m_byteOrder, m_headerOffset, offset, m_inclusive});
    m_gapGroup = group(
        {new QLabel(QStringLiteral("A pause longer than"), this), m_gap, new QLabel(QStringLiteral("ends a message"), this)});
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(12);
    for (QWidget *each : {m_delimiterGroup, m_headerGroup, m_gapGroup}) {
        row->addWidget(each);
    }
    row->addStretch(1);
    row->addWidget(m_progress);
    setObjectName(QStringLiteral("lensOptions"));
    m_progress->setObjectName(QStringLiteral("lensProgress"));
    m_progress->setForegroundRole(QPalette::PlaceholderText);
    setLens({});

    connect(m_kind, &QComboBox::currentIndexChanged, this, &LensEdit::take);
    connect(m_delimiter, &QLineEdit::textChanged, this, &LensEdit::takeDelimiter);
    connect(m_headerSize, &QComboBox::currentIndexChanged, this, &LensEdit::take);
    connect(m_byteOrder, &QComboBox::currentIndexChanged, this, &LensEdit::take);
    connect(m_headerOffset, &QSpinBox::valueChanged, this, &LensEdit::take);
    connect(m_inclusive, &QCheckBox::toggled, this, &LensEdit::take);
    connect(m_gap, &QSpinBox::valueChanged, this, &LensEdit::take);
}

void LensEdit::makeChoices()
{
    const auto add = [this](Lens::Kind kind, const QString &text, const QString &meaning) {
        m_kind->addChoice(text, static_cast<int>(kind), meaning);
    };
    add(Lens::Kind::Reads, QStringLiteral("Reads"), QStringLiteral("As recv(2) returned them: TCP keeps no other borders"));
    add(Lens::Kind::Lines, QStringLiteral("Lines"), QStringLiteral("Each message ends with LF (or CR LF)"));
    add(Lens::Kind::Delimiter, QStringLiteral("Delimiter"), QStringLiteral("Each message ends with bytes that you name"));
    add(Lens::Kind::LengthHeader, QStringLiteral("Length"), QStringLiteral("Each message begins with its length"));
    add(Lens::Kind::IdleGap, QStringLiteral("Pauses"), QStringLiteral("What comes without a pause is one message"));
    add(Lens::Kind::StxEtx, QStringLiteral("STX ETX"), QStringLiteral("From STX (0x02) to ETX (0x03)"));
    m_kind->setToolTip(QStringLiteral("What is a message: the same bytes, cut anew. Thin marks show where the reads were."));
    m_delimiter->setObjectName(QStringLiteral("lensDelimiter"));
    m_delimiter->setAccessibleName(QStringLiteral("Delimiter"));
    m_delimiter->setToolTip(QStringLiteral("Text with escapes: \\n, \\r\\n, \\0, \\x1e, ;"));
    m_delimiter->setMaximumWidth(m_delimiter->fontMetrics().averageCharWidth() * 16);
    m_problem->setObjectName(QStringLiteral("lensProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    QPalette colours = m_problem->palette();
    colours.setColor(QPalette::WindowText, badColour());
    m_problem->setPalette(colours);
    m_problem->hide();
    for (const int size : {1, 2, 4, 8}) {
        m_headerSize->addChoice(size == 1 ? QStringLiteral("1 byte") : QStringLiteral("%1 bytes").arg(size), size);
    }
    m_byteOrder->addChoice(QStringLiteral("Big endian"), true, QStringLiteral("Highest byte first: network order"));
    m_byteOrder->addChoice(QStringLiteral("Little endian"), false, QStringLiteral("Lowest byte first"));
    m_headerOffset->setObjectName(QStringLiteral("lensHeaderOffset"));
    m_headerOffset->setAccessibleName(QStringLiteral("Bytes before the length"));
    m_headerOffset->setRange(0, kMostBefore);
    m_inclusive->setObjectName(QStringLiteral("lensInclusive"));
    m_inclusive->setToolTip(QStringLiteral("Off: it counts only the bytes that follow it"));
    m_gap->setObjectName(QStringLiteral("lensGap"));
    m_gap->setAccessibleName(QStringLiteral("Longest pause within a message"));
    m_gap->setRange(1, kLongestGap);
    m_gap->setSuffix(QStringLiteral(" ms"));
}

QWidget *LensEdit::group(const std::vector<QWidget *> &widgets)
{
    auto *group = new QWidget(this);
    auto *row = new QHBoxLayout(group);
    row->setContentsMargins({});
    row->setSpacing(6);
    for (QWidget *widget : widgets) {
        row->addWidget(widget);
    }
    return group;
}

void LensEdit::setLens(const Lens &lens)
{
    m_setting = true;
    m_lens = lens;
    m_kind->chooseData(static_cast<int>(lens.kind));
    m_delimiter->setText(QString::fromUtf8(escaped(lens.delimiter)));
    m_headerSize->chooseData(lens.headerSize);
    m_byteOrder->chooseData(lens.bigEndian);
    m_headerOffset->setValue(lens.headerOffset);
    m_inclusive->setChecked(lens.inclusive);
    m_gap->setValue(lens.gapMilliseconds);
    m_setting = false;
    show();
}

void LensEdit::takeDelimiter()
{
    const auto bytes = payloadFromText(m_delimiter->text(), ComposeAs::Escapes, LineEnding::None);
    const bool isRight = bytes && !bytes->isEmpty();
    m_problem->setVisible(!isRight);
    if (isRight) {
        m_lens.delimiter = *bytes;
        take();
        return;
    }
    const QString said = bytes ? QStringLiteral("at least one byte, such as \\n") : payloadErrorText(bytes.error());
    m_problem->setText(said);
}

void LensEdit::take()
{
    if (m_setting) {
        return;
    }
    m_lens.kind = static_cast<Lens::Kind>(m_kind->currentData().toInt());
    m_lens.headerSize = m_headerSize->currentData().toInt();
    m_lens.bigEndian = m_byteOrder->currentData().toBool();
    m_lens.headerOffset = m_headerOffset->value();
    m_lens.inclusive = m_inclusive->isChecked();
    m_lens.gapMilliseconds = m_gap->value();
    show();
    emit lensChanged(m_lens);
}

void LensEdit::show()
{
    m_delimiterGroup->setVisible(m_lens.kind == Lens::Kind::Delimiter);
    m_headerGroup->setVisible(m_lens.kind == Lens::Kind::LengthHeader);
    m_gapGroup->setVisible(m_lens.kind == Lens::Kind::IdleGap);
    showProgress(1000);
}

void LensEdit::showProgress(int thousandths)
{
    const bool isUnderWay = thousandths < 1000 && m_lens.kind != Lens::Kind::Reads;
    m_progress->setText(isUnderWay ? QStringLiteral("cutting… %1 %").arg(thousandths / 10) : QString());
    m_progress->setVisible(isUnderWay);
    const bool hasOptions
        = m_lens.kind != Lens::Kind::Reads && m_lens.kind != Lens::Kind::Lines && m_lens.kind != Lens::Kind::StxEtx;
    setVisible(hasOptions || isUnderWay);
}

std::vector<QWidget *> LensEdit::tabOrder() const
{
    return {m_kind, m_delimiter, m_headerSize, m_byteOrder, m_headerOffset, m_inclusive, m_gap};
}

} // namespace tincan

// SPDX-License-Identifier: MIT
#include "ui/savedialog.h"

#include <array>

#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

#include "ui/combobox.h"
#include "ui/plainfileicons.h"

namespace tincan {

namespace {

struct Filter {
    SaveFormat format;
    const char *text;
};
constexpr std::array kFilters = {
    Filter{SaveFormat::Pcapng, "pcapng, for Wireshark and for opening again (*.pcapng)"},
    Filter{SaveFormat::Text, "Plain text (*.txt *.log)"},
    Filter{SaveFormat::Html, "HTML (*.html *.htm)"},
    Filter{SaveFormat::Csv, "CSV (*.csv)"},
    Filter{SaveFormat::JsonLines, "JSON Lines (*.jsonl *.ndjson)"},
    Filter{SaveFormat::Raw, "The bytes of one direction (*.bin *.raw)"},
    Filter{SaveFormat::HexDump, "Hex dump, for text2pcap (*.hex)"},
};

QString textOf(const Filter &filter)
{
    return QString::fromLatin1(filter.text);
}

} // namespace

SaveDialog::SaveDialog(const QString &title, int selected, QWidget *parent)
    : QFileDialog(parent, title)
    , m_rows(new ComboBox(QStringLiteral("saveRows"), QStringLiteral("Rows"), this))
    , m_direction(new ComboBox(QStringLiteral("saveDirection"), QStringLiteral("Direction"), this))
{
    setObjectName(QStringLiteral("saveDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setOption(QFileDialog::DontUseNativeDialog); // the desktop's own has no place for rows and direction
    setIconProvider(PlainFileIcons::instance());
    setAcceptMode(QFileDialog::AcceptSave);
    setFileMode(QFileDialog::AnyFile);
    QStringList filters;
    for (const Filter &filter : kFilters) {
        filters << textOf(filter);
    }
    setNameFilters(filters);
    if (auto *types = findChild<QComboBox *>(QStringLiteral("fileTypeCombo"))) {
        types->setToolTip(QStringLiteral("Files hold the messages as they were read from and written to the sockets, whatever "
                                         "they are cut into on screen. Text, HTML, CSV and JSON Lines read their bytes in the "
                                         "conversation’s encoding, and are themselves UTF-8."));
    }

    m_rows->addChoice(QStringLiteral("All"), false);
    if (selected > 0) {
        m_rows->addChoice(selected == 1 ? QStringLiteral("The selected one") : QStringLiteral("The %1 selected").arg(selected),
                          true);
    }
    m_rows->setEnabled(selected > 0);
    m_direction->addChoice(QStringLiteral("Received"), static_cast<int>(SaveDirection::Received));
    m_direction->addChoice(QStringLiteral("Sent"), static_cast<int>(SaveDirection::Sent));
    if (auto *grid = qobject_cast<QGridLayout *>(layout())) {
        addRow(grid, QStringLiteral("&Rows:"), m_rows);
        addRow(grid, QStringLiteral("&Direction:"), m_direction);
    }
    connect(this, &QFileDialog::filterSelected, this, &SaveDialog::showDirection);
    if (auto *name = findChild<QLineEdit *>(QStringLiteral("fileNameEdit"))) {
        connect(name, &QLineEdit::textChanged, this, &SaveDialog::showDirection);
    }
}

void SaveDialog::addRow(QGridLayout *grid, const QString &label, ComboBox *box)
{
    auto *words = new QLabel(label, this);
    words->setBuddy(box);
    const int row = grid->rowCount();
    grid->addWidget(words, row, 0);
    grid->addWidget(box, row, 1);
}

void SaveDialog::suggest(const QString &folder, const QString &baseName, SaveFormat format)
{
    setDirectory(folder);
    selectNameFilter(textOf(kFilters.at(static_cast<std::size_t>(format))));
    setDefaultSuffix(suffixOf(format));
    selectFile(baseName + u'.' + suffixOf(format));
    showDirection();
}

// The direction matters for raw bytes alone: everything else has both.
void SaveDialog::showDirection()
{
    m_direction->setEnabled(format() == SaveFormat::Raw);
    setDefaultSuffix(suffixOf(format()));
}

QString SaveDialog::path() const
{
    const QStringList files = selectedFiles();
    return files.isEmpty() ? QString() : files.first();
}

SaveFormat SaveDialog::format() const
{
    const auto *name = findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
    if (const auto typed = formatOfSuffix(QFileInfo(name ? name->text() : QString()).suffix())) {
        return *typed;
    }
    for (const Filter &filter : kFilters) {
        if (selectedNameFilter() == textOf(filter)) {
            return filter.format;
        }
    }
    return SaveFormat::Pcapng;
}

SaveDirection SaveDialog::direction() const
{
    return static_cast<SaveDirection>(m_direction->currentData().toInt());
}

bool SaveDialog::isOnlySelected() const
{
    return m_rows->currentData().toBool();
}

} // namespace tincan

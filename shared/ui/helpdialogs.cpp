// SPDX-License-Identifier: MIT
#include "ui/helpdialogs.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QScrollArea>

#include "ui/icons.h"

namespace tincan {

namespace {

QDialog *makeDialog(QWidget *parent, const QString &name, const QString &title)
{
    if (auto *open = parent->findChild<QDialog *>(name)) {
        open->raise();
        open->activateWindow();
        return nullptr;
    }
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(name);
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

QLabel *plain(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QDialogButtonBox *closeButton(QDialog *dialog)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    return buttons;
}

// Text without its mnemonic.
QString bare(QString text)
{
    return text.remove(u'&').remove(u'…');
}

class ShortcutTable
{
public:
    explicit ShortcutTable(QWidget *page)
        : m_page(page)
        , m_grid(new QGridLayout(page))
    {
        m_grid->setHorizontalSpacing(28);
    }

    void addTitle(const QString &title)
    {
        QLabel *label = plain(title, m_page);
        QFont font = label->font();
        font.setBold(true);
        label->setFont(font);
        label->setContentsMargins(0, m_row > 0 ? 8 : 0, 0, 0);
        m_grid->addWidget(label, m_row++, 0, 1, 2);
    }
    void addRow(const QString &what, const QString &keys)
    {
        m_grid->addWidget(plain(what, m_page), m_row, 0);
        m_grid->addWidget(plain(keys, m_page), m_row++, 1);
    }
    void addMenu(const QMenu *menu)
    {
        bool isTitled = false;
        for (const QAction *action : menu->actions()) {
            if (action->shortcut().isEmpty()) {
                continue;
            }
            if (!std::exchange(isTitled, true)) {
                addTitle(bare(menu->title()));
            }
            addRow(bare(action->text()), action->shortcut().toString(QKeySequence::NativeText));
        }
    }

private:
    QWidget *m_page;
    QGridLayout *m_grid;
    int m_row = 0;
};

} // namespace

void showAbout(QWidget *parent, const QString &program)
{
    QDialog *dialog = makeDialog(parent, QStringLiteral("aboutDialog"), QStringLiteral("About Tincan"));
    if (!dialog) {
        return;
    }
    auto *picture = new QLabel(dialog);
    picture->setPixmap(programIcon(program).pixmap(64, 64));
    QLabel *name = plain(program + QLatin1String(" " TINCAN_VERSION), dialog);
    QFont font = name->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.3);
    name->setFont(font);
    QLabel *what = plain(QStringLiteral("Two cans and a string: talk to every peer of a socket, and see what TCP does.\n\n"
                                        "Free software under the MIT licence. Made with Qt %1.")
                             .arg(QLatin1String(qVersion())),
                         dialog);
    what->setWordWrap(true);
    what->setMinimumWidth(320);
    auto *grid = new QGridLayout(dialog);
    grid->setHorizontalSpacing(18);
    grid->addWidget(picture, 0, 0, 2, 1, Qt::AlignTop);
    grid->addWidget(name, 0, 1);
    grid->addWidget(what, 1, 1);
    grid->addWidget(closeButton(dialog), 2, 0, 1, 2);
    dialog->show();
}

void showShortcuts(QWidget *parent, const QMenuBar *menus)
{
    QDialog *dialog = makeDialog(parent, QStringLiteral("shortcutsDialog"), QStringLiteral("Keyboard shortcuts"));
    if (!dialog) {
        return;
    }
    auto *page = new QWidget;
    ShortcutTable table(page);
    table.addTitle(QStringLiteral("Message"));
    table.addRow(QStringLiteral("Send"), QStringLiteral("Enter"));
    table.addRow(QStringLiteral("New line"), QStringLiteral("Shift+Enter"));
    table.addRow(QStringLiteral("What was sent before"), QStringLiteral("↑ ↓"));
    table.addRow(QStringLiteral("Leave the field"), QStringLiteral("Tab, Shift+Tab"));
    table.addTitle(QStringLiteral("Conversation"));
    table.addRow(QStringLiteral("Show the message whole"), QStringLiteral("Enter"));
    table.addRow(QStringLiteral("Select more"), QStringLiteral("Shift+↑ ↓"));
    table.addRow(QStringLiteral("Next hit, previous hit, in the find bar"), QStringLiteral("Enter, Shift+Enter"));
    table.addRow(QStringLiteral("Close the find bar, the detail"), QStringLiteral("Esc"));
    for (const QAction *title : menus->actions()) {
        if (const QMenu *menu = title->menu()) {
            table.addMenu(menu);
        }
    }
    table.addTitle(QStringLiteral("Beside what you sent"));
    table.addRow(QStringLiteral("Our kernel has it"), QStringLiteral("✓"));
    table.addRow(QStringLiteral("The peer's kernel has acknowledged it"), QStringLiteral("✓✓"));
    table.addRow(QStringLiteral("Refused, or lost with the connection"), QStringLiteral("✗"));
    auto *scroll = new QScrollArea(dialog);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(scroll);
    layout->addWidget(closeButton(dialog));
    dialog->resize(page->sizeHint().width() + 60, 480);
    dialog->show();
}

} // namespace tincan

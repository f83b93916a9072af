// SPDX-License-Identifier: MIT
#include "ui/callpane.h"

#include <array>
#include <chrono>

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHideEvent>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "session/callmodel.h"
#include "session/callscriptjob.h"
#include "session/livesession.h"
#include "session/words.h"
#include "ui/callfilter.h"
#include "ui/calllog.h"
#include "ui/combobox.h"
#include "ui/elidedlabel.h"
#include "ui/icons.h"
#include "ui/menubutton.h"
#include "ui/noticebar.h"
#include "ui/paneheader.h"
#include "ui/peerlist.h"
#include "ui/plainfileicons.h"
#include "ui/settings.h"
#include "ui/theme.h"

namespace tincan {

namespace {

struct ProgramName {
    ProgramKind kind;
    const char *menu;
    const char *objectName;
    const char *filter;
    const char *what;
};
constexpr std::array kPrograms = {
    ProgramName{ProgramKind::C, "As a &C program", "copyC", "C program (*.c)", "C program"},
    ProgramName{ProgramKind::Python, "As a &Python program", "copyPython", "Python program (*.py)", "Python program"},
    ProgramName{ProgramKind::Nc, "As an &nc command line", "copyNc", "Shell script with nc (*.sh)", "nc command line"},
};

// It is said what is under way when it takes longer.
constexpr std::chrono::milliseconds kPatience{400};

const ProgramName &nameOf(ProgramKind kind)
{
    return kPrograms.at(static_cast<std::size_t>(kind));
}

} // namespace

CallPane::CallPane(Session &session, const PeerWords &words, NoticeBar &notices, Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_notices(notices)
    , m_settings(settings)
    , m_filter(new CallFilter(session.calls(), this))
    , m_log(new CallLog(m_filter, this))
    , m_of(new ComboBox(QStringLiteral("callsOf"), QStringLiteral("Calls of"), this))
    , m_traceBox(new QCheckBox(QStringLiteral("recv and send"), this))
    , m_meaning(new QLabel(this))
    , m_copyMenu(new QMenu(QStringLiteral("Copy socket ca&lls"), this))
    , m_traceAction(new QAction(this))
    , m_onlyPeer(new QAction(this))
{
    m_meaning->setObjectName(QStringLiteral("callMeaning"));
    m_meaning->setAccessibleName(QStringLiteral("Meaning of the selected call"));
    m_meaning->setTextFormat(Qt::PlainText);
    m_meaning->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_meaning->setWordWrap(true);
    m_meaning->setMinimumWidth(1); // it wraps rather than be in the way of a smaller window
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addWidget(makeHeader(words));
    layout->addWidget(m_log, 1);
    layout->addWidget(m_meaning);
    m_filter->setAsleep(true); // until it is shown
    makeActions();
    makeCopyMenu();
    makeContextMenu();
    connect(m_of, &QComboBox::currentIndexChanged, this, &CallPane::filter);
    connect(m_log->selectionModel(), &QItemSelectionModel::currentChanged, this, &CallPane::showMeaning);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &CallPane::showMeaning);
    showMeaning();
}

CallPane::~CallPane() = default;

QWidget *CallPane::makeHeader(const PeerWords &words)
{
    auto *title = new ElidedLabel(this);
    title->setText(QStringLiteral("Socket calls"), {});
    title->setSpoken(QStringLiteral("Calls made so far")); // the list bears the name itself
    auto *header = new PaneHeader(title, this);
    m_of->addChoice(QStringLiteral("All calls"), false, QStringLiteral("The calls of every socket of this session"));
    m_of->addChoice(QStringLiteral("Of the selected %1").arg(words.one), true,
                    QStringLiteral("Only the calls on the socket of the %1 that is selected in the list").arg(words.one));
    m_of->setToolTip(QStringLiteral("Whose calls are shown, copied, and written as a program"));
    m_of->setShrinkable();
    m_traceBox->setObjectName(QStringLiteral("traceData"));
    m_traceBox->setAccessibleName(QStringLiteral("recv and send"));
    m_traceBox->setToolTip(
        QStringLiteral("Each recv and send of the selected %1 too, with its first bytes, from now on").arg(words.one));
    m_onlyPeer->setText(QStringLiteral("Socket calls of the selected %1 &only").arg(words.one));
    m_traceAction->setText(QStringLiteral("recv and send of the &selected %1").arg(words.one));
    m_traceAction->setToolTip(m_traceBox->toolTip());
    auto *copy = new QToolButton(this);
    copy->setObjectName(QStringLiteral("copyCalls"));
    copy->setAccessibleName(QStringLiteral("Copy socket calls"));
    copy->setText(QStringLiteral("Copy as"));
    copy->setIcon(icon(QLatin1String("save")));
    copy->setToolTip(QStringLiteral("Copy the calls as text, or as a program that does the same"));
    copy->setAutoRaise(true);
    copy->setFocusPolicy(Qt::TabFocus);
    giveMenu(copy, m_copyMenu, QToolButton::InstantPopup);
    header->addChoice(m_of);
    header->addChoice(m_traceBox);
    header->addWordedButton(copy);
    return header;
}

void CallPane::makeActions()
{
    m_onlyPeer->setCheckable(true);
    m_onlyPeer->setObjectName(QStringLiteral("callsOfPeer"));
    connect(m_onlyPeer, &QAction::triggered, this, [this](bool only) { m_of->setCurrentIndex(only ? 1 : 0); });
    m_traceAction->setCheckable(true);
    m_traceAction->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T));
    connect(m_traceAction, &QAction::triggered, m_traceBox, &QCheckBox::setChecked);
    connect(m_traceBox, &QCheckBox::toggled, this, [this](bool on) {
        m_traceAction->setChecked(on);
        trace();
    });
    if (!m_session.live()) { // what was not noted is not there
        m_traceBox->hide();
        m_traceAction->setVisible(false);
    }
}

QAction *CallPane::addProgramAction(QMenu *menu, ProgramKind kind)
{
    QAction *action = menu->addAction(QString::fromLatin1(nameOf(kind).menu));
    action->setObjectName(QLatin1String(nameOf(kind).objectName));
    connect(action, &QAction::triggered, this, [this, kind] { copyProgram(kind); });
    return action;
}

void CallPane::makeCopyMenu()
{
    m_copyMenu->setObjectName(QStringLiteral("copyCallsMenu"));
    m_copyMenu->setToolTipsVisible(true);
    QAction *selected = m_copyMenu->addAction(QStringLiteral("The &selected lines"));
    connect(selected, &QAction::triggered, m_log, &CallLog::copy);
    QAction *all = m_copyMenu->addAction(QStringLiteral("As &text"));
    all->setObjectName(QStringLiteral("copyCallsText"));
    all->setToolTip(QStringLiteral("All lines that the list shows, in strace's words"));
    connect(all, &QAction::triggered, this, &CallPane::copyAll);
    m_copyMenu->addSeparator();
    for (const ProgramName &program : kPrograms) {
        addProgramAction(m_copyMenu, program.kind)
            ->setToolTip(
                QStringLiteral("A small program that does what was done: the whole session, or the selected connection"));
    }
    m_copyMenu->addSeparator();
    QAction *save = m_copyMenu->addAction(QStringLiteral("Sa&ve as program…"));
    save->setObjectName(QStringLiteral("saveProgram"));
    connect(save, &QAction::triggered, this, [this] { withScript([this](const CallScript &script) { askForFile(script); }); });
    connect(m_copyMenu, &QMenu::aboutToShow, selected,
            [this, selected] { selected->setEnabled(m_log->selectionModel()->hasSelection()); });
}

void CallPane::makeContextMenu()
{
    auto *separator = new QAction(m_log);
    separator->setSeparator(true);
    auto *empty = new QAction(QStringLiteral("Cl&ear the list"), m_log);
    connect(empty, &QAction::triggered, m_session.calls(), &CallModel::clear);
    m_log->addActions({m_copyMenu->menuAction(), m_onlyPeer, m_traceAction, separator, empty});
}

QList<QAction *> CallPane::viewActions() const
{
    return {m_onlyPeer, m_traceAction};
}

std::vector<QWidget *> CallPane::tabOrder() const
{
    return {m_of, m_traceBox, findChild<QToolButton *>(QStringLiteral("copyCalls")), m_log};
}

void CallPane::setPeer(PeerId peer)
{
    if (peer != m_peer) {
        m_peer = peer;
        filter();
        trace();
    }
}

void CallPane::filter()
{
    const bool onlyPeer = m_of->currentIndex() == 1;
    m_onlyPeer->setChecked(onlyPeer);
    // With all peers selected, all calls are theirs.
    m_filter->setPeer(onlyPeer && m_peer != kNoPeer ? std::optional(m_peer) : std::nullopt);
}

// One peer at a time, and nobody's while nobody looks.
void CallPane::trace()
{
    if (LiveSession *live = m_session.live()) {
        live->traceData(m_traceBox->isChecked() && isVisible() ? m_peer : kNoPeer);
    }
}

void CallPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!event->spontaneous()) {
        m_filter->setAsleep(false);
        if (m_traceBox->isChecked()) {
            trace();
        }
    }
}

void CallPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (!event->spontaneous()) {
        m_filter->setAsleep(true);
        if (m_traceBox->isChecked()) {
            trace();
        }
    }
}

void CallPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showMeaning(); // its colour is made of it
    }
}

void CallPane::showMeaning()
{
    const QModelIndex current = m_log->currentIndex();
    m_meaning->setText(current.isValid() ? current.data(CallModel::MeaningRole).toString()
                                         : QStringLiteral("Select a call to read what it did."));
    QPalette colours = palette();
    if (!current.isValid()) {
        colours.setColor(QPalette::WindowText, mutedText(colours, QPalette::WindowText, QPalette::Window));
    } else if (current.data(CallModel::FailedRole).toBool()) {
        colours.setColor(QPalette::WindowText, badColour());
    }
    m_meaning->setPalette(colours);
}

void CallPane::copyAll()
{
    QString lines;
    m_filter->setAsleep(false); // it is where the pane is hidden
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        lines += m_filter->index(row).data().toString() + u'\n';
    }
    m_filter->setAsleep(!isVisible());
    if (lines.isEmpty()) {
        sayNothingThere();
    } else {
        QGuiApplication::clipboard()->setText(lines);
    }
}

void CallPane::withScript(const std::function<void(const CallScript &)> &then)
{
    const Index &index = m_session.index();
    m_making = std::make_unique<CallScriptJob>(
        CallScriptRequest{m_session.calls()->all(), index.rows(), index.details(), m_of->currentIndex() == 1 ? m_peer : kNoPeer},
        m_session.payloads());
    CallScriptJob *job = m_making.get();
    connect(job, &CallScriptJob::made, this, [this, then](const CallScript &script) {
        m_notices.dismiss(QStringLiteral("program"));
        m_making.release()->deleteLater(); // it is telling this
        script.isEmpty() ? sayNothingThere() : then(script);
    });
    QTimer::singleShot(kPatience, job, [this] {
        m_notices.post({.key = QStringLiteral("program"),
                        .headline = QStringLiteral("Going through the session…"),
                        .remedy = {},
                        .weight = NoticeText::Weight::Hint,
                        .actionText = QStringLiteral("Cancel"),
                        .action = [this] {
                            m_making.reset();
                            m_notices.dismiss(QStringLiteral("program"));
                        }});
    });
    job->start();
}

void CallPane::copyProgram(ProgramKind kind)
{
    withScript([kind](const CallScript &script) { QGuiApplication::clipboard()->setText(programText(kind, script)); });
}

void CallPane::sayNothingThere()
{
    NoticeText notice;
    notice.key = QStringLiteral("program");
    notice.weight = NoticeText::Weight::Hint;
    notice.headline = QStringLiteral("There is nothing to copy: no connection was made here yet.");
    m_notices.post(notice);
}

void CallPane::askForFile(const CallScript &script)
{
    auto *dialog = new QFileDialog(this, QStringLiteral("Save as program"), m_settings.saveFolder());
    dialog->setObjectName(QStringLiteral("saveProgramDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QFileDialog::DontUseNativeDialog);
    dialog->setIconProvider(PlainFileIcons::instance());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    QStringList filters;
    for (const ProgramName &program : kPrograms) {
        filters << QString::fromLatin1(program.filter);
    }
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QStringLiteral("c"));
    dialog->selectFile(QStringLiteral("talk.c"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, filters](const QString &filter) {
        dialog->setDefaultSuffix(programSuffix(kPrograms.at(static_cast<std::size_t>(filters.indexOf(filter))).kind));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, filters, script](const QString &path) {
        // The suffix that was typed says more than the filter that was left alone.
        const auto typed = std::find_if(kPrograms.begin(), kPrograms.end(), [&](const ProgramName &program) {
            return QFileInfo(path).suffix() == programSuffix(program.kind);
        });
        saveProgram(path,
                    typed != kPrograms.end()
                        ? typed->kind
                        : kPrograms.at(static_cast<std::size_t>(filters.indexOf(dialog->selectedNameFilter()))).kind,
                    script);
    });
    dialog->show();
}

void CallPane::saveProgram(const QString &path, ProgramKind kind, const CallScript &script)
{
    QSaveFile file(path);
    const QByteArray text = programText(kind, script).toUtf8();
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    NoticeText notice;
    notice.key = QStringLiteral("program");
    if (isWritten) {
        if (kind != ProgramKind::C) { // it can be run as it is
            QFile::setPermissions(path, QFile::permissions(path) | QFile::ExeOwner);
        }
        m_settings.setSaveFolder(QFileInfo(path).absolutePath());
        notice.weight = NoticeText::Weight::Hint;
        notice.headline = QStringLiteral("Saved a %1 to %2").arg(QString::fromLatin1(nameOf(kind).what), path);
    } else {
        notice.headline = QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString());
        notice.remedy = QStringLiteral("Choose a folder that you may write to; a file of that name is as it was.");
    }
    m_notices.post(notice);
}

} // namespace tincan

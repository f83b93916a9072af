// SPDX-License-Identifier: MIT
// What a SessionWindow does with sessions that are kept: opening, keeping, removing; and clearing of what is on screen.
#include "ui/sessionwindow.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QMenu>
#include <QMimeData>
#include <QPromise>

#include "session/sessionwords.h"
#include "session/transcriptmodel.h"
#include "session/words.h"
#include "session/workpool.h"
#include "transcript/recordingplace.h"
#include "ui/conversationpane.h"
#include "ui/plainfileicons.h"
#include "ui/savedsessions.h"
#include "ui/settings.h"

namespace tincan {

namespace {

constexpr std::size_t kMostRecent = 15;

struct HistoryDone {
    std::optional<KeptSession> unfinished;
    RetentionDone retention;
};

QString inMenu(QString text)
{
    return text.replace(u'&', QLatin1String("&&"));
}

QStringList droppedFiles(const QMimeData &data)
{
    QStringList files;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile()) {
            files << url.toLocalFile();
        }
    }
    return files;
}

} // namespace

void SessionWindow::connectHistory()
{
    setAcceptDrops(true);
    connect(m_actions.openSession, &QAction::triggered, this, &SessionWindow::askForFile);
    connect(m_actions.clearConversation, &QAction::triggered, this, &SessionWindow::clearConversation);
    connect(m_actions.showCleared, &QAction::triggered, this, [this] {
        m_active->showFrom(m_active->conversation(), 0);
        m_notices->dismiss(QStringLiteral("cleared"));
        refresh();
    });
    for (QAction *action : {m_actions.dontKeep, m_actions.settings}) {
        action->setVisible(m_live);
        action->setEnabled(m_live);
    }
    m_actions.closeWindow->setVisible(!m_live);
    m_actions.closeWindow->setEnabled(!m_live);
    if (m_live) {
        connect(m_saved, &SavedSessions::quitAsked, this, &QWidget::close);
        connect(m_actions.dontKeep, &QAction::toggled, this, &SessionWindow::keepOrNot);
        m_actions.dontKeep->setEnabled(m_live->canDiscard());
        m_actions.dontKeep->setChecked(!m_live->recordingPath().isEmpty() && !m_live->isKept());
    }
}

void SessionWindow::fillFileMenu(QMenu *menu)
{
    menu->addAction(m_actions.openSession);
    auto *recent = menu->addMenu(QStringLiteral("&Recent sessions"));
    recent->setObjectName(QStringLiteral("recentSessions"));
    recent->setToolTipsVisible(true);
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(recent); });
    menu->addSeparator();
    menu->addActions({m_actions.saveConversation, m_actions.saveSession, m_actions.dontKeep});
    menu->addSeparator();
    menu->addActions({m_actions.settings, m_actions.closeWindow});
    menu->addSeparator();
    menu->addAction(m_actions.quit);
}

// As it is when the menu is opened: other programs write there too.
void SessionWindow::fillRecent(QMenu *menu)
{
    menu->clear();
    const auto add = [this, menu](const QString &path, const QString &text) {
        auto *action = menu->addAction(inMenu(text));
        action->setData(path);
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { m_saved->open(path); });
    };
    const QDateTime now = QDateTime::currentDateTime();
    const QString own = m_live ? m_live->recordingPath() : QString();
    std::size_t count = 0;
    for (const KeptSession &session : keptSessions(stateFolder())) {
        if (count == kMostRecent) {
            break;
        }
        if (!session.files.contains(own)) {
            const QString running = isBeingRecorded(session) ? QStringLiteral(" (being recorded)") : QString();
            add(session.path(), keptSessionText(session, now) + running);
            ++count;
        }
    }
    menu->addSeparator();
    for (const QString &path : m_settings.openedFiles()) {
        if (const QFileInfo info(path); info.exists()) {
            add(path, QStringLiteral("%1 — %2").arg(info.fileName(), formatBytes(static_cast<quint64>(info.size()))));
            ++count;
        }
    }
    if (count == 0) {
        menu->addAction(QStringLiteral("None yet"))->setEnabled(false);
    }
}

void SessionWindow::askForFile()
{
    auto *dialog = new QFileDialog(this, QStringLiteral("Open session"), stateFolder());
    dialog->setObjectName(QStringLiteral("openSessionDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setIconProvider(PlainFileIcons::instance());
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {QStringLiteral("Sessions and captures (*.pcapng *.pcap *.cap *.ntar)"), QStringLiteral("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &files) {
        for (const QString &file : files) {
            m_saved->open(file);
        }
    });
    dialog->open();
}

void SessionWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFiles(*event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void SessionWindow::dropEvent(QDropEvent *event)
{
    for (const QString &file : droppedFiles(*event->mimeData())) {
        m_saved->open(file);
    }
    event->acceptProposedAction();
}

void SessionWindow::keepOrNot(bool dontKeep)
{
    m_live->setKept(!dontKeep);
    if (!dontKeep) {
        m_notices->dismiss(QStringLiteral("keep"));
        return;
    }
    NoticeText text;
    text.key = QStringLiteral("keep");
    text.weight = NoticeText::Weight::Hint;
    text.headline = QStringLiteral("This session will not be kept: its file is removed when the session ends.");
    text.remedy
        = QStringLiteral("Until then it is %1. After a crash or a power cut it is still there.").arg(m_live->recordingPath());
    text.actionText = QStringLiteral("Keep it");
    text.action = [this] { m_actions.dontKeep->setChecked(false); };
    m_notices->post(text);
}

void SessionWindow::startHistory(const std::function<bool(const QString &)> &ended)
{
    const QDateTime now = QDateTime::currentDateTime();
    const qint64 before = m_settings.lastStart();
    m_settings.setLastStart(now.toMSecsSinceEpoch());
    const Retention retention = m_settings.retention();
    auto promise = std::make_shared<QPromise<HistoryDone>>();
    auto *watcher = new QFutureWatcher<HistoryDone>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, retention] {
        watcher->deleteLater();
        const HistoryDone done = watcher->result();
        if (const QString said = retentionText(done.retention, retention); !said.isEmpty()) {
            m_notices->post(
                {.key = QStringLiteral("retention"), .headline = said, .remedy = {}, .weight = NoticeText::Weight::Hint});
        }
        if (done.unfinished) {
            offerUnfinished(*done.unfinished);
        }
    });
    watcher->setFuture(promise->future());
    startWork([promise, before, now, retention, ended] {
        promise->start();
        HistoryDone done;
        if (before > 0) { // else nobody knows which of them were offered already
            done.unfinished = unfinishedSession(stateFolder(), QDateTime::fromMSecsSinceEpoch(before), ended);
        }
        done.retention = applyRetention(stateFolder(), retention, now);
        promise->addResult(done);
        promise->finish();
    });
}

void SessionWindow::offerUnfinished(const KeptSession &session)
{
    NoticeText text;
    text.key = QStringLiteral("unfinished");
    text.weight = NoticeText::Weight::Hint;
    text.headline = unfinishedText(session, QDateTime::currentDateTime());
    text.remedy = QStringLiteral("What had been written until then is kept in %1.").arg(session.path());
    text.actionText = QStringLiteral("Open it");
    text.action = [this, path = session.path()] {
        m_notices->dismiss(QStringLiteral("unfinished"));
        m_saved->open(path);
    };
    m_notices->post(text);
}

void SessionWindow::clearConversation()
{
    if (m_active->model()->rowCount() == 0) {
        return;
    }
    const ConversationPane::Cleared cleared = m_active->clear();
    const QString what
        = cleared.isMessages ? messagesText(static_cast<quint64>(cleared.count)) : QStringLiteral("%L1 rows").arg(cleared.count);
    NoticeText text;
    text.key = QStringLiteral("cleared");
    text.weight = NoticeText::Weight::Hint;
    text.headline = QStringLiteral("Cleared %1 from view.").arg(what);
    text.remedy = m_live && m_live->recordingPath().isEmpty() ? QStringLiteral("Nothing is deleted.")
                                                              : QStringLiteral("The session file keeps everything.");
    text.actionText = QStringLiteral("Undo");
    text.action = [this, cleared, pane = m_active] {
        pane->showFrom(cleared.conversation, cleared.before);
        m_notices->dismiss(QStringLiteral("cleared"));
        refresh();
    };
    m_notices->post(text);
    refresh();
}

} // namespace tincan

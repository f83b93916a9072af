// SPDX-License-Identifier: MIT
#include "ui/saving.h"

#include <algorithm>
#include <cerrno>

#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>

#include "session/peermodel.h"
#include "session/session.h"
#include "session/transcriptmodel.h"
#include "session/words.h"
#include "ui/conversationpane.h"
#include "ui/noticebar.h"
#include "ui/savedialog.h"
#include "ui/settings.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

// "12 034 messages", with spaces that do not break.
QString counted(std::uint64_t count, const QString &what)
{
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, QChar(QChar::Nbsp));
    }
    return digits + u' ' + what + (count == 1 ? QString() : QStringLiteral("s"));
}

QString shownPath(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

QString incompleteText(const SaveResult &result)
{
    if (result.incomplete == 0) {
        return {};
    }
    const QString count = counted(result.incomplete, QStringLiteral("message"));
    return result.incompleteError == ENODATA
        ? QStringLiteral("%1 could not be saved whole: the bytes were not recorded, or are no longer kept.").arg(count)
        : QStringLiteral("%1 could not be saved whole. read: %2 — %3.")
              .arg(count, QString::fromStdString(errnoName(result.incompleteError)),
                   QString::fromStdString(errnoMeaning(result.incompleteError)));
}

} // namespace

Saving::Saving(Session &session, ConversationPane &pane, NoticeBar &notices, Settings &settings, QWidget *window)
    : QObject(window)
    , m_session(session)
    , m_pane(&pane)
    , m_notices(notices)
    , m_settings(settings)
    , m_window(window)
{
}

std::optional<Saving::Range> Saving::selectedOf(PeerId conversation) const
{
    const auto [first, last] = m_pane->view()->selection();
    if (first < 0 || conversation != m_pane->conversation()) {
        return {};
    }
    return Range{m_pane->model()->number(first), m_pane->model()->number(last)};
}

// "127.0.0.1-53422-2026-11-21-140213": an address and a date, as any file system takes them.
QString Saving::baseNameOf(PeerId conversation) const
{
    const Peer *peer = conversation == kNoPeer ? nullptr : m_session.peers()->find(conversation);
    QString who = peer ? PeerModel::addressText(*peer) : QStringLiteral("session");
    for (QChar &letter : who) {
        const bool isPlain = letter.isLetterOrNumber() || letter == u'.' || letter == u'-' || letter == u'_';
        letter = isPlain ? letter : QChar(u'-');
    }
    while (who.startsWith(u'-') || who.startsWith(u'.')) {
        who.remove(0, 1);
    }
    return who + QDateTime::currentDateTime().toString(QStringLiteral("-yyyy-MM-dd-HHmmss"));
}

void Saving::ask(PeerId conversation)
{
    if (auto *open = m_window->findChild<SaveDialog *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    const std::optional<Range> selected = selectedOf(conversation);
    const auto [first, last] = m_pane->view()->selection();
    auto *dialog = new SaveDialog(conversation == kNoPeer ? QStringLiteral("Save session") : QStringLiteral("Save conversation"),
                                  selected ? last - first + 1 : 0, m_window);
    const QString before = m_settings.saveFolder();
    const QString home = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString folder = QFileInfo(before).isDir() ? before : QFileInfo(home).isDir() ? home : QDir::homePath();
    dialog->suggest(folder, baseNameOf(conversation), m_settings.saveFormat());
    connect(dialog, &QDialog::accepted, this, [this, dialog, conversation, selected] { start(*dialog, conversation, selected); });
    dialog->show();
}

void Saving::start(const SaveDialog &dialog, PeerId conversation, const std::optional<Range> &selected)
{
    const QString path = dialog.path();
    m_settings.setSaveFormat(dialog.format());
    auto *job = new SaveJob(m_session, conversation, this);
    job->request().path = path;
    job->request().format = dialog.format();
    job->request().direction = dialog.direction();
    job->request().encoding = &m_pane->encodingOf(conversation);
    job->request().application = "Tincan " TINCAN_VERSION;
    if (selected && dialog.isOnlySelected()) {
        job->request().first = selected->first;
        job->request().last = selected->second;
    }
    m_jobs.push_back(job);
    const QString key = QStringLiteral("save%1").arg(++m_begun);
    NoticeText notice;
    notice.key = key;
    notice.weight = NoticeText::Weight::Hint;
    notice.headline = QStringLiteral("Saving to %1").arg(shownPath(path));
    notice.actionText = QStringLiteral("Cancel");
    notice.action = [job] { job->cancel(); };
    notice.progress = 0;
    m_notices.post(notice);
    connect(job, &SaveJob::progressed, this, [this, key](int perMille) { m_notices.setProgress(key, perMille); });
    connect(job, &SaveJob::ended, this,
            [this, job, key, conversation](const Result<SaveResult> &result) { ended(job, key, conversation, result); });
    job->start();
}

void Saving::ended(SaveJob *job, const QString &key, PeerId conversation, const Result<SaveResult> &result)
{
    const QString path = job->request().path;
    std::erase(m_jobs, job);
    job->deleteLater();
    NoticeText notice;
    notice.key = key;
    if (result) {
        m_settings.setSaveFolder(QFileInfo(path).absolutePath()); // where it failed is no place to begin with the next time
        notice.weight = result->incomplete == 0 ? NoticeText::Weight::Hint : NoticeText::Weight::Problem;
        const QString what = result->messages == 0 && result->events > 0 ? counted(result->events, QStringLiteral("event"))
                                                                         : counted(result->messages, QStringLiteral("message"));
        notice.headline = QStringLiteral("Saved %1 to %2").arg(what, shownPath(path));
        notice.remedy = incompleteText(*result);
        notice.actionText = QStringLiteral("Show in folder");
        notice.action = [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath())); };
    } else if (result.error().code == ECANCELED) {
        notice.weight = NoticeText::Weight::Hint;
        notice.headline = QStringLiteral("Saving to %1 was cancelled").arg(shownPath(path));
        notice.remedy = QStringLiteral("Nothing was written: a file of that name is as it was.");
    } else {
        notice.headline = fileErrorText(result.error());
        notice.remedy = QStringLiteral("Nothing was saved, and a file of that name is as it was.");
        notice.actionText = QStringLiteral("Save again…");
        notice.action = [this, key, conversation] {
            m_notices.dismiss(key);
            ask(conversation);
        };
    }
    m_notices.post(notice);
}

void Saving::waitForEnd()
{
    std::for_each(m_jobs.begin(), m_jobs.end(), [](SaveJob *job) { job->waitForEnd(); });
}

} // namespace tincan

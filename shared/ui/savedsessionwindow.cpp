// SPDX-License-Identifier: MIT
#include "ui/savedsessionwindow.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include "session/sessionwords.h"
#include "ui/conversationpane.h"
#include "ui/elidedlabel.h"
#include "ui/icons.h"
#include "ui/savedsessions.h"
#include "ui/statusline.h"
#include "ui/theme.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

PeerWords peerWords()
{
    return {QStringLiteral("Peers"), QStringLiteral("All peers"), QStringLiteral("peer"), QStringLiteral("peers")};
}

} // namespace

SavedSessionWindow::SavedSessionWindow(OpenedSession &session, Settings &settings, SavedSessions &saved, QWidget *parent)
    : SessionWindow(session, settings, peerWords(), parent, &saved)
    , m_session(session)
    , m_facts(new ElidedLabel(this))
    , m_progress(new QProgressBar(this))
    , m_cancel(new QPushButton(icon(QLatin1String("cancel")), QStringLiteral("Cancel"), this))
{
    setWindowTitle(QFileInfo(session.path()).fileName() + QStringLiteral(" — Tincan (saved session)"));
    makeTopBar();
    addMenus({}, {}, QStringLiteral("&Peer"));
    restore();
    connect(&m_session, &OpenedSession::progressChanged, this, &SavedSessionWindow::showProgress);
    connect(&m_session, &OpenedSession::stateChanged, this, &SavedSessionWindow::showState);
    connect(&m_session, &Session::rowsAdded, this, &SavedSessionWindow::showFacts);
    connect(m_cancel, &QPushButton::clicked, &m_session, &OpenedSession::cancel);
    showState();
    pane()->view()->setFocus(Qt::OtherFocusReason);
}

void SavedSessionWindow::makeTopBar()
{
    m_facts->setObjectName(QStringLiteral("savedSession"));
    m_facts->setWhole(m_session.path());
    m_facts->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_progress->setObjectName(QStringLiteral("readProgress"));
    m_progress->setAccessibleName(QStringLiteral("Reading"));
    m_progress->setRange(0, 1000);
    m_progress->setFixedWidth(fontMetrics().averageCharWidth() * 24);
    m_cancel->setObjectName(QStringLiteral("cancelRead"));
    m_cancel->setAccessibleName(QStringLiteral("Cancel reading"));
    m_cancel->setToolTip(QStringLiteral("Stop reading; what has been read stays"));
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(10, 7, 8, 7);
    row->setSpacing(10);
    row->addWidget(m_facts, 1);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    // The same height when they go.
    bar->setFixedHeight(bar->sizeHint().height());
    addTopBar(bar, {m_cancel});
}

void SavedSessionWindow::showProgress()
{
    m_progress->setValue(m_session.progress());
}

void SavedSessionWindow::showFacts()
{
    const RowSource::Report &report = m_session.report();
    const Index &index = m_session.index();
    const SessionTotals totals = m_session.totals();
    QStringList facts{messagesText(totals.messagesIn + totals.messagesOut)};
    if (index.size() > 0) {
        facts << timeSpanText(index.row(0).time, index.row(index.size() - 1).time);
    }
    if (report.bytes > 0) {
        facts << QStringLiteral("written by ") + writtenByText(report);
    }
    m_facts->setText(QFileInfo(m_session.path()).fileName(), QStringLiteral("   ") + facts.join(QStringLiteral("  ·  ")));
}

void SavedSessionWindow::showState()
{
    using State = OpenedSession::State;
    const State state = m_session.state();
    if (state != State::Reading && m_cancel->hasFocus()) {
        pane()->view()->setFocus(Qt::OtherFocusReason); // what is hidden passes its focus on to anything
    }
    m_progress->setVisible(state == State::Reading);
    m_cancel->setVisible(state == State::Reading);
    showProgress();
    showFacts();
    setStopped(state == State::Reading      ? QStringLiteral("Reading the file…")
                   : state == State::Failed ? QStringLiteral("The file could not be read.")
                                            : QStringLiteral("There is nothing to show in this file."));
    statusLine()->setState(state == State::Reading      ? waitingColour()
                               : state == State::Failed ? badColour()
                                                        : quietColour(),
                           state == State::Reading ? QStringLiteral("Reading…") : QStringLiteral("Saved session, read only"));
    QStringList said = openedWords(m_session);
    if (!said.isEmpty()) {
        NoticeText text;
        text.key = QStringLiteral("opened");
        text.headline = said.takeFirst();
        text.remedy = said.join(u'\n');
        text.weight = state == State::Failed ? NoticeText::Weight::Problem : NoticeText::Weight::Hint;
        notices()->post(text);
    }
}

void SavedSessionWindow::closeEvent(QCloseEvent *event)
{
    m_session.cancel();
    SessionWindow::closeEvent(event);
    emit closed();
}

} // namespace tincan

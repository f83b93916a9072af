// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>

#include <QObject>

#include "session/savejob.h"

class QWidget;

namespace tincan {

class ConversationPane;
class NoticeBar;
class SaveDialog;
class Session;
class Settings;

// The save commands of a window: asks where to, saves on a thread of the pool, and says in the notice bar how far it is and how
// it ended. Several may be under way. GUI thread.
class Saving final : public QObject
{
    Q_OBJECT
public:
    // All outlive it; the window is its parent.
    Saving(Session &session, ConversationPane &pane, NoticeBar &notices, Settings &settings, QWidget *window);

    // Where rows may be selected: the pane that is used. At first the one that was given; outlives it too.
    void setPane(ConversationPane &pane) { m_pane = &pane; }

    // Opens the dialog. kNoPeer: the whole session.
    void ask(PeerId conversation);
    // Blocks until all that was begun is saved: the window closes.
    void waitForEnd();

private:
    // Numbers in the index, of the rows that were selected when it was asked.
    using Range = std::pair<RowNumber, RowNumber>;
    std::optional<Range> selectedOf(PeerId conversation) const;
    QString baseNameOf(PeerId conversation) const;
    void start(const SaveDialog &dialog, PeerId conversation, const std::optional<Range> &selected);
    void ended(SaveJob *job, const QString &key, PeerId conversation, const Result<SaveResult> &result);

    Session &m_session;
    ConversationPane *m_pane;
    NoticeBar &m_notices;
    Settings &m_settings;
    QWidget *m_window;
    std::vector<SaveJob *> m_jobs; // under way; children
    int m_begun = 0;
};

} // namespace tincan

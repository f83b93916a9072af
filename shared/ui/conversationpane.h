// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QHash>
#include <QWidget>

#include "base/ids.h"

class QHBoxLayout;
class QToolButton;

namespace tincan {

class ComboBox;
class Composer;
class ElidedLabel;
class Session;
class TranscriptModel;
class TranscriptView;
struct PeerWords;
struct SessionActions;

// One conversation: who it is with, what was said, and where to answer. GUI thread.
class ConversationPane final : public QWidget
{
    Q_OBJECT
public:
    // `session` outlives the pane.
    ConversationPane(Session &session, const PeerWords &words, const SessionActions &actions, QWidget *parent = nullptr);
    ~ConversationPane() override;

    // Shows the conversation with `conversation` (kNoPeer: all), and sends to those chosen.
    void setChoice(PeerId conversation, const std::vector<PeerId> &chosen, int hidden = 0);
    // Their states have changed: what is said of them is made anew. `hidden`: how many of those chosen the filter hides.
    void refresh(int hidden = 0);

    // What clear() has hidden.
    struct Cleared {
        PeerId conversation = kNoPeer;
        RowNumber before = 0; // from here on it was shown
        int count = 0;
        bool isMessages = false; // else all rows are counted
    };
    // Hides what is in the conversation now; what comes is shown. The session keeps it all.
    Cleared clear();
    // Shows the conversation from this row of the index on (0: all of it).
    void showFrom(PeerId conversation, RowNumber firstRow);
    bool isCleared() const { return m_clearedTo.value(m_conversation) > 0; }

    PeerId conversation() const noexcept { return m_conversation; }
    TranscriptModel *model() const { return m_model.get(); }
    TranscriptView *view() const { return m_view; }
    Composer *composer() const { return m_composer; }
    int showAs() const;
    void setShowAs(int index);
    std::vector<QWidget *> tabOrder() const;

signals:
    void showAsChanged(int index);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QHBoxLayout *makeHeader(const SessionActions &actions);
    QToolButton *makeButton(QAction *action, const QString &objectName, const QString &name);
    void open(PeerId conversation);
    void showMarker();
    void showHeader();
    QString hiddenText() const;
    void showRecipients();
    void send(const QByteArray &bytes);

    Session &m_session;
    const PeerWords &m_words;
    ElidedLabel *m_title;
    ComboBox *m_showAs;
    QToolButton *m_finish;
    QToolButton *m_disconnect;
    TranscriptView *m_view;
    Composer *m_composer;
    std::unique_ptr<TranscriptModel> m_model;
    std::vector<PeerId> m_chosen{kNoPeer};
    QHash<PeerId, RowNumber> m_readUpTo;  // of conversations that were looked at: the size of the index when they were left
    QHash<PeerId, RowNumber> m_clearedTo; // the first row that is shown, of those that were cleared
    PeerId m_conversation = kNoPeer;
    int m_hidden = 0;
};

} // namespace tincan

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QHash>
#include <QWidget>

#include "base/ids.h"
#include "transcript/conversationview.h"
#include "transcript/encoding.h"
#include "transcript/lens.h"

class QSplitter;
class QToolButton;

namespace tincan {

class ComboBox;
class Composer;
class DetailPane;
class ElidedLabel;
class FaultsStrip;
class Finder;
class LensEdit;
class PaneHeader;
class Session;
class Settings;
class TranscriptModel;
class TranscriptView;
struct PeerWords;
struct SessionActions;

// One conversation: who it is with, what was said, and where to answer. GUI thread.
class ConversationPane final : public QWidget
{
    Q_OBJECT
public:
    // The first of a window follows the list of peers. The one beside it stays with its conversation, and can be closed.
    enum class Role : std::uint8_t { First, Beside };

    // `session` outlives the pane.
    ConversationPane(Session &session, const PeerWords &words, const SessionActions &actions, QWidget *parent = nullptr,
                     Role role = Role::First);
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
    Finder *finder() const { return m_finder; }
    int showAs() const;
    void setShowAs(int index);
    LensEdit *lensEdit() const { return m_lens; }
    // Of the conversation that is shown: what its bytes are read in, and what is typed is written in. Remembered of each as long
    // as the pane lives; those never set are in the default.
    const Encoding &encoding() const { return encodingOf(m_conversation); }
    const Encoding &encodingOf(PeerId conversation) const;
    void setEncoding(const Encoding &encoding);
    void setDefaultEncoding(const Encoding &encoding);
    DetailPane *detail() const { return m_detail; }
    void showDetail(bool shown);
    bool isDetailShown() const;
    void saveSplitters(Settings &settings) const;
    void restoreSplitters(const Settings &settings);
    std::vector<QWidget *> tabOrder() const;
    // Looks at conversations as `other` does: form, size, cutting, encodings, what was cleared, how a message is written.
    void lookAs(const ConversationPane &other);
    void focusIt(); // the message, or the transcript where nothing can be sent

signals:
    void closeAsked(); // of Role::Beside
    void showAsChanged(int index);
    void encodingChanged();
    void detailShown(bool shown);

private:
    PaneHeader *makeHeader(const SessionActions &actions);
    QToolButton *makeClose();
    void connectDetail();
    void applyEncoding();
    void followSelection();
    QToolButton *makeButton(QAction *action, const QString &objectName, const QString &name);
    void open(PeerId conversation);
    void reopen();
    void goToWanted();
    void useModel();
    void filter(bool filtered);
    void showMarker();
    void showHeader();
    QString hiddenText() const;
    void showRecipients();
    void send(const QByteArray &bytes);

    Session &m_session;
    const PeerWords &m_words;
    Role m_role;
    QToolButton *m_close = nullptr; // of Role::Beside
    ElidedLabel *m_title;
    ComboBox *m_showAs;
    QToolButton *m_save;
    ComboBox *m_encoding;
    QToolButton *m_find;
    QToolButton *m_finish;
    QToolButton *m_disconnect;
    LensEdit *m_lens;
    FaultsStrip *m_faults;
    TranscriptView *m_view;
    DetailPane *m_detail;
    QSplitter *m_splitter;
    Finder *m_finder;
    Composer *m_composer;
    PaneHeader *m_header;
    std::unique_ptr<TranscriptModel> m_model;
    std::vector<PeerId> m_chosen{kNoPeer};
    std::optional<Place> m_wanted;               // to be at the view's top again, once it has been cut
    QHash<PeerId, const Encoding *> m_encodings; // that were chosen
    const Encoding *m_defaultEncoding = &utf8();
    QHash<PeerId, RowNumber> m_readUpTo;  // of conversations that were looked at: the size of the index when they were left
    QHash<PeerId, RowNumber> m_clearedTo; // the first row that is shown, of those that were cleared
    PeerId m_conversation = kNoPeer;
    int m_hidden = 0;
    bool m_filtered = false; // shows only what was found
};

} // namespace tincan

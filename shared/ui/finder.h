// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "session/search.h"
#include "transcript/encoding.h"
#include "ui/highlighter.h"

class QTableView;

namespace tincan {

class FindBar;
class HitModel;
class Session;
class TranscriptView;

// Finding in one pane: what the bar says is searched for in the conversation that is shown, marked in the view, listed, stepped
// through, and, where that is wanted, all that is shown. GUI thread.
class Finder final : public QObject
{
    Q_OBJECT
public:
    // Session and view outlive it; the widgets are made for `parent`, who puts them where they belong.
    Finder(Session &session, TranscriptView *view, QWidget *parent);
    ~Finder() override;

    FindBar *bar() const { return m_bar; }
    QWidget *list() const;
    const Search &search() const { return m_search; }

    // Another conversation is shown: it is searched in that one now. Then the model that shows it, whole or filtered.
    void setConversation(PeerId conversation, RowNumber first = 0);
    void setModel(TranscriptModel *model);
    // What a text is looked for in, and the list's bytes are read in. Searches anew where that is another one.
    void setEncoding(const Encoding &encoding);

    void open();
    void close();
    // To the next hit (1) or the one before (-1), from the one that is looked at, or, where that is out of sight, from what is in
    // sight; around at the ends, which is said.
    void step(int direction);
    // The index of the hit that is looked at; -1: none.
    qsizetype current() const;

signals:
    // Only hits are to be shown from now on, or everything: setModel() is to be called with a new model of that kind.
    void filterAsked(bool filtered);

private:
    void makeList(QWidget *parent);
    void connectAll();
    void restart(bool reveals);
    void hitsChanged(qsizetype from);
    void showFilter(bool isNew);
    void admitSome();
    void showList();
    void lookAgain(bool reveals);
    void showState();
    std::optional<Place> inSight() const;
    bool isCurrentInSight() const;
    void look(std::size_t hit, bool reveals = true);
    void lookAtFirst();
    void forgetCurrent();

    Session &m_session;
    TranscriptView *m_view;
    QPointer<TranscriptModel> m_model;
    Search m_search;
    Highlighter m_highlighter;
    HitModel *m_hits;
    FindBar *m_bar;
    QTableView *m_list = nullptr;
    const Encoding *m_encoding = &utf8();
    QTimer m_typed; // a while after a key
    QTimer m_admit; // what is left to be shown, in parts
    QString m_wrapped;
    std::optional<Place> m_anchor; // where the search began, while nothing is looked at yet
    bool m_reveals = false;        // the first hit is to be shown
    bool m_isFirstTime = true;     // the conversation has not been gone through yet
    bool m_isFiltered = false;
    bool m_isNew = false;       // another conversation, which is to be searched once its model is there
    std::size_t m_admitted = 0; // hits that the filtered model knows of
};

} // namespace tincan

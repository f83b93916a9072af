// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QAction>
#include <QString>

class QActionGroup;
class QMenuBar;

namespace tincan {

struct PeerWords;

// Every command of a window, once: menus, tool buttons and context menus show the same ones. GUI thread; owned by `parent`.
struct SessionActions {
    SessionActions(const PeerWords &words, QWidget *parent);

    // Of single peers, in the order in which they stand in menus.
    QList<QAction *> waysToEnd() const { return {finishSending, endReceiving, shutdownBoth, disconnect, reset, stopReading}; }

    QAction *openSession;
    QAction *dontKeep; // checked: the session's file goes when it ends
    QAction *closeWindow;
    QAction *quit;
    QAction *saveConversation;
    QAction *saveSession;
    QAction *settings;
    QAction *copy;
    QActionGroup *copyAs; // data: CopyAs; of what is selected in the transcript
    QAction *selectAll;
    QAction *find;
    QAction *findNext;
    QAction *findPrevious;
    QAction *clearConversation;
    QAction *showCleared;

    QAction *previousPeer;
    QAction *nextPeer;
    QAction *nextNews;
    std::vector<QAction *> nthPeer; // Ctrl+1 … Ctrl+9
    QAction *allPeers;
    QAction *filterPeers;
    QAction *writeMessage;
    QAction *namePeer;
    QAction *finishSending;
    QAction *disconnect;
    QAction *reset;
    QAction *endReceiving;
    QAction *shutdownBoth;
    QAction *stopReading; // checked: all that are chosen are not read
    QAction *faults;
    QAction *socketOptions;
    QAction *disconnectAll;
    QAction *clearClosed;

    QActionGroup *cutBy;    // data: Lens::Kind
    QActionGroup *showAs;   // data: the index in the Show as combo box
    QActionGroup *encoding; // data: the index in encodings()
    QAction *encodingForNew;
    QActionGroup *timesAs; // data: TimesAs
    QAction *openBeside;
    QAction *closeBeside;
    QAction *otherPane;
    QAction *showDetail;
    QAction *showCalls;
    QAction *showInspector;
    QAction *kernelStates;
    QAction *showPeers;
    QAction *largerText;
    QAction *smallerText;
    QAction *normalText;
    QActionGroup *theme; // data: Theme
    QAction *shortcuts;
    QAction *about;

private:
    void makeFileAndEditActions(QWidget *parent);
    void makePeerActions(const PeerWords &words, QWidget *parent);
    void makeEndingActions(QWidget *parent);
    void makeViewActions(const PeerWords &words, QWidget *parent);
};

} // namespace tincan

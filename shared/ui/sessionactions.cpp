// SPDX-License-Identifier: MIT
#include "ui/sessionactions.h"

#include <QActionGroup>
#include <QWidget>

#include "session/peerwords.h"
#include "transcript/encoding.h"
#include "ui/icons.h"
#include "ui/peerlist.h"
#include "ui/rowtext.h"
#include "ui/theme.h"

namespace tincan {

namespace {

QAction *make(QWidget *parent, const QString &text, const QKeySequence &keys = {}, const char *iconName = nullptr)
{
    auto *action = new QAction(text, parent);
    action->setShortcut(keys);
    if (iconName) {
        action->setIcon(icon(QLatin1String(iconName)));
    }
    parent->addAction(action); // so that its shortcut works wherever it is shown
    return action;
}

QAction *makeChoice(QActionGroup *group, const QString &text, int data)
{
    auto *action = new QAction(text, group);
    action->setCheckable(true);
    action->setData(data);
    return action;
}

} // namespace

SessionActions::SessionActions(const PeerWords &words, QWidget *parent)
{
    makeFileAndEditActions(parent);
    find = make(parent, QStringLiteral("&Find"), QKeySequence::Find, "find");
    find->setToolTip(QStringLiteral("Finds text, bytes or an expression in this conversation"));
    findNext = make(parent, QStringLiteral("Find &next"), QKeySequence(Qt::Key_F3));
    findNext->setShortcuts({findNext->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_G)});
    findPrevious = make(parent, QStringLiteral("Find &previous"), QKeySequence(Qt::SHIFT | Qt::Key_F3));
    findPrevious->setShortcuts({findPrevious->shortcut(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)});
    openSession = make(parent, QStringLiteral("&Open session…"), QKeySequence::Open);
    dontKeep = make(parent, QStringLiteral("&Don't keep this session"));
    dontKeep->setCheckable(true);
    closeWindow = make(parent, QStringLiteral("&Close"), QKeySequence(Qt::CTRL | Qt::Key_W));
    clearConversation = make(parent, QStringLiteral("C&lear conversation"), QKeySequence(Qt::CTRL | Qt::Key_K));
    clearConversation->setToolTip(QStringLiteral("Hides what is there now; the session file keeps it"));
    showCleared = make(parent, QStringLiteral("Show what was cl&eared"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K));
    makePeerActions(words, parent);
    makeViewActions(words, parent);
    shortcuts = make(parent, QStringLiteral("&Keyboard shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Question));
    about = make(parent, QStringLiteral("&About Tincan"));
    about->setMenuRole(QAction::AboutRole);
}

void SessionActions::makeFileAndEditActions(QWidget *parent)
{
    saveConversation = make(parent, QStringLiteral("Save &conversation…"), QKeySequence(Qt::CTRL | Qt::Key_S), "save");
    saveConversation->setIconText(QStringLiteral("Save"));
    saveConversation->setToolTip(QStringLiteral("Save this conversation to a file (Ctrl+S)"));
    saveSession = make(parent, QStringLiteral("Save s&ession…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    quit = make(parent, QStringLiteral("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    settings = make(parent, QStringLiteral("&Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma));
    settings->setMenuRole(QAction::PreferencesRole);
    copy = make(parent, QStringLiteral("&Copy"), QKeySequence::Copy);
    selectAll = make(parent, QStringLiteral("Select &all"), QKeySequence::SelectAll);
    copyAs = new QActionGroup(parent);
    const auto addCopy = [&](const QString &text, const QKeySequence &keys, CopyAs as) {
        QAction *action = make(parent, text, keys);
        action->setData(static_cast<int>(as));
        copyAs->addAction(action);
    };
    constexpr auto kOther = Qt::CTRL | Qt::ALT;
    addCopy(QStringLiteral("Copy with &times"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), CopyAs::TextWithTimes);
    addCopy(QStringLiteral("Copy as &hex"), QKeySequence(kOther | Qt::Key_H), CopyAs::Hex);
    addCopy(QStringLiteral("Copy as hex &with times"), QKeySequence(kOther | Qt::SHIFT | Qt::Key_H), CopyAs::HexWithTimes);
    addCopy(QStringLiteral("Copy as C a&rray"), QKeySequence(kOther | Qt::Key_C), CopyAs::CArray);
    addCopy(QStringLiteral("Copy as C array with ti&mes"), QKeySequence(kOther | Qt::SHIFT | Qt::Key_C), CopyAs::CArrayWithTimes);
}

void SessionActions::makePeerActions(const PeerWords &words, QWidget *parent)
{
    previousPeer = make(parent, QStringLiteral("&Previous %1").arg(words.one), QKeySequence(Qt::ALT | Qt::Key_Up));
    nextPeer = make(parent, QStringLiteral("&Next %1").arg(words.one), QKeySequence(Qt::ALT | Qt::Key_Down));
    nextNews = make(parent, QStringLiteral("Next with ne&ws"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A));
    for (int nth = 1; nth <= 9; ++nth) {
        nthPeer.push_back(make(parent, QStringLiteral("%1 &%2").arg(words.one).arg(nth),
                               QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + nth))));
    }
    allPeers = make(parent, words.all, QKeySequence(Qt::ALT | Qt::Key_Home), "all");
    filterPeers = make(parent, QStringLiteral("&Filter %1").arg(words.many), QKeySequence(Qt::CTRL | Qt::Key_L));
    writeMessage = make(parent, QStringLiteral("Write a &message"), QKeySequence(Qt::CTRL | Qt::Key_M));
    namePeer = make(parent, QStringLiteral("Name this %1…").arg(words.one), QKeySequence(Qt::Key_F2));
    namePeer->setToolTip(QStringLiteral("A name that is shown before the address, and kept in the session"));
    makeEndingActions(parent);
    disconnectAll = make(parent, QStringLiteral("Disconnect &all"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
    clearClosed = make(parent, QStringLiteral("&Clear closed %1…").arg(words.many),
                       QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), "clear");
}

// Each says what goes over the wire.
void SessionActions::makeEndingActions(QWidget *parent)
{
    const auto ending = [parent](const QString &text, Qt::Key key, WayToEnd way, const char *iconName) {
        QAction *action = make(parent, text, QKeySequence(Qt::CTRL | Qt::SHIFT | key), iconName);
        action->setToolTip(endingText(way));
        action->setStatusTip(endingText(way));
        return action;
    };
    finishSending = ending(QStringLiteral("Finish &sending (SHUT_WR)"), Qt::Key_F, WayToEnd::FinishSending, "finish");
    finishSending->setIconText(QStringLiteral("Finish sending"));
    endReceiving = ending(QStringLiteral("Stop re&ceiving (SHUT_RD)"), Qt::Key_E, WayToEnd::EndReceiving, nullptr);
    shutdownBoth = ending(QStringLiteral("&Both (SHUT_RDWR)"), Qt::Key_B, WayToEnd::Both, nullptr);
    disconnect = ending(QStringLiteral("&Disconnect (orderly close)"), Qt::Key_D, WayToEnd::Disconnect, "disconnect");
    disconnect->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
    disconnect->setIconText(QStringLiteral("Disconnect"));
    reset = ending(QStringLiteral("&Reset (SO_LINGER 0)"), Qt::Key_R, WayToEnd::Reset, "reset");
    stopReading = ending(QStringLiteral("Stop rea&ding"), Qt::Key_P, WayToEnd::StopReading, nullptr);
    stopReading->setCheckable(true);
    faults = make(parent, QStringLiteral("Fa&ults on purpose…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U));
    faults->setToolTip(QStringLiteral("Delays, cuts, slows or stops what is sent, to see how the peer copes"));
    faults->setStatusTip(faults->toolTip());
    socketOptions = make(parent, QStringLiteral("Socket &options…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Y));
    socketOptions->setIconText(QStringLiteral("Options…"));
    socketOptions->setToolTip(QStringLiteral("Socket options of the next start, and of what is open (Ctrl+Shift+Y)"));
    socketOptions->setStatusTip(
        QStringLiteral("setsockopt(2) and getsockopt(2): what is asked for, and what the kernel makes of it"));
}

void SessionActions::makeViewActions(const PeerWords &words, QWidget *parent)
{
    showAs = new QActionGroup(parent);
    int index = 0;
    for (const QString &form : {QStringLiteral("&Text"), QStringLiteral("&Hex"), QStringLiteral("Text &and hex")}) {
        makeChoice(showAs, form, index++);
    }
    cutBy = new QActionGroup(parent);
    index = 0;
    for (const QString &lens : {QStringLiteral("&Reads"), QStringLiteral("&Lines"), QStringLiteral("&Delimiter"),
                                QStringLiteral("Len&gth header"), QStringLiteral("&Pauses"), QStringLiteral("&STX ETX")}) {
        makeChoice(cutBy, lens, index++);
    }
    encoding = new QActionGroup(parent);
    for (const Encoding &one : encodings()) {
        makeChoice(encoding, QString::fromLatin1(one.name), indexOf(one))->setToolTip(QString::fromLatin1(one.use));
    }
    encodingForNew = make(parent, QStringLiteral("Use it for every &new conversation"));
    timesAs = new QActionGroup(parent);
    makeChoice(timesAs, QStringLiteral("&Off"), static_cast<int>(TimesAs::Off));
    makeChoice(timesAs, QStringLiteral("&Time"), static_cast<int>(TimesAs::Time));
    makeChoice(timesAs, QStringLiteral("&Date and microseconds"), static_cast<int>(TimesAs::DateAndMicroseconds));
    makeChoice(timesAs, QStringLiteral("&Since the row above"), static_cast<int>(TimesAs::SincePrevious));
    showCalls = make(parent, QStringLiteral("Show socket &calls"), QKeySequence(Qt::Key_F9));
    showCalls->setCheckable(true);
    showInspector = make(parent, QStringLiteral("&Inspector"), QKeySequence(Qt::CTRL | Qt::Key_I));
    showInspector->setCheckable(true);
    showInspector->setToolTip(QStringLiteral("What the kernel knows of the connection: its state, round trip, queues"));
    kernelStates = make(parent, QStringLiteral("&Kernel states in the list"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I));
    kernelStates->setCheckable(true);
    kernelStates->setToolTip(QStringLiteral("The list shows the states that the kernel tells, also after the close"));
    openBeside = make(parent, QStringLiteral("Open &beside"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    openBeside->setToolTip(QStringLiteral("Shows this conversation in a second pane, where it stays"));
    closeBeside = make(parent, QStringLiteral("Close the one besi&de"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_W));
    otherPane = make(parent, QStringLiteral("Go to the &other conversation"), QKeySequence(Qt::Key_F7));
    showDetail = make(parent, QStringLiteral("Message &detail"), QKeySequence(Qt::Key_F6));
    showDetail->setCheckable(true);
    showPeers = make(parent, QStringLiteral("Show the list of &%1").arg(words.many), QKeySequence(Qt::Key_F8));
    showPeers->setCheckable(true);
    largerText = make(parent, QStringLiteral("&Larger text"), QKeySequence(Qt::CTRL | Qt::Key_Plus));
    // The plus is a shifted key on many keyboards.
    largerText->setShortcuts({largerText->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    smallerText = make(parent, QStringLiteral("S&maller text"), QKeySequence(Qt::CTRL | Qt::Key_Minus));
    normalText = make(parent, QStringLiteral("&Normal text"), QKeySequence(Qt::CTRL | Qt::Key_0));
    theme = new QActionGroup(parent);
    makeChoice(theme, QStringLiteral("&System"), static_cast<int>(Theme::System));
    makeChoice(theme, QStringLiteral("&Light"), static_cast<int>(Theme::Light));
    makeChoice(theme, QStringLiteral("&Dark"), static_cast<int>(Theme::Dark));
}

} // namespace tincan

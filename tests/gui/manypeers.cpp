// SPDX-License-Identifier: MIT
// Several peers in one window: whom a message goes to, what is unread, what is kept for each.
#include "windows.h"

#include <QClipboard>
#include <QGuiApplication>

#include "ui/elidedlabel.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

class ManyPeersTest : public QObject
{
    Q_OBJECT

private:
    struct Room {
        Server server;
        Client client;

        bool open(int peers)
        {
            if (!server.start()) {
                return false;
            }
            for (int i = 0; i < peers; ++i) {
                if (client.connectAndWait(server.port()) == kNoPeer) {
                    return false;
                }
            }
            return QTest::qWaitFor([&] { return server.session.peers()->openCount() == peers; });
        }
        QByteArray receivedBy(PeerId peer) const
        {
            pick(*client.window, peer);
            return received(*client.window);
        }
    };

private slots:
    void toAll()
    {
        Room room;
        QVERIFY(room.open(3));
        QVERIFY(room.server.window->peerList()->isAllChosen());
        type(*room.server.window, QStringLiteral("everybody"));
        for (PeerId peer = 1; peer <= 3; ++peer) {
            QTRY_COMPARE(room.receivedBy(peer), QByteArray("everybody\n"));
        }
    }

    void toSeveral()
    {
        Room room;
        QVERIFY(room.open(3));
        pick(*room.server.window, nth(room.server.session, 1));
        pick(*room.server.window, nth(room.server.session, 3), Qt::ControlModifier);
        type(*room.server.window, QStringLiteral("you two"));
        QTRY_COMPARE(room.receivedBy(1), QByteArray("you two\n"));
        QTRY_COMPARE(room.receivedBy(3), QByteArray("you two\n"));
        pick(*room.server.window, nth(room.server.session, 2));
        type(*room.server.window, QStringLiteral("and you"));
        QTRY_COMPARE(room.receivedBy(2), QByteArray("and you\n"));
        QCOMPARE(room.receivedBy(1), QByteArray("you two\n"));
    }

    void unreadCounts()
    {
        Room room;
        QVERIFY(room.open(2));
        pick(*room.server.window, nth(room.server.session, 2));
        pick(*room.client.window, 1);
        type(*room.client.window, QStringLiteral("one"));
        QTRY_COMPARE(room.server.session.peers()->peer(1).unread, 1U);
        QVERIFY2(spoken(*room.server.window, 1).contains(QStringLiteral("1 unread")), qPrintable(spoken(*room.server.window, 1)));
        room.server.window->actions().nextNews->trigger();
        QCOMPARE(room.server.window->peerList()->current(), nth(room.server.session, 1));
        QCOMPARE(room.server.session.peers()->peer(1).unread, 0U);
        type(*room.client.window, QStringLiteral("two"));
        QTRY_COMPARE(received(*room.server.window), QByteArray("one\ntwo\n"));
        QCOMPARE(room.server.session.peers()->peer(1).unread, 0U); // is being looked at
    }

    void aNewConnectionIsSelectedUnlessSomebodyWrites()
    {
        Room room;
        QVERIFY(room.open(1));
        QCOMPARE(room.client.window->peerList()->current(), PeerId{1});
        QTest::keyClicks(part<MessageEdit>(*room.client.window, "message"), QStringLiteral("half a sen"));
        const PeerId second = room.client.connectAndWait(room.server.port());
        QVERIFY(second != kNoPeer);
        QCOMPARE(room.client.window->peerList()->current(), PeerId{1});
        QCOMPARE(part<MessageEdit>(*room.client.window, "message")->text(), QStringLiteral("half a sen"));
    }

    void serverStaysOnAll()
    {
        Room room;
        QVERIFY(room.open(2));
        QVERIFY(room.server.window->peerList()->isAllChosen());
        QCOMPARE(room.server.window->pane()->conversation(), kNoPeer);
        QCOMPARE(spoken(*room.server.window, 0), QStringLiteral("All peers, 2 connected"));
    }

    void historyAndDrafts()
    {
        Room room;
        QVERIFY(room.open(2));
        auto *edit = part<MessageEdit>(*room.server.window, "message");
        pick(*room.server.window, nth(room.server.session, 1));
        type(*room.server.window, QStringLiteral("first"));
        type(*room.server.window, QStringLiteral("second"));
        QTest::keyClick(edit, Qt::Key_Up);
        QTest::keyClick(edit, Qt::Key_Up);
        QCOMPARE(edit->text(), QStringLiteral("first"));
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClicks(edit, QStringLiteral("draft to one"));
        pick(*room.server.window, nth(room.server.session, 2));
        QCOMPARE(edit->text(), QString());
        QTest::keyClick(edit, Qt::Key_Up);
        QCOMPARE(edit->text(), QString());
        pick(*room.server.window, nth(room.server.session, 1));
        QCOMPARE(edit->text(), QStringLiteral("draft to one"));
    }

    void pasteGuard()
    {
        Room room;
        QVERIFY(room.open(1));
        auto *edit = part<MessageEdit>(*room.client.window, "message");
        QGuiApplication::clipboard()->setText(QStringLiteral("1\n2\n3\n4"));
        QTest::keySequence(edit, QKeySequence::Paste);
        QVERIFY(part<QWidget>(*room.client.window, "pasteGuard")->isVisible());
        QCOMPARE(edit->text(), QString());
        click(*room.client.window, "pasteSend");
        QTRY_COMPARE(received(*room.server.window), QByteArray("1\n2\n3\n4\n"));
    }

    void clearAsksFirst()
    {
        Room room;
        QVERIFY(room.open(2));
        pick(*room.server.window, nth(room.server.session, 1));
        room.server.window->actions().reset->trigger();
        QTRY_COMPARE(room.server.session.peers()->openCount(), 1);
        QTRY_VERIFY(room.server.window->actions().clearClosed->isEnabled());
        room.server.window->actions().clearClosed->trigger();
        QCOMPARE(room.server.session.peers()->rowCount(), 3); // not yet
        QVERIFY2(noticed(*room.server.window).contains(QStringLiteral("1 closed peer")),
                 qPrintable(noticed(*room.server.window)));
        pressNoticeAction(*room.server.window);
        QCOMPARE(room.server.session.peers()->rowCount(), 2);
        QVERIFY(room.server.window->peerList()->isAllChosen());
        QVERIFY(noticed(*room.server.window).isEmpty());
    }

    void clearNamesADraftThatItLoses()
    {
        Room room;
        QVERIFY(room.open(2));
        SessionWindow &window = *room.server.window;
        pick(window, nth(room.server.session, 1));
        QTest::keyClicks(part<MessageEdit>(window, "message"), QStringLiteral("half a sen"));
        const QString address = PeerModel::addressText(room.server.session.peers()->peer(1));
        window.actions().reset->trigger();
        QTRY_VERIFY(window.actions().clearClosed->isEnabled());
        pick(window, nth(room.server.session, 2));
        window.actions().clearClosed->trigger();
        QVERIFY2(noticed(window).contains(QStringLiteral("begun to ") + address), qPrintable(noticed(window)));
        // And one that was begun after it was asked.
        pick(window, nth(room.server.session, 1));
        part<MessageEdit>(window, "message")->clear();
        window.actions().clearClosed->trigger();
        QVERIFY(!noticed(window).contains(QStringLiteral("begun")));
        QTest::keyClicks(part<MessageEdit>(window, "message"), QStringLiteral("another"));
        pressNoticeAction(window);
        QCOMPARE(room.server.session.peers()->rowCount(), 3);
        QVERIFY(noticed(window).contains(QStringLiteral("begun to ") + address));
        pressNoticeAction(window);
        QCOMPARE(room.server.session.peers()->rowCount(), 2);
    }

    void theMarkerIsNotPutAboveOnesOwnMessage()
    {
        Room room;
        QVERIFY(room.open(2));
        SessionWindow &window = *room.server.window;
        const PeerId first = nth(room.server.session, 1);
        pick(window, first);
        pick(window, kNoPeer);
        type(window, QStringLiteral("to all"));
        QTRY_COMPARE(shown(window, RecordKind::FanOut), QByteArray("to all\n"));
        pick(window, first);
        TranscriptView *view = window.pane()->view();
        const int own = window.pane()->model()->count() - 1;
        QTRY_VERIFY(!view->rowRect(own).isEmpty());
        QCOMPARE(view->marker(), -1);
        // With an answer, it stands above that.
        pick(window, kNoPeer);
        pick(*room.client.window, 1);
        type(window, QStringLiteral("again"));
        QTRY_COMPARE(received(*room.client.window), QByteArray("to all\nagain\n"));
        type(*room.client.window, QStringLiteral("news"));
        QTRY_COMPARE(received(window), QByteArray("news\n"));
        pick(window, first);
        QCOMPARE(received(window), QByteArray("news\n"));
        QCOMPARE(view->marker(), window.pane()->model()->count() - 1);
    }

    void endingAllAsksFirst_data()
    {
        QTest::addColumn<QAction * SessionActions::*>("action");
        QTest::addColumn<QString>("words");
        QTest::newRow("finish") << &SessionActions::finishSending << QStringLiteral("Finish sending to 3 peers");
        QTest::newRow("disconnect") << &SessionActions::disconnect << QStringLiteral("Disconnect 3 peers");
        QTest::newRow("reset") << &SessionActions::reset << QStringLiteral("Reset 3 peers");
        QTest::newRow("all") << &SessionActions::disconnectAll << QStringLiteral("Disconnect 3 peers");
    }

    void endingAllAsksFirst()
    {
        using Action = QAction *SessionActions::*;
        QFETCH(Action, action);
        QFETCH(QString, words);
        Room room;
        QVERIFY(room.open(3));
        SessionWindow &window = *room.server.window;
        QAction *command = window.actions().*action;
        QTRY_VERIFY(command->isEnabled());
        command->trigger();
        QVERIFY2(noticed(window).contains(words), qPrintable(noticed(window)));
        QCOMPARE(part<QAbstractButton>(window, "noticeAction")->text(), words);
        // Another choice takes the question back.
        pick(window, nth(room.server.session, 1));
        QVERIFY2(noticed(window).isEmpty(), qPrintable(noticed(window)));
        pick(window, kNoPeer);
        command->trigger();
        type(window, QStringLiteral("still here"));
        QTRY_COMPARE(room.receivedBy(3), QByteArray("still here\n"));
        QCOMPARE(stateOf(room.server.session, 1), PeerState::Established);
        pressNoticeAction(window);
        for (int at = 1; at <= 3; ++at) {
            QTRY_VERIFY(stateOf(room.server.session, at) != PeerState::Established);
        }
        QVERIFY(noticed(window).isEmpty());
    }

    void theOnlyOneIsEndedAtOnce()
    {
        Room room;
        QVERIFY(room.open(1));
        QVERIFY(room.server.window->peerList()->isAllChosen());
        QVERIFY(activate(*room.server.window));
        QTest::keyClick(part<QWidget>(*room.server.window, "message"), Qt::Key_D, Qt::ControlModifier);
        QTRY_COMPARE(room.server.session.peers()->openCount(), 0);
        QVERIFY(noticed(*room.server.window).isEmpty());
    }

    void disconnectAll()
    {
        Room room;
        QVERIFY(room.open(3));
        room.server.window->actions().disconnectAll->trigger();
        pressNoticeAction(*room.server.window);
        QTRY_COMPARE(room.server.session.peers()->openCount(), 0);
        QCOMPARE(room.server.session.state(), ServerSession::State::Listening);
    }

    void filterKeepsTheConversation()
    {
        Room room;
        QVERIFY(room.open(2));
        pick(*room.server.window, nth(room.server.session, 1));
        const QString other = PeerModel::addressText(room.server.session.peers()->peer(2));
        QTest::keyClicks(part<QLineEdit>(*room.server.window, "peerFilter"), other);
        QCOMPARE(room.server.window->peerList()->view()->model()->rowCount(), 2);
        QCOMPARE(room.server.window->pane()->conversation(), nth(room.server.session, 1));
        type(*room.server.window, QStringLiteral("to the hidden one"));
        QTRY_COMPARE(room.receivedBy(1), QByteArray("to the hidden one\n"));
    }

    void whoIsHiddenByTheFilterIsSaid()
    {
        Room room;
        QVERIFY(room.open(3));
        SessionWindow &window = *room.server.window;
        auto *title = part<ElidedLabel>(window, "conversationTitle");
        auto *edit = part<MessageEdit>(window, "message");
        auto *filter = part<QLineEdit>(window, "peerFilter");
        const auto said
            = [&](const QString &words) { return title->text().contains(words) && edit->placeholderText().contains(words); };
        pick(window, nth(room.server.session, 1));
        QVERIFY(!said(QStringLiteral("hidden")));
        QTest::keyClicks(filter, PeerModel::addressText(room.server.session.peers()->peer(2)));
        QVERIFY2(said(QStringLiteral("(hidden by the filter)")), qPrintable(title->text() + edit->placeholderText()));
        filter->clear();
        QVERIFY(!said(QStringLiteral("hidden")));
        pick(window, nth(room.server.session, 2), Qt::ControlModifier);
        QTest::keyClicks(filter, PeerModel::addressText(room.server.session.peers()->peer(2)));
        QVERIFY2(said(QStringLiteral("(1 hidden by the filter)")), qPrintable(title->text() + edit->placeholderText()));
        pick(window, kNoPeer);
        QVERIFY2(said(QStringLiteral("(2 hidden by the filter)")), qPrintable(title->text() + edit->placeholderText()));
        // All that are seen.
        QVERIFY(activate(window));
        window.peerList()->view()->setFocus();
        QTest::keyClick(window.peerList()->view(), Qt::Key_A, Qt::ControlModifier);
        type(window, QStringLiteral("to the one that is seen"));
        QTRY_COMPARE(room.receivedBy(2), QByteArray("to the one that is seen\n"));
        QCOMPARE(room.receivedBy(1), QByteArray());
        QCOMPARE(room.receivedBy(3), QByteArray());
    }
};

QTEST_MAIN(ManyPeersTest)
#include "manypeers.moc"

// SPDX-License-Identifier: MIT
// Both real windows talking to each other over loopback, by mouse and keys.
#include "windows.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QToolButton>

#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

class ConversationTest : public QObject
{
    Q_OBJECT

private slots:
    // Where there is little room, the words on the buttons go, not the title, and the list of peers keeps its own.
    void theHeaderFitsASmallWindow()
    {
        Server server;
        QVERIFY(server.start());
        Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->rowCount(), 2);
        pick(*server.window, nth(server.session, 1));
        auto *finish = part<QToolButton>(*server.window, "finishSending");
        auto *title = part<QWidget>(*server.window, "conversationTitle");
        server.window->resize(1600, 720);
        QTRY_COMPARE(finish->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
        server.window->resize(800, 560);
        QTRY_COMPARE(finish->toolButtonStyle(), Qt::ToolButtonIconOnly);
        QTRY_COMPARE(server.window->width(), 800);
        QVERIFY2(title->width() > title->fontMetrics().averageCharWidth() * 21, qPrintable(QString::number(title->width())));
        QVERIFY(server.window->peerList()->width() > 150);
        for (const char *name : {"showAs", "encoding", "lens", "find", "save", "finishSending", "disconnect"}) {
            const auto *control = part<QWidget>(*server.window, name);
            QVERIFY2(control->width() >= control->minimumSizeHint().width(), name);
            QVERIFY2(control->mapTo(server.window.get(), QPoint(control->width(), 0)).x() <= 800, name);
        }
        server.window->resize(1600, 720);
        QTRY_COMPARE(finish->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    }

    void startShowsTheRealPort()
    {
        Server server;
        auto *button = part<QAbstractButton>(*server.window, "startStop");
        QCOMPARE(button->text(), QStringLiteral("Start"));
        QVERIFY(server.start());
        QVERIFY(server.port() != 0);
        QCOMPARE(part<QSpinBox>(*server.window, "port")->value(), int{server.port()});
        QCOMPARE(button->text(), QStringLiteral("Stop"));
        QCOMPARE(button->accessibleName(), QStringLiteral("Stop"));
        const QString state = part<QWidget>(*server.window, "sessionState")->accessibleName();
        QCOMPARE(state, QStringLiteral("Listening on 127.0.0.1:%1").arg(server.port()));
        click(*server.window, "startStop");
        QTRY_COMPARE(button->text(), QStringLiteral("Start"));
    }

    void talkBothWays()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        type(*client.window, QStringLiteral("hello"));
        QTRY_COMPARE(received(*server.window), QByteArray("hello\n"));
        QTRY_COMPARE(shown(*client.window, RecordKind::Sent), QByteArray("hello\n"));

        pick(*server.window, nth(server.session, 1));
        type(*server.window, QStringLiteral("hello yourself"));
        QTRY_COMPARE(received(*client.window), QByteArray("hello yourself\n"));
    }

    void whoSendsSeesIt()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        for (int i = 0; i < 60; ++i) {
            type(*client.window, QStringLiteral("line %1").arg(i));
        }
        TranscriptView *view = client.window->pane()->view();
        QTRY_VERIFY(shown(*client.window, RecordKind::Sent).endsWith("line 59\n"));
        QTest::keyClick(view, Qt::Key_Home);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->bubbleRect(2).center());
        QCOMPARE(view->selection(), std::pair(2, 2));
        type(*client.window, QStringLiteral("the reply"));
        QTRY_VERIFY(shown(*client.window, RecordKind::Sent).endsWith("the reply\n"));
        QTRY_VERIFY(!view->rowRect(client.window->pane()->model()->count() - 1).isEmpty());
        QCOMPARE(view->selection(), std::pair(-1, -1));
        QVERIFY(view->isAtEnd());
    }

    void echo()
    {
        Server server;
        Client client;
        QVERIFY(server.answer(QStringLiteral("Echo")));
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        type(*client.window, QStringLiteral("there and back"));
        QTRY_COMPARE(received(*client.window), QByteArray("there and back\n"));
        // Changed while it runs.
        QVERIFY(server.answer(QStringLiteral("OK!!!")));
        type(*client.window, QStringLiteral("and now"));
        QTRY_COMPARE(received(*client.window), QByteArray("there and back\nOK!!!"));
    }

    void okEndsAtExit()
    {
        Server server;
        Client client;
        QVERIFY(server.answer(QStringLiteral("OK!!!")));
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        part<QComboBox>(*client.window, "lineEnding")->setCurrentText(QStringLiteral("None"));
        type(*client.window, QStringLiteral("word"));
        QTRY_COMPARE(received(*client.window), QByteArray("OK!!!"));
        type(*client.window, QStringLiteral("exit"));
        QTRY_COMPARE(received(*client.window), QByteArray("OK!!!OK!!!"));
        QTRY_COMPARE(stateOf(client.session, 1), PeerState::CloseWait);
        click(*client.window, "disconnect");
        QTRY_COMPARE(server.session.peers()->openCount(), 0);
        QCOMPARE(server.session.peers()->peer(1).left, LeftReason::BothFinished);
    }

    void relayAmongThree()
    {
        Server server;
        Client client;
        QVERIFY(server.answer(QStringLiteral("Relay")));
        QVERIFY(part<QWidget>(*server.window, "prefixSender")->isVisible());
        QVERIFY(server.start());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        }
        QTRY_COMPARE(server.session.peers()->openCount(), 3);
        pick(*client.window, 1);
        type(*client.window, QStringLiteral("from the first"));
        pick(*client.window, 2);
        QTRY_COMPARE(received(*client.window), QByteArray("from the first\n"));
        pick(*client.window, 3);
        QTRY_COMPARE(received(*client.window), QByteArray("from the first\n"));
        pick(*client.window, 1);
        QCOMPARE(received(*client.window), QByteArray());
    }

    void relayNamesTheSender()
    {
        ServerWindowOptions options;
        options.answer = AnswerOptions{AnswerMode::Relay, true};
        Server server(options);
        Client client;
        QVERIFY(part<QAbstractButton>(*server.window, "prefixSender")->isChecked());
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 2);
        const QByteArray sender = client.session.peers()->peer(2).local.toString().c_str();
        pick(*client.window, 2);
        type(*client.window, QStringLiteral("signed"));
        pick(*client.window, 1);
        QTRY_COMPARE(received(*client.window), sender + ": signed\n");
    }

    void halfCloseStillSends()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        click(*client.window, "finishSending");
        QTRY_COMPARE(stateOf(server.session, 1), PeerState::CloseWait);
        QVERIFY2(spoken(*server.window, 1).contains(QStringLiteral("CLOSE_WAIT")), qPrintable(spoken(*server.window, 1)));
        pick(*server.window, nth(server.session, 1));
        type(*server.window, QStringLiteral("still here"));
        QTRY_COMPARE(received(*client.window), QByteArray("still here\n"));
        // Ours is finished: the client cannot send, and says why.
        QTRY_VERIFY(!part<QWidget>(*client.window, "send")->isEnabled());
        QVERIFY(part<QWidget>(*client.window, "send")->toolTip().contains(QStringLiteral("FIN")));
        QVERIFY(!part<QWidget>(*client.window, "finishSending")->isEnabled());
    }

    void disconnectEndsItInOrder()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        click(*client.window, "finishSending");
        QTRY_COMPARE(stateOf(server.session, 1), PeerState::CloseWait);
        pick(*server.window, nth(server.session, 1));
        click(*server.window, "disconnect");
        QTRY_COMPARE(server.session.peers()->openCount(), 0);
        QTRY_COMPARE(client.session.peers()->openCount(), 0);
        QCOMPARE(server.session.peers()->peer(1).left, LeftReason::BothFinished);
        QCOMPARE(server.session.peers()->rowCount(), 2); // stays in the list
        QTRY_VERIFY(!part<QWidget>(*server.window, "send")->isEnabled());
    }

    void resetIsSaid()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        client.window->actions().reset->trigger();
        QTRY_COMPARE(client.session.peers()->openCount(), 0);
        QTRY_COMPARE(server.session.peers()->openCount(), 0);
        QCOMPARE(server.session.peers()->peer(1).left, LeftReason::ResetByPeer);
    }

    void escapesAndHex()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        auto *as = part<QComboBox>(*client.window, "composeAs");
        part<QComboBox>(*client.window, "lineEnding")->setCurrentText(QStringLiteral("None"));
        as->setCurrentText(QStringLiteral("Text with escapes"));
        type(*client.window, QStringLiteral("a\\x00b\\n"));
        QTRY_COMPARE(received(*server.window), QByteArray("a\0b\n", 4));
        as->setCurrentText(QStringLiteral("Hex"));
        type(*client.window, QStringLiteral("ff 00"));
        QTRY_COMPARE(received(*server.window), QByteArray("a\0b\n\xff\0", 6));
        type(*client.window, QStringLiteral("no hex"));
        QVERIFY(part<QLabel>(*client.window, "messageProblem")->isVisible());
    }

    void stopWithPeersOpen()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        }
        QTRY_COMPARE(server.session.peers()->openCount(), 3);
        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Stopped);
        QCOMPARE(server.session.peers()->openCount(), 0);
        QTRY_COMPARE(part<QAbstractButton>(*server.window, "startStop")->text(), QStringLiteral("Start"));
        QTRY_VERIFY(stateOf(client.session, 1) != PeerState::Established);
        // And again, with the one who was there still in the list.
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        QCOMPARE(server.session.peers()->rowCount(), 5);
    }

    void closingTheWindowEndsTheSession()
    {
        Client client;
        {
            Server server;
            QVERIFY(server.start());
            QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
            QTRY_COMPARE(server.session.peers()->openCount(), 1);
            server.window->close();
            QVERIFY(!server.window->isVisible());
        }
        QTRY_VERIFY(stateOf(client.session, 1) != PeerState::Established);
    }
};

QTEST_MAIN(ConversationTest)
#include "conversation.moc"

// SPDX-License-Identifier: MIT
// Two conversations side by side: each with its own messages, its own recipient, and the commands of the one used last.
#include "windows.h"

#include <QAction>
#include <QMenuBar>

#include "support/madesource.h"
#include "ui/elidedlabel.h"
#include "ui/findbar.h"
#include "ui/finder.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

namespace {

ConversationPane *beside(const QWidget &window)
{
    auto *pane = window.findChild<ConversationPane *>(QStringLiteral("beside"));
    return pane && pane->isVisibleTo(&window) ? pane : nullptr;
}

QByteArray received(const ConversationPane &pane)
{
    QByteArray all;
    for (int row = 0; row < pane.model()->count(); ++row) {
        if (pane.model()->isReceived(row)) {
            all += pane.model()->bytes(row, UINT32_MAX);
        }
    }
    return all;
}

// A server with two clients, of which the second is looked at beside the first.
struct Two {
    Server server;
    Client one, two;
    PeerId first = kNoPeer, second = kNoPeer;

    bool begin()
    {
        if (!server.start() || one.connectAndWait(server.port()) == kNoPeer) {
            return false;
        }
        if (!QTest::qWaitFor([this] { return server.session.peers()->openCount() == 1; })
            || two.connectAndWait(server.port()) == kNoPeer
            || !QTest::qWaitFor([this] { return server.session.peers()->openCount() == 2; })) {
            return false;
        }
        first = nth(server.session, 1);
        second = nth(server.session, 2);
        return activate(*server.window);
    }
    bool open()
    {
        pick(*server.window, second);
        QTest::keyClick(server.window.get(), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        if (!beside(*server.window)) {
            return false;
        }
        pick(*server.window, first);
        return true;
    }
    ServerWindow &window() const { return *server.window; }
    ConversationPane &pane() const { return *beside(*server.window); }
};

} // namespace

class BesideTest : public QObject
{
    Q_OBJECT

private slots:
    void bothAreThere()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(!beside(t.window()));
        QVERIFY(t.open());
        QCOMPARE(t.pane().conversation(), t.second);
        QCOMPARE(t.window().pane()->conversation(), t.first);
        QVERIFY(part<QWidget>(t.pane(), "message")->isVisible());
        QVERIFY(part<QWidget>(*t.window().pane(), "message")->isVisible());
        QCOMPARE(part<QWidget>(t.window(), "transcript"), t.window().pane()->view()); // the first found is the first pane's
        const auto title = [](const ConversationPane &pane) { return part<ElidedLabel>(pane, "conversationTitle")->text(); };
        const auto address = [&](PeerId peer) { return PeerModel::addressText(*t.server.session.peers()->find(peer)); };
        QVERIFY(title(t.pane()).startsWith(address(t.second)));
        QVERIFY(title(*t.window().pane()).startsWith(address(t.first)));

        t.one.session.send({nth(t.one.session, 1)}, "from one");
        t.two.session.send({nth(t.two.session, 1)}, "from two");
        QTRY_COMPARE(received(*t.window().pane()), QByteArray("from one"));
        QTRY_COMPARE(received(t.pane()), QByteArray("from two"));
        QCOMPARE(t.server.session.peers()->find(t.first)->unread, 0U); // both are looked at
        QCOMPARE(t.server.session.peers()->find(t.second)->unread, 0U);
    }

    void eachSendsToItsOwn()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        type(t.pane(), QStringLiteral("for two"));
        type(*t.window().pane(), QStringLiteral("for one"));
        QTRY_COMPARE(test::received(*t.two.window), QByteArray("for two\n"));
        QTRY_COMPARE(test::received(*t.one.window), QByteArray("for one\n"));
        pick(t.window(), kNoPeer); // it stays where it is
        QCOMPARE(t.pane().conversation(), t.second);
        type(t.pane(), QStringLiteral("again"));
        QTRY_COMPARE(test::received(*t.two.window), QByteArray("for two\nagain\n"));
        QCOMPARE(test::received(*t.one.window), QByteArray("for one\n"));
    }

    void commandsAreOfTheOneUsedLast()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        part<MessageEdit>(t.pane(), "message")->setFocus();
        QTest::keyClick(&t.window(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(t.pane().finder()->bar()->isVisible());
        QVERIFY(!t.window().pane()->finder()->bar()->isVisible());
        QTest::keyClick(&t.window(), Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(t.pane().view()->zoom() > t.window().pane()->view()->zoom());
        QTest::keyClick(&t.window(), Qt::Key_F6);
        QVERIFY(t.pane().isDetailShown() && !t.window().pane()->isDetailShown());
        QVERIFY(t.window().actions().showDetail->isChecked());
        QTest::keyClick(&t.window(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(t.pane().isCleared() && !t.window().pane()->isCleared());

        QTest::keyClick(&t.window(), Qt::Key_F7);
        QVERIFY(t.window().pane()->isAncestorOf(t.window().focusWidget()));
        QVERIFY(!t.window().actions().showDetail->isChecked());
        QVERIFY(!t.window().actions().showCleared->isEnabled());
        QTest::keyClick(&t.window(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(t.window().pane()->finder()->bar()->isVisible());
    }

    void buttonsAreOfTheirPane()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open()); // the focus is in the first one
        QTest::mouseClick(part<QWidget>(t.pane(), "finishSending"), Qt::LeftButton);
        QTRY_COMPARE(stateOf(t.server.session, 2), PeerState::FinWait);
        QCOMPARE(stateOf(t.server.session, 1), PeerState::Established);
        QTRY_VERIFY(!part<QWidget>(t.pane(), "finishSending")->isEnabled());
        QVERIFY(part<QWidget>(*t.window().pane(), "finishSending")->isEnabled());
        part<MessageEdit>(t.pane(), "message")->setFocus();
        QTest::mouseClick(part<QWidget>(*t.window().pane(), "finishSending"), Qt::LeftButton);
        QTRY_COMPARE(stateOf(t.server.session, 1), PeerState::FinWait);
    }

    void keysEndThatOneToo()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        part<MessageEdit>(t.pane(), "message")->setFocus();
        QTest::keyClick(&t.window(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(stateOf(t.server.session, 2), PeerState::Closed);
        QCOMPARE(stateOf(t.server.session, 1), PeerState::Established);
        pick(t.window(), t.first); // the list is about the first pane
        QTest::keyClick(&t.window(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(stateOf(t.server.session, 1), PeerState::Closed);
    }

    void closed()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        auto *message = part<MessageEdit>(t.pane(), "message");
        message->setFocus();
        QTest::keyClicks(message, QStringLiteral("begun"));
        QTest::keyClick(message, Qt::Key_Escape);
        QVERIFY(beside(t.window()));
        auto *close = part<QAbstractButton>(t.pane(), "closeBeside");
        QCOMPARE(close->accessibleName(), QStringLiteral("Close this conversation"));
        QTest::mouseClick(close, Qt::LeftButton);
        QVERIFY(!beside(t.window()));
        QVERIFY(t.window().pane()->isAncestorOf(t.window().focusWidget()));
        QVERIFY(!t.window().actions().closeBeside->isEnabled());
        t.two.session.send({nth(t.two.session, 1)}, "news");
        QTRY_COMPARE(t.server.session.peers()->find(t.second)->unread, 1U); // nobody looks at it any more
        QVERIFY(t.open());
        QCOMPARE(message->toPlainText(), QStringLiteral("begun")); // it was not lost
        QCOMPARE(t.server.session.peers()->find(t.second)->unread, 0U);
        QTest::keyClick(&t.window(), Qt::Key_W, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!beside(t.window()));
        QVERIFY(t.window().isVisible());
    }

    void takenOutOfTheList()
    {
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        t.two.session.resetPeers({nth(t.two.session, 1)});
        QTRY_COMPARE(stateOf(t.server.session, 2), PeerState::Closed);
        QTest::keyClick(&t.window(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        pressNoticeAction(t.window());
        QTRY_VERIFY(!beside(t.window()));
        QCOMPARE(t.window().pane()->conversation(), t.first);
    }

    void ofASavedSession()
    {
        const QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("test.ini")));
        SavedSessions sessions(settings);
        sessions.setOpener(MadeSource::opener({.peers = 3, .messages = 30}));
        SavedSessionWindow &window = *sessions.open(QStringLiteral("/kept/made.pcapng"));
        QTRY_COMPARE(window.session().state(), OpenedSession::State::Done);
        QVERIFY(activate(window));
        pick(window, 2);
        QTest::keyClick(&window, Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(beside(window));
        pick(window, 3);
        QCOMPARE(beside(window)->conversation(), PeerId{2});
        QCOMPARE(window.pane()->conversation(), PeerId{3});
        QVERIFY(!part<QWidget>(*beside(window), "message")->isVisible());
        QCOMPARE(beside(window)->model()->count(), 1 + 10 + 1);
    }

    void fitsIntoTheWindow()
    {
        Two t;
        QVERIFY(t.begin());
        t.window().resize(1080, 720);
        QVERIFY(t.open());
        QCOMPARE(t.window().width(), 1080);
        const ConversationPane &first = *t.window().pane();
        QVERIFY(t.pane().geometry().left() > first.geometry().right());
        QVERIFY(std::abs(t.pane().width() - first.width()) <= 40);
        for (const ConversationPane *pane : {&first, static_cast<const ConversationPane *>(&t.pane())}) {
            for (const char *name : {"showAs", "encoding", "disconnect", "send"}) {
                const QWidget *control = part<QWidget>(*pane, name);
                // Laid out once it has been told of its width.
                QTRY_VERIFY2(control->mapTo(pane, QPoint(control->width(), 0)).x() <= pane->width(), name);
            }
        }
    }

    void picture()
    {
        const QString folder = qEnvironmentVariable("TINCAN_PICTURES");
        if (folder.isEmpty()) {
            QSKIP("TINCAN_PICTURES names no folder");
        }
        Two t;
        QVERIFY(t.begin());
        QVERIFY(t.open());
        type(t.pane(), QStringLiteral("for two"));
        type(*t.window().pane(), QStringLiteral("for one"));
        QTRY_COMPARE(test::received(*t.two.window), QByteArray("for two\n"));
        for (int width : {1080, 800}) {
            t.window().resize(width, 640);
            QVERIFY(t.window().grab().save(folder + QStringLiteral("/beside%1.png").arg(width)));
        }
    }
};

QTEST_MAIN(BesideTest)
#include "beside.moc"

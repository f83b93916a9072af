// SPDX-License-Identifier: MIT
// The menu of the Disconnect button holds the ways to end, says what each does, and offers what makes sense.
#include "windows.h"

#include <QAction>
#include <QMenu>

#include "session/peerwords.h"
#include "ui/rowtext.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// nullptr where there is none that begins so.
QAction *entry(const QWidget &window, const QString &beginning)
{
    for (QAction *action : part<QMenu>(window, "waysToEnd")->actions()) {
        if (action->text().remove(u'&').startsWith(beginning)) {
            return action;
        }
    }
    return nullptr;
}

bool isOffered(const QWidget &window, const QString &beginning)
{
    const QAction *action = entry(window, beginning);
    return action && action->isEnabled();
}

// A click on the entry of the menu, as a hand would.
void choose(const SessionWindow &window, const QString &beginning)
{
    auto *menu = part<QMenu>(window, "waysToEnd");
    menu->popup(window.mapToGlobal(QPoint(20, 20)));
    QAction *action = entry(window, beginning);
    QTRY_VERIFY(menu->isVisible());
    QVERIFY2(action && action->isEnabled(), qPrintable(beginning));
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
    QTRY_VERIFY(!menu->isVisible());
}

// A server and one client of it, both looked at.
struct Pair {
    Server server;
    Client client;

    bool open()
    {
        return meet(server, client)
            && QTest::qWaitFor([this] { return isOffered(*server.window, QStringLiteral("Stop reading")); });
    }
    PeerState serversState() const { return stateOf(server.session, 1); }
    PeerState clientsState() const { return stateOf(client.session, 1); }
};

} // namespace

class WaysToEndTest : public QObject
{
    Q_OBJECT

private slots:
    void eachSaysWhatGoesOverTheWire()
    {
        Server server;
        const auto *menu = part<QMenu>(*server.window, "waysToEnd");
        QVERIFY(menu->toolTipsVisible());
        QSet<QString> tips;
        const QStringList words{QStringLiteral("FIN"), QStringLiteral("SHUT_RD)"), QStringLiteral("SHUT_RDWR"),
                                QStringLiteral("FIN"), QStringLiteral("RST"),      QStringLiteral("window")};
        for (int at = 0; at < 6; ++at) {
            const QAction *action = menu->actions().at(at);
            QVERIFY2(action->toolTip().contains(words.at(at)), qPrintable(action->toolTip()));
            QCOMPARE(action->statusTip(), action->toolTip());
            QVERIFY2(!action->isEnabled(), qPrintable(action->text())); // nobody is there
            tips.insert(action->toolTip());
        }
        QCOMPARE(tips.size(), 6);
    }

    void readingIsStoppedAndGoesOn()
    {
        Pair pair;
        QVERIFY(pair.open());
        choose(*pair.server.window, QStringLiteral("Stop reading"));
        QTRY_VERIFY(isOffered(*pair.server.window, QStringLiteral("Read on")));
        QVERIFY(entry(*pair.server.window, QStringLiteral("Read on"))->isChecked());
        QTRY_VERIFY2(spoken(*pair.server.window, 1).contains(QStringLiteral("ESTABLISHED, not reading")),
                     qPrintable(spoken(*pair.server.window, 1)));
        QVERIFY(spokenRows(*pair.server.window).last().contains(QStringLiteral("the window closes")));
        type(*pair.client.window, QStringLiteral("hello"));
        QTRY_COMPARE(pair.client.session.peers()->find(nth(pair.client.session, 1))->messagesOut, quint64(1));
        choose(*pair.server.window, QStringLiteral("Read on"));
        QTRY_COMPARE(received(*pair.server.window), QByteArray("hello\n"));
        QTRY_VERIFY(isOffered(*pair.server.window, QStringLiteral("Stop reading")));
        QVERIFY(!entry(*pair.server.window, QStringLiteral("Stop reading"))->isChecked());
        QVERIFY(!spoken(*pair.server.window, 1).contains(QStringLiteral("not reading")));
    }

    void receivingEnds()
    {
        Pair pair;
        QVERIFY(pair.open());
        choose(*pair.server.window, QStringLiteral("Stop receiving (SHUT_RD)"));
        QTRY_VERIFY(spoken(*pair.server.window, 1).contains(QStringLiteral("receiving ended")));
        QTRY_VERIFY(!isOffered(*pair.server.window, QStringLiteral("Stop receiving")));
        QVERIFY(!isOffered(*pair.server.window, QStringLiteral("Stop reading")));
        QVERIFY(isOffered(*pair.server.window, QStringLiteral("Both")));
        QVERIFY(spokenRows(*pair.server.window).last().contains(QStringLiteral("nothing goes over the wire")));
        type(*pair.server.window, QStringLiteral("one way"));
        QTRY_COMPARE(received(*pair.client.window), QByteArray("one way\n"));
    }

    void bothEnd()
    {
        Pair pair;
        QVERIFY(pair.open());
        choose(*pair.server.window, QStringLiteral("Both (SHUT_RDWR)"));
        QTRY_COMPARE(pair.serversState(), PeerState::Closed);
        QTRY_COMPARE(pair.clientsState(), PeerState::CloseWait);
        QTRY_VERIFY(!isOffered(*pair.server.window, QStringLiteral("Both")));
    }

    void aResetIsSeenByThePeer()
    {
        Pair pair;
        QVERIFY(pair.open());
        choose(*pair.server.window, QStringLiteral("Reset (SO_LINGER 0)"));
        QTRY_COMPARE(pair.clientsState(), PeerState::Closed);
        QCOMPARE(pair.client.session.peers()->peer(1).left, LeftReason::ResetByPeer);
    }

    void byKeys()
    {
        Pair pair;
        QVERIFY(pair.open());
        QVERIFY(activate(*pair.server.window));
        QTest::keyClick(pair.server.window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(pair.server.session.peers()->peer(1).readingStopped);
        QTRY_VERIFY(pair.server.window->actions().stopReading->isChecked());
        QTest::keyClick(pair.server.window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!pair.server.session.peers()->peer(1).readingStopped);
        QTest::keyClick(pair.server.window.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(pair.server.session.peers()->peer(1).receivingEnded);
    }

    void onlyTheOpenOnesAreChangedOfSeveral()
    {
        Pair pair;
        QVERIFY(pair.open());
        QVERIFY(pair.client.connectAndWait(pair.server.port()) != kNoPeer);
        QTRY_COMPARE(pair.server.session.peers()->openCount(), 2);
        choose(*pair.server.window, QStringLiteral("Reset"));
        QTRY_COMPARE(pair.server.session.peers()->openCount(), 1);
        pick(*pair.server.window, nth(pair.server.session, 1));
        pick(*pair.server.window, nth(pair.server.session, 2), Qt::ControlModifier);
        QTRY_VERIFY(isOffered(*pair.server.window, QStringLiteral("Stop reading")));
        choose(*pair.server.window, QStringLiteral("Stop reading"));
        QTRY_VERIFY(pair.server.session.peers()->peer(2).readingStopped);
        QVERIFY(!pair.server.session.peers()->peer(1).readingStopped);
    }
};
QTEST_MAIN(WaysToEndTest)
#include "waystoend.moc"
